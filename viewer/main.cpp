#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <regex>

#include "engine/errors.hpp"
#include "host/version.hpp"
#include "viewer/gpu/instance.hpp"
#include "viewer/options.hpp"

namespace tutti::viewer {

namespace {

int fail(const std::exception& error, int status) {
    std::fprintf(stderr, "tutti-viewer: %s\n", error.what());
    return status;
}

void set_size(Options& options, const std::string& text) {
    const std::regex pattern("([0-9]{2,5})x([0-9]{2,5})");
    std::smatch found;
    if (std::regex_match(text, found, pattern)) {
        options.width = std::stoi(found[1]);
        options.height = std::stoi(found[2]);
        constexpr int most = 8192;
        if (options.width >= least_width && options.height >= least_height &&
            std::max(options.width, options.height) <= most) {
            return;
        }
    }
    throw InputError("--size " + text +
                     ": allowed is WIDTHxHEIGHT from 900x600 to 8192x8192, as in 1440x900");
}

void check_options(const Options& options) {
    std::error_code error;
    const bool is_session = std::filesystem::is_regular_file(options.opened, error);
    if (!options.session.empty() && (options.opened.empty() || is_session)) {
        throw InputError("--session belongs to a report: tutti-viewer REPORT --session FILE");
    }
    if (!options.folder.empty() && !is_session) {
        throw InputError("-o belongs to a session: tutti-viewer SESSION.toml -o FOLDER");
    }
    if (options.is_offscreen) return;
    if (!options.script.empty()) throw InputError("--script needs --offscreen");
    if (!options.screenshot.empty() && options.frame_count == 0) {
        throw InputError("--screenshot needs --offscreen, or --frames to say when");
    }
}

void run(int argc, char** argv) {
    CLI::App app{"Shows what a masking analysis found: who hides whom, where and when.", "tutti-viewer"};
    app.set_version_flag("--version", version_text());
    Options options;
    std::string size;
    app.add_option("opened", options.opened,
                   "The folder that 'tutti masking' wrote; or a session, which is analysed first, unless the "
                   "report beside it is newer than all of it")
        ->type_name("REPORT|SESSION");
    CLI::Option* const session = app.add_option("--session", options.session,
                                                "Where the report's session is, to listen to, if it moved");
    app.add_option("-o,--output", options.folder,
                   "Analyse the session into this folder, instead of SESSION-masking beside it")
        ->excludes(session);
    app.add_option("--device", options.device, "What draws: auto, vulkan or vulkan:N of 'tutti devices'")
        ->capture_default_str();
    app.add_option("--size", size, "Of the window or the picture, in pixels: 1440x900 when none is given");
    app.add_option("--scale", options.scale, "Of letters and lines, 0.5 to 4; else the screen's")
        ->check(CLI::Range(0.5F, 4.0F));
    app.add_flag("--offscreen", options.is_offscreen, "Draw without a window");
    app.add_option("--script", options.script, "Do what this file says, a line each (with --offscreen)");
    app.add_option("--screenshot", options.screenshot, "Write what was drawn last as a PNG file");
    app.add_option("--frames", options.frame_count, "Draw this many frames, then end")
        ->check(CLI::Range(1, 1000000));
    app.add_flag("--timings", options.prints_times, "Print how long frames took");
    app.add_flag("--print-actions", options.prints_actions, "Print what is done, as lines of a script");
    app.add_flag("--validate", options.validates,
                 "Have the Vulkan validation layer look on; its messages fail");
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& shown) {
        app.exit(shown);
        return;
    }
    if (!size.empty()) set_size(options, size);
    options.has_size = !size.empty();
    check_options(options);
    if (options.is_offscreen) {
        run_offscreen(options);
    } else {
        run_in_window(options);
    }
    if (validation_message_count() > 0) throw DeviceError("the Vulkan validation layer has objections");
}

int run_and_report(int argc, char** argv) {
    try {
        run(argc, argv);
    } catch (const CLI::ParseError& error) {
        std::fprintf(stderr, "tutti-viewer: %s; see 'tutti-viewer --help'\n", error.what());
        return 2;
    } catch (const InputError& error) {
        return fail(error, 2);
    } catch (const DeviceError& error) {
        return fail(error, 3);
    } catch (const std::bad_alloc&) {
        std::fputs("tutti-viewer: out of memory\n", stderr);
        return 3;
    }
    return 0;
}

}  // namespace

}  // namespace tutti::viewer

int main(int argc, char** argv) { return tutti::viewer::run_and_report(argc, argv); }
