#include "benchmarks/render_command.hpp"

#include "benchmarks/command_checks.hpp"
#include "benchmarks/render_growth.hpp"
#include "engine/errors.hpp"
#include "host/user_cache.hpp"

namespace tutti::bench {

namespace {

namespace fs = std::filesystem;

/// The demo's stems, where the package and the build tree have them.
fs::path demo_stems(const fs::path& program) {
    const fs::path folder = program.parent_path();
    for (const fs::path& stems :
         {folder / "../demo/stems", folder / "../../../benchmarks/sessions/demo/stems"}) {
        if (fs::is_directory(stems)) return fs::canonical(stems);
    }
    throw InputError("the demo's stems are not beside this program; --stems takes a folder of others");
}

}  // namespace

RenderCommand::RenderCommand(CLI::App& app, const ProgramPlaces& places)
    : command_(app.add_subcommand("render",
                                  "Render whole sessions, from files to a file, beside ffmpeg and Ardour")) {
    options_.places = places;
    if (const auto folder = user_cache_folder()) options_.wisdom_file = *folder / "bench-fftw-wisdom";
    CLI::Option* const tracks = command_
                                    ->add_option("--tracks", options_.track_counts,
                                                 "Tracks of the standard session; several are a case each")
                                    ->delimiter(',')
                                    ->check(CLI::Range(1, 4096))
                                    ->capture_default_str();
    CLI::Option* const minutes = command_->add_option("--minutes", minutes_, "Length of its stems")
                                     ->check(CLI::Range(0.02, 1440.0))
                                     ->check(a_number())
                                     ->capture_default_str();
    CLI::Option* const seed =
        command_->add_option("--seed", options_.recipe.seed, "The same seed makes the same session")
            ->capture_default_str();
    CLI::Option* const stems =
        command_->add_option("--stems", options_.recipe.stems,
                             "A folder of stems to make the session's of; the demo's when absent");
    command_->add_option("--session", options_.session, "Time this session instead")
        ->excludes(tracks)
        ->excludes(minutes)
        ->excludes(seed)
        ->excludes(stems);
    command_->add_option("--device", options_.device, "As in tutti render")->capture_default_str();
    CLI::Option* const against =
        command_
            ->add_option_function<std::vector<std::string>>(
                "--against",
                [this](const std::vector<std::string>& peers) {
                    options_.peers =
                        peers == std::vector<std::string>{"none"} ? std::vector<std::string>() : peers;
                },
                "What to time beside it: ffmpeg, ardour, bound (the FFTs alone) or none; all when absent")
            ->delimiter(',')
            ->check(CLI::IsMember({"ffmpeg", "ardour", "bound", "none"}));
    command_->add_option("--repeat", options_.repeat_count, "Timed runs of each")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    CLI::Option* const slow = command_
                                  ->add_option("--ardour-repeat", options_.slow_repeat_count,
                                               "Of Ardour, which takes minutes; no more than --repeat")
                                  ->check(CLI::Range(1, 1000))
                                  ->capture_default_str();
    command_
        ->add_option("--check-seconds", options_.check_s,
                     "How much of everyone's mix is compared before timing")
        ->check(CLI::Range(1.0, 86400.0))
        ->check(a_number())
        ->capture_default_str();
    command_->add_option("--json", options_.json, "Write every measurement to this file");
    command_->add_option("--markdown", options_.markdown, "Write the tables to this file");
    command_->add_option("--keep", options_.keep, "Keep sessions, mixes and logs in this folder");
    command_->add_option("--tutti", options_.places.tutti, "The program to time")->capture_default_str();
    CLI::Option* const growth =
        command_
            ->add_flag("--growth", growth_,
                       "Tutti alone, from 32 to 1024 tracks and from 10 s to 10 minutes: time and memory")
            ->excludes(tracks)
            ->excludes(minutes)
            ->excludes(against)
            ->excludes(slow)
            ->excludes(command_->get_option("--session"))
            ->excludes(command_->get_option("--check-seconds"));
    command_->add_option("--png", options_.picture, "Draw the growth into this file")->needs(growth);
}

int RenderCommand::run(std::ostream& out) {
    for (const fs::path& file : {options_.json, options_.markdown, options_.picture})
        check_can_be_written(file);
    if (options_.session.empty() && options_.recipe.stems.empty()) {
        options_.recipe.stems = demo_stems(options_.places.tutti_bench);
    }
    options_.recipe.seconds = 60.0 * minutes_;
    if (growth_) {
        benchmark_growth(options_, out);
        return 0;
    }
    return benchmark_render(options_, out) ? 0 : 1;
}

}  // namespace tutti::bench
