#include "host/strip_cache.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "engine/errors.hpp"
#include "host/audio_writer.hpp"
#include "host/branch_facts.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

namespace fs = std::filesystem;

constexpr const char* marker_name = "tutti-cache";
constexpr const char* marker_text = "This folder is a cache of tutti, version 1. See tutti cache --help.\n";
constexpr const char* entry_extension = ".strips";

bool is_cache(const fs::path& folder) {
    std::ifstream marker(folder / marker_name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(marker), {}) == marker_text;
}

}  // namespace

StripCache StripCache::open_or_make(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        throw InputError(printable(folder.string()) + " cannot be made as a cache: " + error.message());
    }
    if (is_cache(folder)) return StripCache(folder);
    if (!fs::is_empty(folder, error) || error) {
        // Another process may have made it one just now.
        if (is_cache(folder)) return StripCache(folder);
        throw InputError(printable(folder.string()) +
                         " is no cache of tutti and not empty; give --cache a folder of its own");
    }
    StripCache cache(folder);
    try {
        write_text_file(folder / marker_name, marker_text);
    } catch (const InputError& full) {
        cache.trouble_ = full.what();
    }
    return cache;
}

StripCache StripCache::open(const fs::path& folder) {
    std::error_code ignored;
    if (!fs::exists(folder, ignored)) throw InputError("there is no folder " + printable(folder.string()));
    if (!is_cache(folder)) {
        throw InputError(printable(folder.string()) +
                         " is no cache of tutti; expected a folder that 'tutti "
                         "render --cache' made");
    }
    return StripCache(folder);
}

fs::path StripCache::file_of(const Digest& key) const { return folder_ / (key.hex() + entry_extension); }

std::optional<CacheEntryReader> StripCache::find(const Digest& key, const CacheEntryShape& shape) const {
    const fs::path file = file_of(key);
    std::optional<CacheEntryReader> reader = CacheEntryReader::open(file);
    if (!reader || reader->key() != key || reader->shape() != shape) return std::nullopt;
    std::error_code ignored;
    fs::last_write_time(file, fs::file_time_type::clock::now(), ignored);
    return reader;
}

void StripCache::remove(const Digest& key) const {
    std::error_code ignored;
    fs::remove(file_of(key), ignored);
}

std::vector<StripCache::Entry> StripCache::entries() const {
    std::vector<Entry> found;
    for (const fs::directory_entry& item : fs::directory_iterator(folder_)) {
        if (item.path().extension() != entry_extension) continue;
        std::error_code gone;  // another process prunes too
        Entry entry;
        entry.file = item.path();
        entry.bytes = item.file_size(gone);
        if (!gone) entry.used = item.last_write_time(gone);
        if (gone) continue;
        const std::optional<CacheEntryReader> reader = CacheEntryReader::open(entry.file);
        const std::optional<EntryText> text = reader ? parse_entry_text(reader->text()) : std::nullopt;
        entry.is_whole = text.has_value();
        if (text) {
            entry.name = text->name;
            entry.session = text->session;
        }
        found.push_back(std::move(entry));
    }
    std::sort(found.begin(), found.end(), [](const Entry& a, const Entry& b) {
        return std::pair(b.used, a.file) < std::pair(a.used, b.file);
    });
    return found;
}

std::vector<StripCache::Entry> StripCache::prune(std::uint64_t most_bytes) const {
    std::vector<Entry> all = entries();
    std::uint64_t total = 0;
    for (const Entry& entry : all) total += entry.bytes;
    std::vector<Entry> removed;
    for (; total > most_bytes && !all.empty(); all.pop_back()) {
        std::error_code failed;
        fs::remove(all.back().file, failed);
        if (failed)
            throw InputError(printable(all.back().file.string()) + " cannot be removed: " + failed.message());
        total -= all.back().bytes;
        removed.push_back(std::move(all.back()));
    }
    return removed;
}

}  // namespace tutti
