#include <CLI/CLI.hpp>

#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "benchmarks/convolution_command.hpp"
#include "benchmarks/masking_command.hpp"
#include "benchmarks/masking_thresholds_command.hpp"
#include "benchmarks/render.hpp"
#include "engine/errors.hpp"
#include "host/version.hpp"

namespace {

std::filesystem::path beside_this_program(const char* name) {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

void add_render_options(CLI::App& command, tutti::bench::RenderOptions& options, std::string& against) {
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
    const tutti::bench::MaskedThresholdsCommand thresholds(app);
    const tutti::bench::MaskingCommand masking(app);
    try {
        app.parse(argc, argv);
        render.against_ffmpeg = !against.empty();
        if (render_command->parsed() && render.session.empty() && render.recipe.stems.empty()) {
            throw CLI::RequiredError("--session or --stems");
        }
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    return guarded([&] {
        if (convolution.is_asked_for()) return convolution.run(std::cout);
        if (thresholds.is_asked_for()) return thresholds.run(std::cout);
        if (masking.is_asked_for()) return masking.run(std::cout);
        return tutti::bench::benchmark_render(render, std::cout) ? 0 : 1;
    });
}
