#include "engine/vulkan/queues.hpp"

#include <algorithm>

#include "engine/errors.hpp"

namespace tutti::vulkan {

namespace {

/// What a queue of copies alone may also say of itself; others, such as video, belong to engines that are
/// slow at copying.
constexpr VkQueueFlags copying = VK_QUEUE_TRANSFER_BIT | VK_QUEUE_SPARSE_BINDING_BIT | VK_QUEUE_PROTECTED_BIT;

bool only_copies(const VkQueueFamilyProperties& family) {
    return (family.queueFlags & VK_QUEUE_TRANSFER_BIT) != 0 && (family.queueFlags & ~copying) == 0;
}

}  // namespace

QueueChoice choose_queues(std::span<const VkQueueFamilyProperties> families) {
    const auto number_of = [&](auto found) { return static_cast<std::uint32_t>(found - families.begin()); };
    const auto compute = std::find_if(families.begin(), families.end(), [](const auto& family) {
        return (family.queueFlags & VK_QUEUE_COMPUTE_BIT) != 0;
    });
    if (compute == families.end()) {
        throw DeviceError("this Vulkan device has no compute queue; use --device cpu");
    }
    const std::uint32_t family = number_of(compute);
    const auto copier = std::find_if(families.begin(), families.end(), only_copies);
    if (copier != families.end()) return {family, number_of(copier), 0};
    return {family, family, compute->queueCount > 1 ? 1U : 0U};
}

}  // namespace tutti::vulkan
