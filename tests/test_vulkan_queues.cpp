// Which queues do our work: what cannot be run where a device has one queue is at least chosen right.
#include <catch2/catch.hpp>
#include <vector>

#include "engine/errors.hpp"
#include "engine/vulkan/queues.hpp"

using namespace tutti;
using vulkan::choose_queues;
using vulkan::QueueChoice;

namespace {

constexpr VkQueueFlags all =
    VK_QUEUE_GRAPHICS_BIT | VK_QUEUE_COMPUTE_BIT | VK_QUEUE_TRANSFER_BIT | VK_QUEUE_SPARSE_BINDING_BIT;
constexpr VkQueueFlags video_decoding = 0x20;

VkQueueFamilyProperties family(VkQueueFlags flags, std::uint32_t queue_count) {
    VkQueueFamilyProperties properties{};
    properties.queueFlags = flags;
    properties.queueCount = queue_count;
    return properties;
}

}  // namespace

TEST_CASE("Copies take the family that can nothing but copy, not that of the video engine") {
    const std::vector<VkQueueFamilyProperties> families{
        family(all, 16), family(VK_QUEUE_TRANSFER_BIT | VK_QUEUE_SPARSE_BINDING_BIT | video_decoding, 1),
        family(VK_QUEUE_COMPUTE_BIT | VK_QUEUE_TRANSFER_BIT, 8),
        family(VK_QUEUE_TRANSFER_BIT | VK_QUEUE_SPARSE_BINDING_BIT, 2)};
    const QueueChoice choice = choose_queues(families);
    CHECK(choice.compute_family == 0);
    CHECK(choice.transfer_family == 3);
    CHECK(choice.transfer_index == 0);
    CHECK(!choice.share_family());
    CHECK(!choice.share_queue());
}

TEST_CASE("Without a family for copies they take a second queue, and without that the only one") {
    const QueueChoice two = choose_queues(std::vector{family(VK_QUEUE_GRAPHICS_BIT, 1), family(all, 2)});
    CHECK(two.compute_family == 1);
    CHECK(two.transfer_family == 1);
    CHECK(two.transfer_index == 1);
    CHECK(two.share_family());
    CHECK(!two.share_queue());

    const QueueChoice one = choose_queues(std::vector{family(all, 1)});
    CHECK(one.share_queue());
    CHECK_THROWS_AS(choose_queues(std::vector{family(VK_QUEUE_GRAPHICS_BIT, 1)}), DeviceError);
}
