#include "host/user_cache.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "host/pending_file.hpp"
#include "host/version.hpp"

namespace tutti {

namespace {

namespace fs = std::filesystem;

/// FNV-1a, 64 bits: against damage, not against malice.
std::uint64_t checksum(std::span<const std::byte> bytes) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const std::byte byte : bytes)
        hash = (hash ^ std::to_integer<std::uint64_t>(byte)) * 1099511628211ULL;
    return hash;
}

std::string hex(std::uint64_t number) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
    return text;
}

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

/// What a good file begins with: all that must be the same for its bytes to be worth anything.
std::string header(std::string_view key, std::span<const std::byte> bytes) {
    std::string text = "tutti cache 1\n" + version_text() + "\n";
    text.append(key).append("\n");
    return text + std::to_string(bytes.size()) + " bytes, checksum " + hex(checksum(bytes)) + "\n";
}

class FolderCache final : public BlobStore {
  public:
    FolderCache(fs::path folder, std::uint64_t limit_bytes)
        : folder_(std::move(folder)), limit_bytes_(limit_bytes) {}

    std::vector<std::byte> get(std::string_view key) override {
        const fs::path file = file_of(key);
        std::error_code none;
        if (!fs::is_regular_file(file, none)) return {};  // reading a folder throws
        std::ifstream stream(file, std::ios::binary);
        const std::string whole{std::istreambuf_iterator<char>(stream), {}};
        // The header does not tell where it ends, so its end is looked for: behind the third line that it
        // must have.
        const std::size_t start = header(key, {}).rfind('\n', header(key, {}).size() - 2) + 1;
        const std::size_t end = whole.find('\n', std::min(start, whole.size()));
        if (end == std::string::npos) return {};
        const auto bytes = bytes_of(whole).subspan(end + 1);
        if (whole.compare(0, end + 1, header(key, bytes)) != 0) return {};
        std::error_code ignored;
        fs::last_write_time(file, fs::file_time_type::clock::now(), ignored);  // used: the last to be removed
        return {bytes.begin(), bytes.end()};
    }

    void put(std::string_view key, std::span<const std::byte> bytes) noexcept override {
        try {
            PendingFile file(file_of(key));
            const std::string text = header(key, bytes);
            file.write(text.data(), text.size());
            file.write(bytes.data(), bytes.size());
            file.commit();
            make_room();
        } catch (const std::exception&) {
            // A full disk or a folder that went away: it will be found out again next time.
        }
    }

  private:
    /// The beginning of the key, for people, and a number, for what it cannot say.
    fs::path file_of(std::string_view key) const {
        std::string name;
        for (const char c : key.substr(0, 40)) {
            name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
        }
        return folder_ / (name + "-" + hex(checksum(bytes_of(key))));
    }

    void make_room() const {
        struct Entry {
            fs::file_time_type used;
            std::uint64_t bytes;
            fs::path file;
        };
        std::vector<Entry> entries;
        std::uint64_t total = 0;
        for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
            std::error_code gone;  // another process makes room too
            const std::uint64_t bytes = entry.file_size(gone);
            if (gone) continue;
            entries.push_back({entry.last_write_time(gone), bytes, entry.path()});
            total += bytes;
        }
        if (total <= limit_bytes_) return;
        std::sort(entries.begin(), entries.end(),
                  [](const Entry& a, const Entry& b) { return a.used < b.used; });
        for (const Entry& entry : entries) {
            if (total <= limit_bytes_ / 2) break;
            std::error_code gone;
            fs::remove(entry.file, gone);
            total -= entry.bytes;
        }
    }

    fs::path folder_;
    std::uint64_t limit_bytes_;
};

}  // namespace

std::optional<fs::path> user_cache_folder() {
    const auto set = [](const char* name) -> const char* {
        const char* const value = std::getenv(name);
        return value != nullptr && *value == '/' ? value : nullptr;  // relative ones are to be ignored
    };
    if (const char* const folder = std::getenv("TUTTI_CACHE")) {
        return *folder != '\0' ? std::optional(fs::path(folder)) : std::nullopt;
    }
    if (const char* const cache = set("XDG_CACHE_HOME")) return fs::path(cache) / "tutti";
    if (const char* const home = set("HOME")) return fs::path(home) / ".cache" / "tutti";
    return std::nullopt;
}

std::unique_ptr<BlobStore> open_cache(const fs::path& folder, std::uint64_t limit_bytes) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error || access(folder.c_str(), R_OK | W_OK | X_OK) != 0) return nullptr;
    return std::make_unique<FolderCache>(folder, limit_bytes);
}

std::unique_ptr<BlobStore> open_user_cache() {
    const std::optional<fs::path> folder = user_cache_folder();
    return folder ? open_cache(*folder) : nullptr;
}

}  // namespace tutti
