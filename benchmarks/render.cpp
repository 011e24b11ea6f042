#include "benchmarks/render.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <vector>

#include "benchmarks/ffmpeg_graph.hpp"
#include "benchmarks/machine.hpp"
#include "benchmarks/process.hpp"
#include "benchmarks/statistics.hpp"
#include "benchmarks/third_octaves.hpp"
#include "benchmarks/turns.hpp"
#include "benchmarks/work_folder.hpp"
#include "engine/errors.hpp"
#include "host/render.hpp"
#include "host/session_writer.hpp"
#include "host/stem_reader.hpp"

namespace tutti::bench {

namespace {

namespace fs = std::filesystem;

/// Without dynamics both engines do the same arithmetic but for the biquads' bilinear transform, which bends
/// the top octave: levels further apart are a mistake of ours.
constexpr double linear_limit_db = 1.0;
/// With dynamics they differ as their compressors do (detectors, time constants). Levels further apart are
/// two different mixes, and their times say nothing about each other.
constexpr double limit_db = 6.0;
/// Bands this far under the loudest are not compared.
constexpr double compared_range_db = 50.0;

/// One program that renders the session.
struct Contender {
    std::string name;
    std::string version;
    std::vector<std::string> command;
    fs::path mix;
    fs::path log;
    std::vector<double> wall_s{};
    std::vector<double> cpu_s{};
    double peak_memory_mib = 0.0;

