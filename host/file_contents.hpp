#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "host/content_hash.hpp"
#include "host/file_looks.hpp"

namespace tutti {

/// Which bytes files hold.
struct FileContents {
    struct File {
        Digest content;
        FileLooks looks;  ///< from before it was read
    };
    std::map<std::filesystem::path, File> files;
    int read_count = 0;  ///< files that were read for it

    const Digest& digest(const std::filesystem::path& file) const { return files.at(file).content; }

    /// Whether the file still is what was looked at.
    bool is_unchanged(const std::filesystem::path& file) const;
};

/// Reads files, each once, side by side. What was found is remembered in `folder`, where that can be written
/// in: a file that looks as it did then is not read again, whoever asks. Throws InputError where a file
/// cannot be read.
FileContents read_contents(const std::vector<std::filesystem::path>& files,
                           const std::filesystem::path& folder);

}  // namespace tutti
