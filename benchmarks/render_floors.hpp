#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "benchmarks/contestants.hpp"
#include "host/session.hpp"

namespace tutti::bench {

/// Reads every stem's bytes, then writes the bytes of `mix` to `copy` and waits until they are on the disk.
std::vector<std::string> read_command(const std::vector<std::filesystem::path>& stems,
                                      const std::filesystem::path& mix, const std::filesystem::path& copy);

/// Decodes the stems as Tutti does, on all cores, and does nothing with what comes out.
std::vector<std::string> decode_command(const ProgramPlaces& places,
                                        const std::vector<std::filesystem::path>& stems);

/// What decode_command() runs.
void decode_all(const std::vector<std::string>& files);

/// Wall time of the forward and inverse FFTs that the session's fused kernels need at least, on all cores, by
/// FFTW with measured plans; kernels of like length (within a factor of two) are taken at their mean.
/// `channels`: of each track. Plans are kept in `wisdom_file`.
double transforms_s(const Session& session, const std::vector<int>& channels, std::int64_t frame_count,
                    const std::filesystem::path& wisdom_file);

}  // namespace tutti::bench
