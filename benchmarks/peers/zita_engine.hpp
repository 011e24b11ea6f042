#pragma once

#include <zita-convolver.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace tutti::bench {

/// libzita-convolver at its best: one partition size, the largest it has, in vector mode. One input, and an
/// output per kernel. `measured`: with FFTW plans that take a second to make. Ready to be reset and started.
/// Throws InputError when it does not take the kernels.
std::unique_ptr<Convproc> make_zita_engine(const std::vector<std::span<const float>>& kernels, bool measured);

inline constexpr unsigned zita_partition = Convproc::MAXPART;

void start(Convproc& engine);
void stop(Convproc& engine);

/// Convolves a row with the engine's kernels. `results`: [kernel][result frame], zeros behind the row being
/// fed until these are full. When `gain` is not 0, what comes out times it is added to the results.
void convolve(Convproc& engine, std::span<const float> row, const std::vector<std::span<float>>& results,
              float gain = 0.0F);

std::string zita_version_text();

}  // namespace tutti::bench
