#pragma once

#include <vulkan/vulkan.h>

#include <cstdint>
#include <span>

namespace tutti::vulkan {

/// Which queues of a device do our work.
struct QueueChoice {
    std::uint32_t compute_family = 0;
    std::uint32_t transfer_family = 0;
    std::uint32_t transfer_index = 0;  ///< in its family; shaders run on number 0 of theirs

    bool share_family() const { return compute_family == transfer_family; }
    bool share_queue() const { return share_family() && transfer_index == 0; }
};

/// Shaders take the first family that computes. Copies to and from the host take a family that can nothing
/// but copy, which is an engine of its own on the hardware; else a second queue of the same family; else the
/// same queue. Throws DeviceError when no family computes.
QueueChoice choose_queues(std::span<const VkQueueFamilyProperties> families);

}  // namespace tutti::vulkan
