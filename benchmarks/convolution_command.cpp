#include "benchmarks/convolution_command.hpp"

#include <algorithm>
#include <iostream>

#include "benchmarks/command_checks.hpp"
#include "benchmarks/convolution_plan.hpp"
#include "benchmarks/convolution_stages.hpp"
#include "benchmarks/peers/overlap_add.hpp"
#include "benchmarks/peers/transforms.hpp"
#include "benchmarks/program_worker.hpp"
#include "benchmarks/render_floors.hpp"
#include "benchmarks/scaling.hpp"
#include "benchmarks/standard_session.hpp"
#include "benchmarks/tutti_worker.hpp"
#include "engine/errors.hpp"
#include "host/user_cache.hpp"

namespace tutti::bench {

ConvolutionCommand::ConvolutionCommand(CLI::App& app, const ProgramPlaces& places)
    : command_(
          app.add_subcommand("convolution", "Convolve rows with kernels, beside everyone else who can")) {
    options_.places = places;
    if (const auto folder = user_cache_folder()) options_.wisdom_file = *folder / "bench-fftw-wisdom";
    add_case_options();
    add_contestant_options();
    command_->add_option("--repeat", options_.repeat_count, "Timed runs of each")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command_->add_option("--json", options_.json, "Write every measurement to this file");
    command_->add_option("--markdown", options_.markdown, "Write the tables to this file");
    command_->add_option("--png", options_.picture,
                         "Draw throughput against the kernels' length into this file");
}

void ConvolutionCommand::add_case_options() {
    CLI::Option* full = command_->add_flag(
        "--full", full_, "256 rows of 60 s with kernels of 0.1 to 9 s, instead of what takes under a minute");
    command_
        ->add_option("--level", levels_,
                     "memory (rows to rows), files (whole processes, files to a file), or both")
        ->delimiter(',')
        ->check(CLI::IsMember({"memory", "files"}));
    command_->add_option("--rows", rows_, "Channels; with this or the next two, every combination is a case")
        ->delimiter(',')
        ->check(CLI::Range(1, 4096))
        ->excludes(full);
    command_->add_option("--seconds", seconds_, "Their lengths")
        ->delimiter(',')
        ->check(CLI::Range(0.001, 86400.0))
        ->check(a_number())
        ->excludes(full);
    CLI::Option* kernel_seconds =
        command_->add_option("--kernel-seconds", kernel_seconds_, "The kernels' lengths")
            ->delimiter(',')
            ->check(CLI::Range(0.0001, 3600.0))
            ->check(a_number())
            ->excludes(full);
    command_->add_option("--stems", options_.sources.stems, "A folder of stems instead of noise")
        ->check(CLI::ExistingDirectory);
    command_->add_option("--kernel", options_.sources.kernel, "An impulse response instead of decaying noise")
        ->check(CLI::ExistingFile)
        ->excludes(kernel_seconds);
    command_
        ->add_option("--kernels", kernels_, "shared (even rows one, odd rows the other) or own (one per row)")
        ->check(CLI::IsMember({"shared", "own"}))
        ->capture_default_str();
}

void ConvolutionCommand::add_contestant_options() {
    command_->add_option("--device", options_.choice.devices, "As in tutti render; several are allowed")
        ->delimiter(',')
        ->check(a_device())
        ->capture_default_str();
    const std::vector<std::string> known = {peer_keys.begin(), peer_keys.end()};
    command_
        ->add_option_function<std::vector<std::string>>(
            "--against",
            [this](const std::vector<std::string>& peers) {
                const bool none = std::find(peers.begin(), peers.end(), "none") != peers.end();
                if (none && peers.size() > 1) {
                    throw CLI::ValidationError("--against", "none does not go with others");
                }
                options_.choice.peers = none ? std::vector<std::string>() : peers;
            },
            "Which peers, or none; all that are here when absent")
        ->delimiter(',')
        ->check(CLI::IsMember([&] {
            std::vector<std::string> words = known;
            words.emplace_back("none");
            return words;
        }()));
    command_->add_option("--threads", options_.thread_count, "For everyone; one per core when 0")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
    command_->add_flag("--list", list_, "Say who could take part here, with versions, and do no more");
    CLI::Option* const plan = command_->add_flag(
        "--plan", show_plans_,
        "Show the planner's candidates for each case, predicted and measured, and do no more");
    command_
        ->add_flag(
            "--stages", show_stages_,
            "Show the stages of a Vulkan device: time, bytes moved, share of its copy bandwidth; no more")
        ->excludes(plan);
    CLI::Option* scaling = command_->add_flag(
        "--scaling", scaling_,
        "Tutti alone, from 1 to 1024 rows and with kernels from 10 ms to 60 s: what a channel second costs");
    for (const char* other : {"--full", "--level", "--rows", "--seconds", "--kernel-seconds", "--stems",
                              "--kernel", "--kernels", "--against", "--list", "--plan", "--stages"}) {
        scaling->excludes(command_->get_option(other));
    }
}

std::vector<ConvolutionCase> ConvolutionCommand::cases() const {
    const bool own = !rows_.empty() || !seconds_.empty() || !kernel_seconds_.empty() ||
                     !options_.sources.stems.empty() || !options_.sources.kernel.empty();
    std::vector<std::string> levels = levels_;
    if (levels.empty()) levels = {"memory", "files"};
    std::vector<ConvolutionCase> all;
    for (const std::string& word : levels) {
        const Level level = word == "files" ? Level::files : Level::memory;
        const std::vector<ConvolutionCase> some =
            full_ ? full_cases(level)
            : own ? combinations(level, rows_.empty() ? std::vector{32} : rows_,
                                 seconds_.empty() ? std::vector{10.0} : seconds_,
                                 kernel_seconds_.empty() ? std::vector{hall_seconds} : kernel_seconds_)
                  : default_cases(level);
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

int ConvolutionCommand::run(std::ostream& out) {
    if (list_) {
        list_contestants(options_.places, options_.choice, out);
        return 0;
    }
    for (const auto& file : {options_.json, options_.markdown, options_.picture}) check_can_be_written(file);
    if (scaling_) return benchmark_scaling(options_, out) ? 0 : 1;
    options_.cases = cases();
    if (show_plans_ || show_stages_) {
        std::erase_if(options_.cases,
                      [](const ConvolutionCase& which) { return which.level != Level::memory; });
        show_plans_ ? show_plans(options_, out) : show_stages(options_, out);
        return 0;
    }
    options_.sources.own_kernels = kernels_ == "own";
    options_.whole_stems = !options_.sources.stems.empty() && seconds_.empty();
    options_.whole_kernel = !options_.sources.kernel.empty();
    return benchmark_convolution(options_, out) ? 0 : 1;
}

void serve_worker(const std::vector<std::string>& words) {
    const std::string kind = words.empty() ? "" : words[0];
    const std::span<const std::string> rest =
        std::span(words).subspan(std::min<std::size_t>(1, words.size()));
    if (kind == "programs" && !rest.empty()) {
        serve_programs(rest, std::cin, std::cout);
    } else if ((kind == "tutti" || kind == "tutti-from-host") && !rest.empty()) {
        const TimedPart part = kind == "tutti" ? TimedPart::resident : TimedPart::from_host;
        serve_tutti(rest[0], part, parse_job(rest.subspan(1)), std::cin, std::cout);
    } else if (kind == "overlap-add") {
        serve_overlap_add(parse_job(rest), std::cin, std::cout);
    } else if (kind == "decode") {
        decode_all({rest.begin(), rest.end()});
    } else if (kind == "standard-mix" && rest.size() == 5) {
        write_standard_mix({rest[1], std::stoi(rest[2]), std::stod(rest[3]), std::stoull(rest[4])}, rest[0]);
    } else if (kind == "transforms") {
        serve_transforms(parse_job(rest), std::cin, std::cout);
    } else {
        throw InputError("worker is for tutti-bench itself, not for users");
    }
}

}  // namespace tutti::bench
