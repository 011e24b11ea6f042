#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "engine/errors.hpp"
#include "host/cli/commands.hpp"
#include "host/version.hpp"

namespace tutti {

void print_warning(const std::string& text) { std::fprintf(stderr, "tutti: warning: %s\n", text.c_str()); }

namespace {

/// One line for most errors; a session's problems are one line each.
int fail(const std::exception& error, int status) {
    std::fprintf(stderr, "tutti: %s\n", error.what());
    return status;
}

/// CLI11 says no more of an unknown command than that one is required.
void check_command(const CLI::App& app, int argc, char** argv) {
    if (argc < 2 || argv[1][0] == '-') return;
    std::string allowed;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App* /*any*/) { return true; })) {
        if (command->get_name() == argv[1]) return;
        allowed += (allowed.empty() ? "" : ", ") + command->get_name();
    }
    throw InputError("unknown command '" + std::string(argv[1]) + "'; allowed: " + allowed);
}

int run(int argc, char** argv) {
    CLI::App app{"Tutti renders and analyses huge mixes.", "tutti"};
    app.set_version_flag("--version", version_text());
    app.require_subcommand(1);
    add_render_command(app);
    add_masking_command(app);
    add_batch_command(app);
    add_cache_command(app);
    add_new_command(app);
    add_check_command(app);
    add_loudness_command(app);
    add_devices_command(app);
    add_reference_command(app);
    try {
        check_command(app, argc, argv);
        app.parse(argc, argv);
    } catch (const CLI::Success& shown) {
        return app.exit(shown);
    } catch (const CLI::ParseError& error) {
        std::fprintf(stderr, "tutti: %s; see 'tutti --help'\n", error.what());
        return 2;
    } catch (const InputError& error) {
        return fail(error, 2);
    } catch (const DeviceError& error) {
        return fail(error, 3);
    } catch (const std::bad_alloc&) {
        std::fputs("tutti: out of memory; give a smaller --memory\n", stderr);
        return 3;
    }
    return 0;
}

}  // namespace

}  // namespace tutti

int main(int argc, char** argv) { return tutti::run(argc, argv); }
