#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "benchmarks/contestants.hpp"
#include "benchmarks/process.hpp"
#include "benchmarks/work_folder.hpp"
#include "host/render.hpp"

namespace tutti::bench {

/// What a contestant is asked to make of the session.
struct Rendering {
    bool with_dynamics = true;    ///< else compressors, limiters and gates are left out
    std::int64_t end_frame = 0;   ///< where the mix ends
    std::filesystem::path mix{};  ///< a float WAV file
};

/// Programs that run at the same time.
using Stage = std::vector<std::vector<std::string>>;

struct RenderContestant {
    std::string name;
    std::string version;
    std::string missing{};  ///< why it cannot take part; then there is no `prepare`
    bool is_slow = false;   ///< takes so long that it is run less often
    int try_count = 1;      ///< how often it may fail in a row before it is given up
    /// The stages of a rendering, one after the other.
    std::function<std::vector<Stage>(const Rendering&)> prepare{};
};

/// A session that everyone renders.
struct RenderJob {
    const OpenedSession& opened;
    std::filesystem::path session_file;
    const ProgramPlaces& places;
    const WorkFolder& work;
};

/// The session with its compressors, limiters and gates bypassed.
Session without_dynamics(const Session& session);

RenderContestant tutti_contestant(const RenderJob& job, const std::string& device);

/// ffmpeg's filter graph in one process, or split over several whose mixes one more process sums and masters.
/// Throws InputError for what ffmpeg has no like of.
RenderContestant ffmpeg_contestant(const RenderJob& job, int process_count);

/// Ardour's export. Builds the session, which takes minutes. Throws InputError for what Ardour has no like
/// of.
RenderContestant ardour_contestant(const RenderJob& job);

/// Runs the stages in a process between, which is small: the memory that the system reports of a program is
/// at least that of the one that starts it. Throws InputError when a program fails.
Cost run_stages(const std::vector<Stage>& stages, const ProgramPlaces& places, const WorkFolder& work);

}  // namespace tutti::bench
