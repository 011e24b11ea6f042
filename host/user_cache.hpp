#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "engine/blob_store.hpp"

namespace tutti {

/// $XDG_CACHE_HOME/tutti, else $HOME/.cache/tutti (XDG Base Directory Specification); nothing when neither is
/// set.
std::optional<std::filesystem::path> user_cache_folder();

/// What a cache holds at most.
inline constexpr std::uint64_t cache_limit_bytes = std::uint64_t{64} << 20;

/// A store with one file per key in a folder, which is made if need be. A file counts only when it is whole,
/// was written for the same key, and by the same version of this program and its libraries; everything else
/// is as if it were not there. A file is written beside and renamed, so any number of processes may share the
/// folder. When the folder holds more than limit_bytes, the files longest not used are removed until half of
/// that is left. Null when the folder cannot be written in: a store that keeps nothing would only cost time.
std::unique_ptr<BlobStore> open_cache(const std::filesystem::path& folder,
                                      std::uint64_t limit_bytes = cache_limit_bytes);

/// open_cache() of the user's folder; null where there is none.
std::unique_ptr<BlobStore> open_user_cache();

}  // namespace tutti
