#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "engine/errors.hpp"
#include "host/audio_writer.hpp"
#include "host/cli/commands.hpp"
#include "host/new_session.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

struct NewOptions {
    std::filesystem::path folder;
    std::filesystem::path output = "session.toml";
    bool force = false;
};

/// One line that rewrites itself; on a terminal only, and only where it has time to be read.
void show_progress(int done, int total) {
    constexpr int worth_showing = 16;
    if (total < worth_showing || isatty(STDERR_FILENO) == 0) return;
    std::cerr << "\rlistening to stems: " << done << " of " << total << (done == total ? "\n" : "")
              << std::flush;
}

void print_summary(const NewSession& made, const NewOptions& options) {
    const Session& session = made.session;
    std::cout << session.tracks.size() << (session.tracks.size() == 1 ? " track at " : " tracks at ")
              << session.sample_rate_hz << " Hz:";
    for (const Bus& bus : session.buses) {
        std::size_t count = 0;
        for (const Track& track : session.tracks) count += track.output == bus.name ? 1 : 0;
        std::cout << (bus.name == session.buses.front().name ? " " : ", ") << count << ' ' << bus.name;
    }
    std::cout << '\n';
    for (const std::string& note : made.notes) std::cout << "note: " << note << '\n';
    std::cout << "wrote " << printable(options.output.string()) << "; render it with: tutti render "
              << printable(options.output.string()) << '\n';
}

void make_new_session(const NewOptions& options) {
    std::error_code ignored;
    if (!options.force && std::filesystem::exists(options.output, ignored)) {
        throw InputError(printable(options.output.string()) + ": is there already; --force replaces it");
    }
    const auto files = find_audio_files(options.folder);
    if (files.empty()) throw InputError(printable(options.folder.string()) + ": holds no audio files");
    const int total = static_cast<int>(files.size());
    const auto stems = survey_stems(files, [&](int done) { show_progress(done, total); });
    const NewSession made = make_session(options.folder, stems);
    write_text_file(options.output, write_session(made.session, options.output.parent_path(), made.comments));
    print_summary(made, options);
}

}  // namespace

void add_new_command(CLI::App& app) {
    const auto options = std::make_shared<NewOptions>();
    CLI::App* command = app.add_subcommand("new", "Make a session from a folder of stems");
    command->add_option("FOLDER", options->folder, "The folder; folders in it are searched too")->required();
    command->add_option("-o,--output", options->output, "The session file to write (default: session.toml)");
    command->add_flag("--force", options->force, "Replace a session file that is there already");
    command->callback([options] { make_new_session(*options); });
}

}  // namespace tutti
