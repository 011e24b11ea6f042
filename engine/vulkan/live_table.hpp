#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/vulkan/buffer.hpp"
#include "engine/vulkan/recording.hpp"

namespace tutti::vulkan {

/// A small table in device memory that the host changes now and then, between one piece of work and the next.
class LiveTable {
  public:
    /// Waits until the words are there.
    LiveTable(Device& device, std::vector<std::uint32_t> words);

    std::span<const VkBuffer> handle_span() const { return buffer_.handle_span(); }

    /// What the table is to hold.
    std::span<std::uint32_t> words() { return words_; }
    std::span<const std::uint32_t> words() const { return words_; }

    /// Whether the device does not hold it yet.
    bool has_changed() const { return words_ != known_; }

    /// Brings the device what has changed, for work behind this recording.
    void update(Recording& recording);

  private:
    std::vector<std::uint32_t> words_;
    std::vector<std::uint32_t> known_;  ///< to the device
    Buffer buffer_;
};

}  // namespace tutti::vulkan
