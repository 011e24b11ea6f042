#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <nlohmann/json.hpp>

#include "host/audio_writer.hpp"
#include "host/cli/commands.hpp"
#include "host/strip_cache.hpp"
#include "host/text.hpp"
#include "host/units.hpp"

namespace tutti {

namespace {

struct Arguments {
    std::string folder;
    std::string prune;
    bool clear = false;
    std::string json;
};

std::uint64_t bytes_of(const std::vector<StripCache::Entry>& entries) {
    std::uint64_t total = 0;
    for (const StripCache::Entry& entry : entries) total += entry.bytes;
    return total;
}

/// "2026-11-28 06:15", local time.
std::string time_text(std::filesystem::file_time_type time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(
        std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::file_clock::to_sys(time)));
    std::tm parts{};
    localtime_r(&seconds, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%F %H:%M", &parts);
    return text;
}

std::string name_of(const StripCache::Entry& entry) {
    return entry.is_whole ? entry.session + ": " + entry.name : "another version's, or damaged";
}

std::string entry_count_text(std::size_t count) {
    return std::to_string(count) + (count == 1 ? " entry" : " entries");
}

void print_table(const StripCache& cache, const std::vector<StripCache::Entry>& entries) {
    if (!entries.empty()) std::printf("%-16s %10s  strips\n", "last used", "size");
    for (const StripCache::Entry& entry : entries) {
        std::printf("%s %10s  %s\n", time_text(entry.used).c_str(), bytes_text(entry.bytes).c_str(),
                    printable(name_of(entry)).c_str());
    }
    std::printf("%s, %s in %s\n", entry_count_text(entries.size()).c_str(),
                bytes_text(bytes_of(entries)).c_str(), cache.folder().c_str());
}

std::string json_of(const StripCache& cache, const std::vector<StripCache::Entry>& entries,
                    const std::vector<StripCache::Entry>& removed) {
    nlohmann::ordered_json json;
    json["tutti_cache"] = 1;
    json["folder"] = cache.folder().string();
    json["bytes"] = bytes_of(entries);
    json["removed_entries"] = removed.size();
    json["removed_bytes"] = bytes_of(removed);
    json["entries"] = nlohmann::ordered_json::array();
    for (const StripCache::Entry& entry : entries) {
        const auto used = std::chrono::file_clock::to_sys(entry.used).time_since_epoch();
        json["entries"].push_back(
            {{"file", entry.file.filename().string()},
             {"session", entry.session},
             {"strips", entry.name},
             {"bytes", entry.bytes},
             {"last_used_unix_s", std::chrono::duration_cast<std::chrono::seconds>(used).count()},
             {"whole", entry.is_whole}});
    }
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

void run(const Arguments& arguments) {
    const StripCache cache = StripCache::open(arguments.folder);
    std::vector<StripCache::Entry> removed;
    if (arguments.clear) removed = cache.prune(0);
    if (!arguments.prune.empty()) removed = cache.prune(parse_bytes(arguments.prune, "--prune"));
    const std::vector<StripCache::Entry> entries = cache.entries();
    if (!arguments.json.empty()) write_text_file(arguments.json, json_of(cache, entries, removed));
    if (arguments.clear || !arguments.prune.empty()) {
        std::printf("removed %s, %s\n", entry_count_text(removed.size()).c_str(),
                    bytes_text(bytes_of(removed)).c_str());
    }
    print_table(cache, entries);
}

}  // namespace

void add_cache_command(CLI::App& app) {
    CLI::App* const command =
        app.add_subcommand("cache", "List what 'tutti render --cache' keeps in a folder, or make it smaller");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("folder", arguments->folder, "The folder given to --cache")->required();
    CLI::Option* const prune = command->add_option(
        "--prune", arguments->prune,
        "Remove what was longest not used, until the rest is at most this, such as 10GiB");
    command->add_flag("--clear", arguments->clear, "Remove every entry")->excludes(prune);
    command->add_option("--json", arguments->json, "Write the list to this file as well");
    command->callback([arguments] { run(*arguments); });
}

}  // namespace tutti
