#include "benchmarks/render_contestants.hpp"

#include <algorithm>
#include <thread>

#include "benchmarks/ardour_session.hpp"
#include "benchmarks/ffmpeg_graph.hpp"
#include "benchmarks/program_worker.hpp"
#include "benchmarks/split_session.hpp"
#include "benchmarks/worker_process.hpp"
#include "engine/errors.hpp"
#include "host/audio_writer.hpp"
#include "host/session_writer.hpp"

namespace tutti::bench {

namespace {

namespace fs = std::filesystem;

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string ffmpeg_version() {
    const std::string version = first_line(output_of({"ffmpeg", "-version"}));
    return version.starts_with("ffmpeg version") ? version.substr(0, version.find(" Copyright")) : "";
}

OpenedSession rendered(const OpenedSession& opened, bool with_dynamics) {
    OpenedSession copy = opened;
    if (!with_dynamics) copy.session = without_dynamics(opened.session);
    return copy;
}

/// A file that a graph can be written for before it is there.
void write_one_frame(const fs::path& file, int sample_rate_hz) {
    AudioWriter writer(file, {FileFormat::wav, SampleFormat::float32, 2, sample_rate_hz}, 1);
    writer.write(std::vector<float>(2, 0.0F), 1, 1);
    writer.commit();
}

/// The parts' mixes through the session's master.
OpenedSession sum_of(const OpenedSession& opened, const std::vector<fs::path>& mixes,
                     std::int64_t frame_count) {
    OpenedSession sum = opened;
    sum.session.tracks.clear();
    sum.session.buses.clear();
    for (const fs::path& mix : mixes) {
        Track track;
        track.name = mix.stem().string();
        track.file = mix;
        sum.session.tracks.push_back(track);
    }
    sum.channels.assign(mixes.size(), 2);
    sum.frame_counts.assign(mixes.size(), frame_count);
    return sum;
}

std::vector<std::string> ffmpeg_command(const OpenedSession& opened, std::int64_t frame_count,
                                        const std::string& name, const fs::path& mix, const WorkFolder& work,
                                        int thread_count) {
    const FfmpegJob graph = ffmpeg_job(opened, frame_count);
    const fs::path graph_file = work / ("ffmpeg-" + name + ".txt");
    write_text_file(graph_file, graph.graph);
    return graph.command(graph_file, mix, thread_count);
}

/// The parts at the same time, then their sum.
std::vector<Stage> split_stages(const OpenedSession& opened, const Rendering& rendering, int process_count,
                                const WorkFolder& work) {
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    const std::vector<OpenedSession> parts = split_session(opened, process_count);
    Stage stage;
    std::vector<fs::path> mixes;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::string name = "part-" + std::to_string(i + 1);
        mixes.push_back(work / ("ffmpeg-" + name + ".wav"));
        write_one_frame(mixes.back(), opened.session.sample_rate_hz);
        stage.push_back(ffmpeg_command(parts[i], rendering.end_frame, name, mixes.back(), work,
                                       std::max(1, cores / static_cast<int>(parts.size()))));
    }
    const OpenedSession sum = sum_of(opened, mixes, rendering.end_frame);
    return {stage, {ffmpeg_command(sum, rendering.end_frame, "sum", rendering.mix, work, cores)}};
}

}  // namespace

Session without_dynamics(const Session& session) {
    Session copy = session;
    const auto bypass = [](Strip& strip) {
        for (Insert& insert : strip.inserts) {
            insert.bypass = insert.bypass || std::holds_alternative<CompressorInsert>(insert.processor) ||
                            std::holds_alternative<GateInsert>(insert.processor) ||
                            std::holds_alternative<LimiterInsert>(insert.processor);
        }
    };
    std::for_each(copy.tracks.begin(), copy.tracks.end(), bypass);
    std::for_each(copy.buses.begin(), copy.buses.end(), bypass);
    bypass(copy.master);
    return copy;
}