    void run_timed() {
        const Cost cost = run_program(command, log);
        wall_s.push_back(cost.wall_s);
        cpu_s.push_back(cost.cpu_s);
        peak_memory_mib = std::max(peak_memory_mib, cost.peak_memory_mib);
    }
};

Contender make_tutti(const RenderOptions& options, const fs::path& session, const WorkFolder& work) {
    const fs::path mix = work / "tutti.wav";
    return {"tutti " + options.device,
            first_line_of({options.tutti.string(), "--version"}),
            {options.tutti.string(), "render", session.string(), "-o", mix.string(), "--device",
             options.device, "--format", "wav", "--bits", "32f", "--quiet"},
            mix,
            work / "tutti.log"};
}

Contender make_ffmpeg(const fs::path& session, const fs::path& tutti_mix, const WorkFolder& work) {
    const OpenedSession opened = open_session(session, [](const std::string&) {});
    const FfmpegJob job = ffmpeg_job(opened, read_audio_info(tutti_mix).frame_count);
    const fs::path graph_file = work / "graph.txt";
    std::ofstream(graph_file) << job.graph;
    const std::string version = first_line_of({"ffmpeg", "-version"});
    const fs::path mix = work / "ffmpeg.wav";
    return {"ffmpeg", version.substr(0, version.find(" Copyright")), job.command(graph_file, mix), mix,
            work / "ffmpeg.log"};
}

double length_s(const fs::path& audio) {
    const AudioInfo info = read_audio_info(audio);
    return static_cast<double>(info.frame_count) / info.sample_rate_hz;
}

void print_times(const Contender& contender, double mix_s, std::ostream& out) {
    const Summary wall = summarize(contender.wall_s);
    out << std::left << std::setw(12) << contender.name << std::right << std::fixed << std::setprecision(2)
        << std::setw(9) << wall.median << " s (" << wall.lowest << " ... " << wall.highest << ")"
        << std::setw(9) << summarize(contender.cpu_s).median << " s CPU" << std::setprecision(1)
        << std::setw(9) << mix_s / wall.median << " x real time" << std::setprecision(0) << std::setw(8)
        << contender.peak_memory_mib << " MiB\n";
}

void print_ratio(const char* what, const Ratio& ratio, std::size_t pairs, std::ostream& out) {
    out << std::fixed << std::setprecision(2) << "ffmpeg / tutti, " << what << ": " << ratio.median << " ("
        << ratio.low << " ... " << ratio.high << ", " << std::setprecision(0)
        << std::floor(100.0 * ratio.confidence) << " % of " << pairs << " pairs)\n";
}

nlohmann::json to_json(const Contender& contender) {
    return {{"name", contender.name},       {"version", contender.version},
            {"command", contender.command}, {"wall_s", contender.wall_s},
            {"cpu_s", contender.cpu_s},     {"peak_memory_mib", contender.peak_memory_mib}};
}

nlohmann::json to_json(const Ratio& ratio) {
    return {
        {"median", ratio.median}, {"low", ratio.low}, {"high", ratio.high}, {"confidence", ratio.confidence}};
}

/// Renders the session once with everyone, which also fills the file cache.
std::vector<Contender> run_once(const RenderOptions& options, const fs::path& session,
                                const WorkFolder& work) {
    std::vector<Contender> contenders = {make_tutti(options, session, work)};
    run_program(contenders[0].command, contenders[0].log);
    if (options.against_ffmpeg) {
        contenders.push_back(make_ffmpeg(session, contenders[0].mix, work));
        run_program(contenders[1].command, contenders[1].log);
    }
    return contenders;
}

fs::path write_without_dynamics(const fs::path& session_file, const WorkFolder& work) {
    Session session = read_session(session_file);
    const auto bypass_dynamics = [](Strip& strip) {
        for (Insert& insert : strip.inserts) {
            insert.bypass = insert.bypass || std::holds_alternative<CompressorInsert>(insert.processor) ||
                            std::holds_alternative<GateInsert>(insert.processor) ||
                            std::holds_alternative<LimiterInsert>(insert.processor);
        }
    };
    std::for_each(session.tracks.begin(), session.tracks.end(), bypass_dynamics);
    std::for_each(session.buses.begin(), session.buses.end(), bypass_dynamics);
    bypass_dynamics(session.master);
    const fs::path file = work / "session-without-dynamics.toml";
    std::ofstream(file) << write_session(session, fs::absolute(file).parent_path());
    return file;
}

/// Says how far apart the two mixes are. False: too far to go on.
bool levels_agree(const std::vector<Contender>& contenders, const std::string& what, double allowed_db,
                  std::ostream& out, nlohmann::json& report) {
    const LevelDifference difference = compare_levels(
        third_octave_levels(contenders[0].mix), third_octave_levels(contenders[1].mix), compared_range_db);
    report["check"][what] = {{"median_db", difference.median_db},
                             {"greatest_db", difference.greatest_db},
                             {"greatest_at_hz", difference.greatest_at_hz}};
    out << std::fixed << std::setprecision(2) << "check " << what << ": third-octave levels differ by "
        << difference.median_db << " dB (median), at most " << difference.greatest_db << " dB, at "
        << std::setprecision(0) << difference.greatest_at_hz << " Hz\n";
    if (difference.greatest_db <= allowed_db) {
        return true;
    }
    out << "these are two different mixes (more than " << allowed_db << " dB apart), so they are not timed\n";
    return false;
}

}  // namespace

bool benchmark_render(const RenderOptions& options, std::ostream& out) {
    const WorkFolder work(options.keep);
    fs::path session_file = options.session;
    if (session_file.empty()) {
        session_file = work / "session.toml";
        write_mix_session(options.recipe, session_file);
    }
    const Machine machine = this_machine();
    nlohmann::json report = {{"machine", machine.text()}};
    out << "on: " << machine.text() << "\n";

    if (options.against_ffmpeg) {
        const std::vector<Contender> linear =
            run_once(options, write_without_dynamics(session_file, work), work);
        if (!levels_agree(linear, "without dynamics", linear_limit_db, out, report)) {
            return false;
        }
    }
    std::vector<Contender> contenders = run_once(options, session_file, work);
    if (options.against_ffmpeg && !levels_agree(contenders, "with dynamics", limit_db, out, report)) {
        return false;
    }
    for (const Contender& contender : contenders) {
        out << contender.name << " is " << contender.version << "\n";
    }
    const double mix_s = length_s(contenders[0].mix);
    out << "session: " << session_file.filename().string() << ", " << std::fixed << std::setprecision(1)
        << mix_s << " s; " << options.repeat_count << " runs each, in turn\n";

    take_turns(options.repeat_count, contenders, [](Contender& contender) { contender.run_timed(); });

    report["mix_s"] = mix_s;
    for (const Contender& contender : contenders) {
        print_times(contender, mix_s, out);
        report["contenders"].push_back(to_json(contender));
    }
    if (options.against_ffmpeg) {
        const Ratio wall = ratio_of_pairs(contenders[1].wall_s, contenders[0].wall_s);
        const Ratio cpu = ratio_of_pairs(contenders[1].cpu_s, contenders[0].cpu_s);
        print_ratio("wall time", wall, contenders[0].wall_s.size(), out);
        print_ratio("CPU time", cpu, contenders[0].wall_s.size(), out);
        report["ffmpeg_over_tutti"] = {{"wall", to_json(wall)}, {"cpu", to_json(cpu)}};
    }
    if (!options.json.empty() && !(std::ofstream(options.json) << report.dump(2) << "\n").flush()) {
        throw InputError(options.json.string() + " cannot be written");
    }
    return true;
}

}  // namespace tutti::bench
