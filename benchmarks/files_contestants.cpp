#include "benchmarks/files_contestants.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "benchmarks/brutefir_job.hpp"
#include "benchmarks/convolution_case.hpp"
#include "benchmarks/ffmpeg_graph.hpp"
#include "benchmarks/process.hpp"
#include "benchmarks/program_worker.hpp"
#include "host/audio_writer.hpp"
#include "host/render.hpp"
#include "host/version.hpp"

namespace tutti::bench {

namespace {

namespace fs = std::filesystem;

/// The job as a session: the stems from `first` on, `count` of them.
fs::path write_session_of(const FilesJob& job, std::size_t first, std::size_t count, const WorkFolder& work) {
    std::ostringstream text;
    text.precision(17);
    text << "[session]\nname = \"J1\"\nsample_rate = " << case_rate_hz << "\n";
    for (std::size_t stem = first; stem < first + count; ++stem) {
        text << "\n[[track]]\nname = \"Stem " << stem + 1 << "\"\nfile = " << job.stems[stem]
             << "\ngain_db = " << 20.0 * std::log10(files_job_gain)
             << "\n  [[track.insert]]\n  type = \"convolution\"\n  file = " << job.kernel << "\n";
    }
    const fs::path file =
        work / ("stems-" + std::to_string(first) + "-to-" + std::to_string(first + count) + ".toml");
    write_text_file(file, text.str());
    return file;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// Runs the commands at the same time, in a process of tutti-bench's between.
std::vector<std::string> served(const ProgramPlaces& places,
                                const std::vector<std::vector<std::string>>& commands) {
    std::vector<std::string> words = {places.tutti_bench.string(), "worker", "programs"};
    for (const std::string& word : program_words(commands)) words.push_back(word);
    return words;
}

FilesContestant tutti(const ProgramPlaces& places, const std::string& device, const FilesJob& job,
                      const WorkFolder& work) {
    FilesContestant contestant{{"tutti", "tutti render " + device}, {work / ("tutti-" + device + ".wav")}};
    contestant.program.is_tutti = true;
    contestant.program.version = first_line(version_text()) + ", tutti render";
    if (!fs::exists(places.tutti)) {
        contestant.program.missing = places.tutti.string() + " is not there";
        return contestant;
    }
    const fs::path session = write_session_of(job, 0, job.stems.size(), work);
    contestant.program.command =
        served(places, {{places.tutti.string(), "render", session.string(), "-o",
                         contestant.results[0].string(), "--device", device, "--threads",
                         std::to_string(job.thread_count), "--format", "wav", "--bits", "32f", "--quiet"}});
    return contestant;
}

FilesContestant zita(const ProgramPlaces& places, const FilesJob& job, const WorkFolder& work) {
    FilesContestant contestant{{"zita", "zita-convolver"}, {work / "zita.wav"}};
    const fs::path program = places.tutti_bench.parent_path() / "tutti-bench-zita";
    if (!fs::exists(program)) {
        contestant.program.missing = "libzita-convolver-dev was not there when tutti-bench was built";
        return contestant;
    }
    contestant.program.version =
        first_line_of({program.string(), "--version"}) + ", partitions of 8192, vector mode";
    std::vector<std::string> command = {program.string(),
                                        "mix",
                                        contestant.results[0].string(),
                                        job.kernel.string(),
                                        std::to_string(files_job_gain),
                                        std::to_string(job.thread_count)};
    for (const fs::path& stem : job.stems) command.push_back(stem.string());
    contestant.program.command = served(places, {command});
    return contestant;
}

FilesContestant brutefir(const ProgramPlaces& places, const FilesJob& job, const WorkFolder& work) {
    FilesContestant contestant{{"brutefir", "BruteFIR"}, {}};
    ContestantProgram& program = contestant.program;
    // Its starter makes a file in the home folder where there is none.
    const std::vector<std::string> brutefir = {"env", "HOME=" + (work / "").string(), "brutefir",
                                               "-nodefault"};
    std::vector<std::string> nothing_to_do = brutefir;
    nothing_to_do.push_back((work / "no-such-file").string());
    std::istringstream said(output_of(nothing_to_do));
    for (std::string line; std::getline(said, line);) {
        if (line.find("BruteFIR v") != std::string::npos) program.version = line.substr(0, line.find("  "));
    }
    if (program.version.empty()) {
        program.missing = "brutefir is not installed";
    } else if (job.stems.size() > brutefir_most_inputs) {
        program.missing = "it takes " + std::to_string(brutefir_most_inputs) + " stems at most";
    } else {
        program.version += ", partitions of 32768, float, its raw input being there already";
        const BrutefirJob prepared = prepare_brutefir(job, work);
        contestant.results = {prepared.result};
        std::vector<std::string> command = brutefir;
        command.push_back(prepared.config.string());
        program.command = served(places, {command});
    }
    return contestant;
}

/// As many processes as are asked for, each with its part of the stems; what they write is still to be
/// summed.
FilesContestant ffmpeg(std::size_t process_count, const ProgramPlaces& places, const FilesJob& job,
                       const WorkFolder& work) {
    const std::string count = std::to_string(process_count);
    FilesContestant contestant{
        {"ffmpeg", process_count == 1 ? "ffmpeg afir" : "ffmpeg afir, " + count + " processes, not summed"},
        {}};
    ContestantProgram& program = contestant.program;
    const std::string version = first_line(output_of({"ffmpeg", "-version"}));
    if (!version.starts_with("ffmpeg version")) {
        program.missing = "ffmpeg is not installed";
        return contestant;
    }
    program.version = version.substr(0, version.find(" Copyright"));
    const int threads = std::max(1, job.thread_count / static_cast<int>(process_count));
    std::vector<std::vector<std::string>> commands;
    for (std::size_t process = 0; process < process_count; ++process) {
        const std::size_t first = process * job.stems.size() / process_count;
        const std::size_t end = (process + 1) * job.stems.size() / process_count;
        const OpenedSession opened =
            open_session(write_session_of(job, first, end - first, work), [](const std::string&) {});
        const FfmpegJob graph = ffmpeg_job(opened, job.result_frames());
        const std::string name = "ffmpeg-" + std::to_string(process) + "-of-" + count;
        const fs::path graph_file = work / (name + ".txt");
        write_text_file(graph_file, graph.graph);
        contestant.results.push_back(work / (name + ".wav"));
        commands.push_back(graph.command(graph_file, contestant.results.back(), threads));
    }
    program.command = served(places, commands);
    return contestant;
}

}  // namespace

std::vector<FilesContestant> contestants_on_files(const ProgramPlaces& places, const ContestantChoice& choice,
                                                  const FilesJob& job, const WorkFolder& work) {
    std::vector<FilesContestant> contestants;
    for (const std::string& device : choice.devices) contestants.push_back(tutti(places, device, job, work));
    if (choice.has("zita")) contestants.push_back(zita(places, job, work));
    if (choice.has("brutefir")) contestants.push_back(brutefir(places, job, work));
    if (choice.has("ffmpeg")) {
        contestants.push_back(ffmpeg(1, places, job, work));
        const auto processes = std::min(static_cast<std::size_t>(job.thread_count), job.stems.size());
        if (processes > 1) contestants.push_back(ffmpeg(processes, places, job, work));
    }
    return contestants;
}

}  // namespace tutti::bench