RenderContestant tutti_contestant(const RenderJob& job, const std::string& device) {
    RenderContestant contestant{"tutti " + device,
                                first_line(output_of({job.places.tutti.string(), "--version"}))};
    if (contestant.version.empty()) throw InputError(job.places.tutti.string() + " cannot be started");
    const fs::path linear = job.work / "session-without-dynamics.toml";
    write_text_file(linear,
                    write_session(without_dynamics(job.opened.session), fs::absolute(linear).parent_path()));
    contestant.prepare = [job, linear, device](const Rendering& rendering) -> std::vector<Stage> {
        std::vector<std::string> command = {job.places.tutti.string(),
                                            "render",
                                            (rendering.with_dynamics ? job.session_file : linear).string(),
                                            "-o",
                                            rendering.mix.string(),
                                            "--device",
                                            device,
                                            "--format",
                                            "wav",
                                            "--bits",
                                            "32f",
                                            "--quiet"};
        if (rendering.end_frame > 0) {
            const double end_s = static_cast<double>(rendering.end_frame) / job.opened.session.sample_rate_hz;
            command.insert(command.end(), {"--to", std::to_string(end_s)});
        }
        return {{command}};
    };
    return contestant;
}

RenderContestant ffmpeg_contestant(const RenderJob& job, int process_count) {
    const bool one = process_count == 1;
    RenderContestant contestant{
        one ? "ffmpeg, one process" : "ffmpeg, " + std::to_string(process_count) + " processes, summed",
        ffmpeg_version()};
    if (contestant.version.empty()) {
        contestant.missing = "ffmpeg is not installed";
    } else if (!one && split_session(job.opened, process_count).size() == 1) {
        contestant.missing = "all tracks meet in one bus with dynamics, so the graph cannot be split";
    } else {
        contestant.prepare = [job, process_count](const Rendering& rendering) -> std::vector<Stage> {
            const OpenedSession opened = rendered(job.opened, rendering.with_dynamics);
            if (process_count > 1) return split_stages(opened, rendering, process_count, job.work);
            return {{ffmpeg_command(opened, rendering.end_frame, "whole", rendering.mix, job.work, 0)}};
        };
    }
    return contestant;
}

RenderContestant ardour_contestant(const RenderJob& job) {
    RenderContestant contestant{"Ardour's export", ""};
    contestant.is_slow = true;
    contestant.try_count = 3;  // ardour7-export 7.3 now and then crashes when it has all but ended
    const std::string said = first_line(output_of({"ardour7-export", "--version"}));
    if (said.find("ardour") == std::string::npos) {
        contestant.missing = "ardour7-export is not installed (Debian's packages ardour and x42-plugins)";
        return contestant;
    }
    contestant.version = said;
    const fs::path folder = fs::absolute(job.work / "ardour");
    fs::create_directories(folder);
    const auto session = std::make_shared<ArdourSession>(job.opened, folder);
    contestant.prepare = [session](const Rendering& rendering) -> std::vector<Stage> {
        const std::string version = rendering.with_dynamics ? "whole" : "linear";
        return {
            {session->prepare_export(version, rendering.end_frame, rendering.with_dynamics, rendering.mix)}};
    };
    return contestant;
}

Cost run_stages(const std::vector<Stage>& stages, const ProgramPlaces& places, const WorkFolder& work) {
    Cost sum;
    for (const Stage& stage : stages) {
        std::vector<std::string> words = {places.tutti_bench.string(), "worker", "programs"};
        for (const std::string& word : program_words(stage)) words.push_back(word);
        const Cost cost = WorkerProcess(words, work / "programs.log").run();
        sum.wall_s += cost.wall_s;
        sum.cpu_s += cost.cpu_s;
        sum.peak_memory_mib = std::max(sum.peak_memory_mib, cost.peak_memory_mib);
    }
    return sum;
}

}  // namespace tutti::bench
