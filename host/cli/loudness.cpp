#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>

#include "engine/devices.hpp"
#include "engine/errors.hpp"
#include "host/audio_writer.hpp"
#include "host/cli/commands.hpp"
#include "host/file_loudness.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

constexpr double least_spl_db = 20.0;
constexpr double most_spl_db = 180.0;

struct Arguments {
    std::vector<std::filesystem::path> files;
    ListeningLevel level;
    std::string field = "free";
    std::string device = "auto";
    std::string json;
};

void run(Arguments arguments) {
    static const std::map<std::string, SoundField> fields{
        {"free", SoundField::free}, {"diffuse", SoundField::diffuse}, {"eardrum", SoundField::eardrum}};
    const double spl_db = arguments.level.full_scale_spl_db;
    if (!(spl_db >= least_spl_db && spl_db <= most_spl_db)) {
        throw InputError("--full-scale-spl: " + number_text(spl_db) +
                         " dB is no level of a full-scale sine; allowed: 20 to 180");
    }
    arguments.level.field = fields.at(arguments.field);
    const OpenedDevice device = open_device(arguments.device);
    std::vector<FileLoudness> measured;
    for (const std::filesystem::path& file : arguments.files) {
        measured.push_back(measure_loudness(file, arguments.level, *device.backend));
        std::fputs(loudness_text(measured.back()).c_str(), stdout);
    }
    if (!arguments.json.empty()) {
        write_text_file(arguments.json, loudness_json(measured, arguments.level, device.backend->info().id));
    }
}

}  // namespace

void add_loudness_command(CLI::App& app) {
    CLI::App* const command = app.add_subcommand(
        "loudness", "How loud sound files are to a listener, in sone and phon (ANSI S3.4-2007)");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("files", arguments->files, "Sound files, mono (both ears) or stereo (an ear each)")
        ->required();
    command
        ->add_option("--full-scale-spl", arguments->level.full_scale_spl_db,
                     "Sound pressure level in dB of a sine that reaches 0 dBFS")
        ->required();
    command
        ->add_option("--field", arguments->field,
                     "How it reaches the ears: free (from the front), diffuse, eardrum (measured there)")
        ->capture_default_str()
        ->check(CLI::IsMember({"free", "diffuse", "eardrum"}));
    command->add_option("--device", arguments->device, "auto, cpu, vulkan or vulkan:N (see 'tutti devices')")
        ->capture_default_str();
    command->add_option("--json", arguments->json,
                        "Write all of it to this file: specific loudness per band, loudness over time");
    command->callback([arguments] { run(*arguments); });
}

}  // namespace tutti
