#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "host/render.hpp"

namespace tutti::bench {

/// A session as a job for ffmpeg 5.1 or newer.
struct FfmpegJob {
    std::vector<std::filesystem::path> inputs;  ///< in the order of their numbers in the graph
    std::string graph;                          ///< for -filter_complex_script; its result is [mix]

    /// The whole command line. `graph_file` is where `graph` was written, the mix becomes a float WAV file.
    /// Filters get `thread_count` threads, 0 for one per core.
    std::vector<std::string> command(const std::filesystem::path& graph_file,
                                     const std::filesystem::path& mix, int thread_count = 0) const;
};

/// The session with ffmpeg's own filters, set to come as near as they can and to run as fast as they can:
/// biquads for the EQ bands, afir, acompressor, pan, amix, alimiter. Opens the headers of the session's
/// files. Throws InputError naming the strip and what of it ffmpeg has no like of.
FfmpegJob ffmpeg_job(const OpenedSession& opened, std::int64_t frame_count);

}  // namespace tutti::bench
