#include <CLI/CLI.hpp>

#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

<<<<<<< HEAD
#include "benchmarks/convolution.hpp"
#include "benchmarks/convolution_plan.hpp"
#include "benchmarks/convolution_stages.hpp"
#include "benchmarks/peers/overlap_add.hpp"
#include "benchmarks/peers/transforms.hpp"
    =======
#include "benchmarks/convolution_command.hpp"
    >>>>>>> 08ad4a56584c87e688c0845ae56b7eeb4e3d2e14
#include "benchmarks/render.hpp"
#include "engine/errors.hpp"
#include "host/version.hpp"

    namespace {

<<<<<<< HEAD
    /// The cases as words of the command line.
    struct CaseWords {
        bool full = false;
        bool show_plans = false;
        bool show_stages = false;
        std::vector<int> rows;
        std::vector<double> seconds;
        std::vector<double> kernel_seconds;

        std::vector<tutti::bench::ConvolutionCase> cases() const {
            if (full) return tutti::bench::full_cases();
            if (rows.empty() && seconds.empty() && kernel_seconds.empty())
                return tutti::bench::default_cases();
            return tutti::bench::combinations(
                rows.empty() ? std::vector{16} : rows, seconds.empty() ? std::vector{20.0} : seconds,
                kernel_seconds.empty() ? std::vector{112561.0 / 48000.0} : kernel_seconds);
        }
    };

=======
>>>>>>> 08ad4a56584c87e688c0845ae56b7eeb4e3d2e14
    std::filesystem::path beside_this_program(const char* name) {
        return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
    }

    void add_render_options(CLI::App & command, tutti::bench::RenderOptions & options,
                            std::string & against) {
        CLI::Option* session = command.add_option("--session", options.session, "Time this session");
        CLI::Option* stems = command.add_option(
            "--stems", options.recipe.stems,
            "Make a session from this folder: an EQ, a convolution and a compressor per track");
        CLI::Option* response = command.add_option("--ir", options.recipe.impulse_response,
                                                   "The impulse response of its convolutions");
        command
            .add_option("--tracks", options.recipe.track_count,
                        "Its number of tracks; the stems are repeated to fill them")
            ->check(CLI::Range(1, 1000))
            ->excludes(session);
        stems->needs(response)->excludes(session);
        response->needs(stems);
        command.add_option("--device", options.device, "As in tutti render")->capture_default_str();
        command.add_option("--against", against, "The program to time beside it")
            ->check(CLI::IsMember({"ffmpeg"}));
        command.add_option("--repeat", options.repeat_count, "Timed runs of each")
            ->check(CLI::Range(1, 1000))
            ->capture_default_str();
        command.add_option("--json", options.json, "Write every measurement to this file");
        command.add_option("--keep", options.keep, "Keep the session, the mixes and the logs in this folder");
        options.tutti = beside_this_program("tutti");
        command.add_option("--tutti", options.tutti, "The program to time")->capture_default_str();
    }

<<<<<<< HEAD
    void add_convolution_options(CLI::App & command, tutti::bench::ConvolutionOptions & options,
                                 CaseWords & words) {
        CLI::Option* full = command.add_flag("--full", words.full, "The large cases");
        command.add_flag(
            "--stages", words.show_stages,
            "Show the stages of a Vulkan device: time, bytes moved, share of its copy bandwidth");
        command.add_flag(
            "--plan", words.show_plans,
            "Show the planner's candidates for each case, predicted and measured, instead of timing peers");
        command
            .add_option("--rows", words.rows, "Rows (channels); any of these three makes cases of one's own")
            ->delimiter(',')
            ->check(CLI::Range(1, 4096))
            ->excludes(full);
        command.add_option("--seconds", words.seconds, "Their length")
            ->delimiter(',')
            ->check(CLI::Range(0.001, 86400.0))
            ->excludes(full);
        command.add_option("--kernel-seconds", words.kernel_seconds, "The length of the kernels")
            ->delimiter(',')
            ->check(CLI::Range(0.00001, 3600.0))
            ->excludes(full);
        command.add_option("--device", options.devices, "As in tutti render; several are allowed")
            ->delimiter(',')
            ->capture_default_str();
        command.add_option("--threads", options.thread_count, "For everyone; 0: one per core")
            ->check(CLI::Range(0, 1024))
            ->capture_default_str();
        command.add_option("--repeat", options.repeat_count, "Timed runs of each")
            ->check(CLI::Range(1, 1000))
            ->capture_default_str();
    }

    /// tutti-bench worker KIND [DEVICE] JOB...: what the benchmark of convolution starts of itself.
    int work(std::vector<std::string> words) {
        using namespace tutti::bench;
        const std::string kind = words.empty() ? "" : words[0];
        const std::size_t own = kind.starts_with("tutti") ? 2 : 1;
        if (words.size() < own) throw tutti::InputError("tutti-bench worker is for tutti-bench itself");
        const ConvolutionJob job = parse_job(std::span(words).subspan(own));
        if (kind == "tutti") {
            serve_tutti(words[1], TimedPart::resident, job, std::cin, std::cout);
        } else if (kind == "tutti-from-host") {
            serve_tutti(words[1], TimedPart::from_host, job, std::cin, std::cout);
        } else if (kind == "overlap-add") {
            serve_overlap_add(job, std::cin, std::cout);
        } else if (kind == "transforms") {
            serve_transforms(job, std::cin, std::cout);
        } else {
            throw tutti::InputError("tutti-bench worker is for tutti-bench itself");
=======
    /// The exit status of `body`, or of what it throws.
    template <typename Body>
    int guarded(const Body& body) {
        try {
            return body();
        } catch (const tutti::DeviceError& error) {
            std::cerr << "tutti-bench: " << error.what() << "\n";
            return 3;
        } catch (const std::exception& error) {
            std::cerr << "tutti-bench: " << error.what() << "\n";
            return 2;
>>>>>>> 08ad4a56584c87e688c0845ae56b7eeb4e3d2e14
        }
    }

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (!words.empty() && words[0] == "worker") {
        return guarded([&] {
            tutti::bench::serve_worker({words.begin() + 1, words.end()});
            return 0;
        });
    }
    CLI::App app{"Times Tutti, and others beside it, on this machine.", "tutti-bench"};
    app.set_version_flag("--version", tutti::version_text());
    app.require_subcommand(1);
    tutti::bench::RenderOptions render;
    std::string against;
    CLI::App* render_command =
        app.add_subcommand("render", "Render a session, whole processes from files to a file");
    add_render_options(*render_command, render, against);
    tutti::bench::ConvolutionCommand convolution(
        app, {std::filesystem::read_symlink("/proc/self/exe"), render.tutti});
    try {
        app.parse(argc, argv);
        render.against_ffmpeg = !against.empty();
        if (render_command->parsed() && render.session.empty() && render.recipe.stems.empty()) {
            throw CLI::RequiredError("--session or --stems");
        }
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
<<<<<<< HEAD
    try {
        if (convolution_command->parsed()) {
            convolution.cases = words.cases();
            if (words.show_stages) {
                tutti::bench::show_stages(convolution, std::cout);
                return 0;
            }
            if (words.show_plans) {
                tutti::bench::show_plans(convolution, std::cout);
                return 0;
            }
            return tutti::bench::benchmark_convolution(convolution, std::cout) ? 0 : 1;
        }
=======
    return guarded([&] {
        if (convolution.is_asked_for()) return convolution.run(std::cout);
>>>>>>> 08ad4a56584c87e688c0845ae56b7eeb4e3d2e14
        return tutti::bench::benchmark_render(render, std::cout) ? 0 : 1;
    });
}
