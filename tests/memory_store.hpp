#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/blob_store.hpp"

namespace tutti::tests {

/// A store in memory that counts.
class MemoryStore final : public BlobStore {
  public:
    std::vector<std::byte> get(std::string_view key) override { return blobs[std::string(key)]; }
    void put(std::string_view key, std::span<const std::byte> bytes) noexcept override {
        blobs[std::string(key)] = {bytes.begin(), bytes.end()};
        ++put_count;
    }
    std::map<std::string, std::vector<std::byte>> blobs;
    int put_count = 0;
};

}  // namespace tutti::tests
