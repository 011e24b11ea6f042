#pragma once

#include <cstdint>
#include <filesystem>

namespace tutti {

/// What a file's system says of it. When all of this is as it was, so are its bytes, as long as they were not
/// changed twice within a tick of the system's clock.
struct FileLooks {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;  ///< by whatever means, copies that keep times among them
    bool operator==(const FileLooks&) const = default;

    /// Last changed so long ago that a further change is sure to show.
    bool are_settled() const;
};

/// Throws InputError where there is no such file.
FileLooks look_at(const std::filesystem::path& file);

}  // namespace tutti
