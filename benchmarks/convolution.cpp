#include "benchmarks/convolution.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <thread>

#include "benchmarks/contest.hpp"
#include "benchmarks/convolution_json.hpp"
#include "benchmarks/convolution_picture.hpp"
#include "benchmarks/convolution_results.hpp"
#include "benchmarks/convolution_text.hpp"
#include "benchmarks/entrants.hpp"
#include "benchmarks/files_contestants.hpp"
#include "benchmarks/table.hpp"
#include "engine/errors.hpp"
#include "host/audio_writer.hpp"
#include "host/stem_reader.hpp"
#include "host/stem_survey.hpp"
#include "host/version.hpp"

namespace tutti::bench {

namespace {

/// Lines that come and go on a terminal; none where standard error is a file.
void show_progress(const std::string& text) {
    if (isatty(STDERR_FILENO) != 0) std::cerr << "\r\033[K" << text << std::flush;
}

/// A line of its own, in a file too.
void tell(const std::string& text) {
    show_progress("");
    std::cerr << text << std::endl;
}

std::int64_t longest_stem_frames(const std::filesystem::path& folder) {
    std::int64_t longest = 0;
    for (const std::filesystem::path& file : find_audio_files(folder)) {
        const AudioInfo info = read_audio_info(file);
        longest = std::max(longest, info.frame_count * case_rate_hz / info.sample_rate_hz);
    }
    return longest;
}

std::string material_text(const SampleSources& sources, std::size_t kernel_count) {
    const std::string rows = sources.stems.empty()
                                 ? "Rows: noise with impulses"
                                 : "Rows: the stems in " + sources.stems.filename().string();
    const std::string kernels =
        sources.kernel.empty() ? "decaying noise" : sources.kernel.filename().string();
    return rows + "; kernels: " + kernels + ", " +
           (sources.own_kernels ? "one per row" : std::to_string(kernel_count) + " shared by all rows") + ".";
}

class ConvolutionBenchmark {
  public:
    explicit ConvolutionBenchmark(const ConvolutionOptions& options) : options_(options) {
        thread_count_ = options.thread_count > 0 ? options.thread_count
                                                 : static_cast<int>(std::thread::hardware_concurrency());
        contest_.repeat_count = options.repeat_count;
        contest_.progress = show_progress;
        contest_.tell = tell;
        if (options.whole_stems) whole_frames_ = longest_stem_frames(options.sources.stems);
        report_ = {this_machine(), version_text(), thread_count_, contest_.repeat_count, meter_.source(), {}};
    }

    ConvolutionReport run(std::ostream& out) {
        out << report_heading(report_) << "\n" << std::flush;
        for (const ConvolutionCase& which : options_.cases) {
            report_.cases.push_back(which.level == Level::memory ? in_memory(which) : on_files(which));
            show_progress("");
            out << case_text(report_.cases.back()) << std::flush;
        }
        return report_;
    }

  private:
    std::int64_t frames_of(const ConvolutionCase& which) const {
        return options_.whole_stems ? whole_frames_ : to_frames(which.seconds);
    }

    std::int64_t taps_of(const ConvolutionCase& which) const {
        return options_.whole_kernel ? 0 : to_frames(which.kernel_seconds);
    }

    static CaseResults results_of(ConvolutionCase size, std::int64_t frames, std::int64_t taps) {
        size.seconds = static_cast<double>(frames) / case_rate_hz;
        size.kernel_seconds = static_cast<double>(taps) / case_rate_hz;
        return {size, frames, taps, "", {}};
    }

    CaseResults in_memory(const ConvolutionCase& which) {
        if (programs_.empty()) programs_ = contestants_in_memory(options_.places, options_.choice);
        show_progress("making " + which.text());
        PreparedJob prepared =
            prepare_job(which.row_count, frames_of(which), taps_of(which), options_.sources, thread_count_);
        CaseResults results = results_of(which, prepared.job().frame_count, prepared.job().tap_count);
        results.material =
            material_text(options_.sources, static_cast<std::size_t>(prepared.job().kernel_count));
        results.contestants =
            hold_contest(entrants_in_memory(programs_, prepared, options_.wisdom_file), contest_, &meter_);
        return results;
    }

    CaseResults on_files(const ConvolutionCase& which) {
        const WorkFolder work("");
        show_progress("writing " + which.text());
        const FilesJob job = prepare_files(std::max(1, which.row_count / 2), frames_of(which), taps_of(which),
                                           options_.sources, thread_count_, work);
        CaseResults results = results_of(which, job.frame_count, job.tap_count);
        results.size.row_count = 2 * static_cast<int>(job.stems.size());
        results.material = std::to_string(job.stems.size()) +
                           " mono stems, each through a left and a right kernel, "
                           "times 0.05, summed to one stereo file. " +
                           material_text({options_.sources.stems, options_.sources.kernel, false}, 2);
        results.contestants = hold_contest(
            entrants_on_files(contestants_on_files(options_.places, options_.choice, job, work), job),
            contest_, &meter_);
        return results;
    }

    const ConvolutionOptions& options_;
    int thread_count_;
    ContestOptions contest_;
    EnergyMeter meter_;
    std::int64_t whole_frames_ = 0;
    std::vector<ContestantProgram> programs_;
    ConvolutionReport report_;
};

}  // namespace

bool benchmark_convolution(const ConvolutionOptions& options, std::ostream& out) {
    const ConvolutionReport report = ConvolutionBenchmark(options).run(out);
    if (!options.json.empty()) write_text_file(options.json, report_json(report));
    if (!options.picture.empty()) write_chart(options.picture, throughput_chart(report));
    if (!options.markdown.empty()) write_text_file(options.markdown, report_markdown(report));
    return std::none_of(report.cases.begin(), report.cases.end(), [](const CaseResults& results) {
        return std::any_of(
            results.contestants.begin(), results.contestants.end(),
            [](const Measured& contestant) { return contestant.is_tutti && !contestant.is_timed(); });
    });
}

void list_contestants(const ProgramPlaces& places, const ContestantChoice& choice, std::ostream& out) {
    std::vector<std::vector<std::string>> rows = {{"contestant", "level", "version"}};
    const auto add = [&](const ContestantProgram& program, const char* level) {
        rows.push_back({program.name, level,
                        program.missing.empty() ? program.version : "not here: " + program.missing});
    };
    for (const ContestantProgram& program : contestants_in_memory(places, choice)) add(program, "memory");
    const WorkFolder work("");
    const FilesJob job = prepare_files(2, 16, 16, {}, 2, work);
    for (const FilesContestant& contestant : contestants_on_files(places, choice, job, work)) {
        add(contestant.program, "files");
    }
    out << table_text(rows);
}

}  // namespace tutti::bench
