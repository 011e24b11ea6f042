#include "viewer/gpu/device.hpp"

#include <vector>

#include "engine/errors.hpp"

namespace tutti::viewer {

namespace {

std::uint32_t find_queue_family(VkPhysicalDevice physical, VkSurfaceKHR surface) {
    std::uint32_t count = 0;
    vkGetPhysicalDeviceQueueFamilyProperties(physical, &count, nullptr);
    std::vector<VkQueueFamilyProperties> families(count);
    vkGetPhysicalDeviceQueueFamilyProperties(physical, &count, families.data());
    for (std::uint32_t i = 0; i < count; ++i) {
        if ((families[i].queueFlags & VK_QUEUE_GRAPHICS_BIT) == 0) continue;
        VkBool32 can_show = VK_TRUE;
        if (surface != VK_NULL_HANDLE) {
            check(vkGetPhysicalDeviceSurfaceSupportKHR(physical, i, surface, &can_show),
                  "asking for the window");
        }
        if (can_show == VK_TRUE) return i;
    }
    throw DeviceError("the Vulkan device cannot draw into this window; choose another with --device");
}

}  // namespace

Device::Handle::~Handle() {
    if (device != VK_NULL_HANDLE) vkDestroyDevice(device, nullptr);
}

Device::Device(VkPhysicalDevice physical, VkSurfaceKHR surface)
    : physical_(physical), queue_family_(find_queue_family(physical, surface)) {
    const float priority = 1.0F;
    auto queue = of_type<VkDeviceQueueCreateInfo>(VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO);
    queue.queueFamilyIndex = queue_family_;
    queue.queueCount = 1;
    queue.pQueuePriorities = &priority;
    const char* const swapchain = VK_KHR_SWAPCHAIN_EXTENSION_NAME;
    auto info = of_type<VkDeviceCreateInfo>(VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO);
    info.queueCreateInfoCount = 1;
    info.pQueueCreateInfos = &queue;
    info.enabledExtensionCount = surface == VK_NULL_HANDLE ? 0 : 1;
    info.ppEnabledExtensionNames = &swapchain;
    check(vkCreateDevice(physical, &info, nullptr, &device_.device), "opening the Vulkan device");
    vkGetDeviceQueue(handle(), queue_family_, 0, &queue_);

    auto pool = of_type<VkCommandPoolCreateInfo>(VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO);
    pool.flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT;
    pool.queueFamilyIndex = queue_family_;
    VkCommandPool made_pool = VK_NULL_HANDLE;
    check(vkCreateCommandPool(handle(), &pool, nullptr, &made_pool), "making a command pool");
    command_pool_ = {handle(), made_pool};
    auto commands = of_type<VkCommandBufferAllocateInfo>(VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO);
    commands.commandPool = made_pool;
    commands.commandBufferCount = 1;
    check(vkAllocateCommandBuffers(handle(), &commands, &commands_), "making a command buffer");
    const auto fence = of_type<VkFenceCreateInfo>(VK_STRUCTURE_TYPE_FENCE_CREATE_INFO);
    VkFence made_fence = VK_NULL_HANDLE;
    check(vkCreateFence(handle(), &fence, nullptr, &made_fence), "making a fence");
    done_ = {handle(), made_fence};
}

Device::~Device() { vkDeviceWaitIdle(handle()); }

OwnedMemory Device::allocate(const VkMemoryRequirements& requirements, VkMemoryPropertyFlags needed) const {
    VkPhysicalDeviceMemoryProperties memory;
    vkGetPhysicalDeviceMemoryProperties(physical_, &memory);
    for (std::uint32_t i = 0; i < memory.memoryTypeCount; ++i) {
        if ((requirements.memoryTypeBits >> i & 1U) == 0) continue;
        if ((memory.memoryTypes[i].propertyFlags & needed) != needed) continue;
        auto info = of_type<VkMemoryAllocateInfo>(VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO);
        info.allocationSize = requirements.size;
        info.memoryTypeIndex = i;
        VkDeviceMemory allocated = VK_NULL_HANDLE;
        check(vkAllocateMemory(handle(), &info, nullptr, &allocated), "taking memory");
        return {handle(), allocated};
    }
    throw DeviceError("the Vulkan device has no memory of the kind needed; choose another with --device");
}

MappedBuffer Device::make_buffer(std::uint64_t byte_count, VkBufferUsageFlags usage) const {
    auto info = of_type<VkBufferCreateInfo>(VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO);
    info.size = byte_count;
    info.usage = usage;
    VkBuffer buffer = VK_NULL_HANDLE;
    check(vkCreateBuffer(handle(), &info, nullptr, &buffer), "making a buffer");
    MappedBuffer made;
    made.buffer = {handle(), buffer};
    made.byte_count = byte_count;
    VkMemoryRequirements requirements;
    vkGetBufferMemoryRequirements(handle(), buffer, &requirements);
    made.memory =
        allocate(requirements, VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT);
    check(vkBindBufferMemory(handle(), buffer, made.memory.get(), 0), "binding memory");
    check(vkMapMemory(handle(), made.memory.get(), 0, VK_WHOLE_SIZE, 0, &made.bytes), "mapping memory");
    return made;
}

void Device::run(const std::function<void(VkCommandBuffer)>& work, VkSemaphore wait,
                 VkSemaphore signal) const {
    auto begin = of_type<VkCommandBufferBeginInfo>(VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO);
    begin.flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT;
    check(vkBeginCommandBuffer(commands_, &begin), "beginning work");
    work(commands_);
    check(vkEndCommandBuffer(commands_), "ending work");

    const VkPipelineStageFlags stage = VK_PIPELINE_STAGE_TRANSFER_BIT;
    auto info = of_type<VkSubmitInfo>(VK_STRUCTURE_TYPE_SUBMIT_INFO);
    info.commandBufferCount = 1;
    info.pCommandBuffers = &commands_;
    info.waitSemaphoreCount = wait == VK_NULL_HANDLE ? 0 : 1;
    info.pWaitSemaphores = &wait;
    info.pWaitDstStageMask = &stage;
    info.signalSemaphoreCount = signal == VK_NULL_HANDLE ? 0 : 1;
    info.pSignalSemaphores = &signal;
    check(vkQueueSubmit(queue_, 1, &info, done_.get()), "submitting work");
    check(vkWaitForFences(handle(), 1, &done_.get(), VK_TRUE, UINT64_MAX), "waiting for work");
    check(vkResetFences(handle(), 1, &done_.get()), "resetting a fence");
}

}  // namespace tutti::viewer
