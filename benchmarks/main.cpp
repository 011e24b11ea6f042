#include <CLI/CLI.hpp>

#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "benchmarks/convolution_command.hpp"
#include "benchmarks/masking_command.hpp"
#include "benchmarks/masking_thresholds_command.hpp"
#include "benchmarks/render_command.hpp"
#include "engine/errors.hpp"
#include "host/version.hpp"

namespace {

std::filesystem::path beside_this_program(const char* name) {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
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
    const tutti::bench::ProgramPlaces places{std::filesystem::read_symlink("/proc/self/exe"),
                                             beside_this_program("tutti")};
    tutti::bench::RenderCommand render(app, places);
    tutti::bench::ConvolutionCommand convolution(app, places);
    const tutti::bench::MaskedThresholdsCommand thresholds(app);
    const tutti::bench::MaskingCommand masking(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    return guarded([&] {
        if (convolution.is_asked_for()) return convolution.run(std::cout);
        if (thresholds.is_asked_for()) return thresholds.run(std::cout);
        if (masking.is_asked_for()) return masking.run(std::cout);
        return render.run(std::cout);
    });
}
