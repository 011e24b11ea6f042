#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/cache_entry.hpp"

namespace tutti {

/// A folder that keeps what branches of mixes made, an entry per key: a file that is complete or not there.
/// Any number of processes may share it, and any of them may be killed. What is damaged, foreign or of
/// another version is as if it were not there. When an entry was last used is its file's time of last change.
class StripCache {
  public:
    /// Makes the folder where it is not there, and takes an empty one. Throws InputError for a folder that
    /// holds other things, or that cannot be made.
    static StripCache open_or_make(const std::filesystem::path& folder);

    /// Throws InputError where the folder is no cache.
    static StripCache open(const std::filesystem::path& folder);

    const std::filesystem::path& folder() const { return folder_; }

    /// Why nothing can be kept; empty where it can.
    const std::string& trouble() const { return trouble_; }

    /// The entry of that key and shape, which counts as used now.
    std::optional<CacheEntryReader> find(const Digest& key, const CacheEntryShape& shape) const;
    std::filesystem::path file_of(const Digest& key) const;
    void remove(const Digest& key) const;

    /// Where contents of stems are remembered: see read_stem_contents().
    std::filesystem::path stems_folder() const { return folder_ / "stems"; }

    /// For `tutti cache`.
    struct Entry {
        std::filesystem::path file;
        std::string name;     ///< the strips
        std::string session;  ///< the session's name, or its file's
        std::uint64_t bytes = 0;
        std::filesystem::file_time_type used;
        bool is_whole = true;  ///< false: another version's, or damaged
    };
    std::vector<Entry> entries() const;  ///< the last used first

    /// Removes entries, those first that were longest not used, until all of them have at most so many bytes.
    /// Returns what was removed.
    std::vector<Entry> prune(std::uint64_t most_bytes) const;

  private:
    explicit StripCache(std::filesystem::path folder) : folder_(std::move(folder)) {}
    std::filesystem::path folder_;
    std::string trouble_;
};

}  // namespace tutti
