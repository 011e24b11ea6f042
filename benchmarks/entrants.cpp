#include "benchmarks/entrants.hpp"

#include <memory>
#include <string>

#include "benchmarks/peers/overlap_add.hpp"
#include "benchmarks/peers/real_fft.hpp"

namespace tutti::bench {

namespace {

/// What FFTW does for longer than one likes to wait without a word, unless its wisdom is kept from before.
std::string slow_start_of(const ContestantProgram& program, const ConvolutionJob& job) {
    constexpr std::int64_t slow_frames = 1 << 22;
    const std::int64_t frames = overlap_add_transform_frames(job.tap_count);
    if (frames < slow_frames) return "";
    const std::string limit = std::to_string(static_cast<int>(planning_limit_s)) + " s each";
    if (program.key == "fftw") {
        return "plans transforms of " + std::to_string(frames) +
               " frames, forward and inverse, for at most " + limit;
    }
    if (program.key == "bound") return "plans transforms of some ten sizes, for at most " + limit;
    return "";
}

}  // namespace

std::vector<Entrant> entrants_in_memory(const std::vector<ContestantProgram>& programs, PreparedJob& prepared,
                                        const std::filesystem::path& wisdom_file) {
    ConvolutionJob job = prepared.job();
    job.wisdom_file = wisdom_file;
    const std::vector<std::string> words = to_arguments(job);
    std::vector<Entrant> entrants;
    for (const ContestantProgram& program : programs) {
        entrants.push_back({program,
                            {[&prepared] { prepared.spoil_results(); },
                             [&prepared] { return prepared.signal_to_error_db(); }},
                            slow_start_of(program, job)});
        std::vector<std::string>& command = entrants.back().program.command;
        command.insert(command.end(), words.begin(), words.end());
    }
    return entrants;
}

std::vector<Entrant> entrants_on_files(const std::vector<FilesContestant>& contestants, const FilesJob& job) {
    const auto exact = std::make_shared<const std::vector<std::vector<double>>>(exact_mix(job));
    const std::int64_t frame_count = job.result_frames();
    std::vector<Entrant> entrants;
    for (const auto& [program, results] : contestants) {
        const auto remove_results = [results = results] {
            for (const std::filesystem::path& file : results) std::filesystem::remove(file);
        };
        const auto look = [results = results, exact, frame_count] {
            return signal_to_error_db(*exact, read_mix(results, frame_count));
        };
        entrants.push_back({program, {remove_results, look}, ""});
    }
    return entrants;
}

}  // namespace tutti::bench
