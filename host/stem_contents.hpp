#pragma once

#include <filesystem>
#include <vector>

#include "host/content_hash.hpp"
#include "host/file_looks.hpp"
#include "host/session.hpp"

namespace tutti {

/// Which bytes a session's stems hold.
struct StemContents {
    std::vector<Digest> digests;   ///< [track]
    std::vector<FileLooks> looks;  ///< [track], from before the file was read
    int read_count = 0;            ///< files that were read for it

    /// Whether the track's file still is what was looked at.
    bool is_unchanged(const Session& session, int track) const;
};

/// Reads the stems of the tracks that are `wanted` ([track]), side by side. What was found is remembered in
/// `folder`, where that can be written in: a file that looks as it did then is not read again. Throws
/// InputError where a file cannot be read.
StemContents read_stem_contents(const Session& session, const std::vector<bool>& wanted,
                                const std::filesystem::path& folder);

}  // namespace tutti
