#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/backend.hpp"
#include "tests/signals.hpp"

namespace tutti::tests {

using Pcm = std::vector<std::byte>;

/// Every format that a PcmLoader takes.
std::vector<PcmFormat> pcm_formats();

/// "24 bit, big endian"
std::string name_of(const PcmFormat& format);

/// Samples: first those that signs and rounding are hardest for, then any bits that are finite numbers.
Pcm hard_pcm(const PcmFormat& format, std::size_t sample_count, std::uint32_t seed);

/// What a PcmLoader makes of interleaved frames, `inputs` [source], chunk after chunk, zeros after their
/// ends: [row][frame], as long as whole chunks of the longest.
Signals run_pcm_loader(Backend& backend, const RowsShape& shape, const std::vector<PcmSource>& sources,
                       const std::vector<Pcm>& inputs);

}  // namespace tutti::tests
