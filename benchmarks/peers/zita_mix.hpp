#pragma once

#include <filesystem>
#include <vector>

namespace tutti::bench {

/// Every stem (mono) through the left and the right kernel, times `gain`, summed to a stereo float WAV file
/// of full length: an engine per thread, stems over all threads, each read where it is convolved. Throws
/// InputError for what cannot be read or written.
void zita_mix(const std::filesystem::path& out, const std::filesystem::path& kernel, float gain,
              int thread_count, const std::vector<std::filesystem::path>& stems);

}  // namespace tutti::bench
