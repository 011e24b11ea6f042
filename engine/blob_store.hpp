#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace tutti {

/// Where a backend keeps, from one run to the next, what is slow to find out: measured costs, compiled
/// shaders. The engine knows no files; the host gives it one of these. Thread-safe.
class BlobStore {
  public:
    virtual ~BlobStore() = default;

    /// What was put under the key; empty when there is none, or when it is stale or damaged.
    virtual std::vector<std::byte> get(std::string_view key) = 0;

    /// Keeps the bytes if it can; never throws.
    virtual void put(std::string_view key, std::span<const std::byte> bytes) noexcept = 0;
};

}  // namespace tutti
