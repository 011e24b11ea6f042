#include "host/batch.hpp"

#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/errors.hpp"
#include "host/cli/commands.hpp"
#include "host/progress.hpp"
#include "host/units.hpp"

namespace tutti {

namespace {

struct Arguments {
    BatchOptions options;
    std::string device = "auto";
    std::string format = "wav";
    std::string bits = "24";
    std::string memory;
    std::string cache;
    bool repair_nonfinite = false;
    bool quiet = false;
};

std::string name_of(const BatchItem& item) { return std::filesystem::proximate(item.session).string(); }

/// "1:00.5  12.3 x real time  278.1 MiB  -18.2 LUFS  -1.0 dBTP".
std::string figures(const BatchEntry& entry) {
    const nlohmann::json report = nlohmann::json::parse(entry.report);
    const double seconds = report.at("frames").get<double>() / report.at("sample_rate_hz").get<double>();
    const auto level = [&](const char* key, const char* unit) {
        const nlohmann::json& value = report.at("loudness").at(key);
        if (value.is_null()) return std::string("silence");
        char text[32];
        std::snprintf(text, sizeof text, "%.1f %s", value.get<double>(), unit);
        return std::string(text);
    };
    // A log may hold reports of a tutti that did not measure it.
    const auto peak = report.value("peak_memory_bytes", std::uint64_t{0});
    char text[160];
    std::snprintf(text, sizeof text, "%9s %7.1f x real time %10s %12s %11s", clock_text(seconds).c_str(),
                  report.at("times_real_time").get<double>(), peak > 0 ? bytes_text(peak).c_str() : "",
                  level("integrated_lufs", "LUFS").c_str(), level("true_peak_dbtp", "dBTP").c_str());
    std::string result = text;
    const std::size_t warnings = report.at("warnings").size();
    if (warnings > 0) result += "  " + std::to_string(warnings) + (warnings == 1 ? " warning" : " warnings");
    return result;
}

const char* word_for(BatchState state) {
    if (state == BatchState::failed) return "FAILED";
    return state == BatchState::skipped ? "complete" : "rendered";
}

std::string line_for(const BatchItem& item, const BatchEntry& entry) {
    std::string line = word_for(entry.state);
    line.resize(10, ' ');
    std::string name = name_of(item);
    name.resize(std::max<std::size_t>(name.size(), 28), ' ');
    line += name + " ";
    if (entry.state != BatchState::failed) return line + figures(entry);
    return line +
           (entry.errors.empty() ? "exit status " + std::to_string(entry.exit_status) : entry.errors.front());
}

/// The status of a whole batch: every session rendered, or what ended the first that was not.
void throw_for_failures(const std::vector<BatchEntry>& entries) {
    std::size_t failed = 0;
    bool all_devices = true;
    for (const BatchEntry& entry : entries) {
        if (entry.state != BatchState::failed) continue;
        ++failed;
        all_devices = all_devices && entry.exit_status == 3;
    }
    if (failed == 0) return;
    const std::string text = std::to_string(failed) + " of " + std::to_string(entries.size()) +
                             " sessions failed; mend them and run the same again with --resume";
    if (all_devices) throw DeviceError(text);
    throw InputError(text);
}

void run(Arguments arguments) {
    BatchOptions& options = arguments.options;
    if (!arguments.memory.empty()) options.memory_bytes = parse_bytes(arguments.memory, "--memory");
    options.extension = "." + arguments.format;
    options.render_arguments = {"--device",       arguments.device, "--format",
                                arguments.format, "--bits",         arguments.bits};
    if (arguments.repair_nonfinite) options.render_arguments.emplace_back("--repair-nonfinite");
    if (!arguments.cache.empty()) {
        if (options.with_stems) {
            throw InputError(
                "--cache does not go with --stems: it keeps sums of strips, not every strip; leave "
                "one of them out");
        }
        options.render_arguments.insert(options.render_arguments.end(), {"--cache", arguments.cache});
    }
    const std::vector<BatchItem> items = find_sessions(options);
    std::size_t ended = 0;
    const auto begin = [&](const BatchItem& item) {
        if (!arguments.quiet) std::fprintf(stderr, "rendering %s\n", name_of(item).c_str());
    };
    const auto end = [&](const BatchItem& item, const BatchEntry& entry) {
        ++ended;
        if (arguments.quiet && entry.state != BatchState::failed) return;
        std::FILE* const stream = entry.state == BatchState::failed ? stderr : stdout;
        std::fprintf(stream, "%3zu of %zu  %s\n", ended, items.size(), line_for(item, entry).c_str());
        for (std::size_t i = 1; i < entry.errors.size(); ++i) {
            std::fprintf(stream, "%10s  %s\n", "", entry.errors[i].c_str());
        }
        std::fflush(stream);
    };
    throw_for_failures(render_batch(options, items, begin, end));
}

}  // namespace

void add_batch_command(CLI::App& app) {
    CLI::App* const command = app.add_subcommand(
        "batch", "Render many sessions; a failed one stops no other, and each leaves a line in a log");
    auto arguments = std::make_shared<Arguments>();
    BatchOptions& options = arguments->options;
    command->add_option("sessions", options.sessions, "Session files, or patterns in quotes: 'reels/*.toml'")
        ->required();
    command->add_option("-o,--output", options.folder,
                        "Folder for the mixes; each beside its session when absent");
    command->add_option("--log", options.log,
                        "JSON Lines, one per session; batch.jsonl in the folder of -o, or here, when absent");
    command->add_flag("--resume", options.resume,
                      "Leave out what the log says is complete and has not changed since, nor its inputs");
    command->add_option("--jobs", options.jobs, "Sessions at a time; they share threads and memory")
        ->capture_default_str()
        ->check(CLI::Range(1, 64));
    command->add_flag("--stems", options.with_stems,
                      "Also write every strip, into \"NAME stems\" beside the mix");
    command->add_option("--cache", arguments->cache,
                        "Folder that keeps what strips make, for all sessions; see 'tutti render --help'");
    command
        ->add_option("--device", arguments->device,
                     "auto, cpu, vulkan or vulkan:N, or several as in 'tutti render'")
        ->capture_default_str();
    command->add_option("--memory", arguments->memory,
                        "Most memory to take for all together; half of what there is when absent");
    command
        ->add_option("--threads", options.threads,
                     "Threads for all together; one per core when 0. Of several devices each also has one of "
                     "its own, which mostly waits")
        ->capture_default_str()
        ->check(CLI::Range(0, 1024));
    command->add_option("--format", arguments->format, "wav or flac")
        ->capture_default_str()
        ->check(CLI::IsMember({"wav", "flac"}));
    command->add_option("--bits", arguments->bits, "16, 24 (dithered) or 32f")
        ->capture_default_str()
        ->check(CLI::IsMember({"16", "24", "32f"}));
    command->add_flag("--repair-nonfinite", arguments->repair_nonfinite,
                      "Take NaN and infinite samples of a stem for 0 instead of stopping");
    command->add_flag("--quiet", arguments->quiet, "Print nothing but failures");
    command->callback([arguments] { run(*arguments); });
}

}  // namespace tutti
