#include "engine/vulkan/device.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>

#include "engine/errors.hpp"
#include "engine/vulkan/recording.hpp"
#include "engine/vulkan/structs.hpp"
#include "shaders/layouts.h"

namespace tutti::vulkan {

namespace {

/// Offsets inside a buffer stay within 31 bits, so that shaders index with 32-bit integers and room to spare.
constexpr std::uint64_t largest_tile_bytes = std::uint64_t{1} << 31;

constexpr const char* pipelines_key = "pipelines";

/// Bindings beside the two arrays of row tiles that our shaders use at most.
constexpr std::uint32_t own_binding_limit = 8;

std::uint32_t find_compute_family(VkPhysicalDevice physical) {
    std::uint32_t count = 0;
    vkGetPhysicalDeviceQueueFamilyProperties(physical, &count, nullptr);
    std::vector<VkQueueFamilyProperties> families(count);
    vkGetPhysicalDeviceQueueFamilyProperties(physical, &count, families.data());
    for (std::uint32_t i = 0; i < count; ++i) {
        if ((families[i].queueFlags & VK_QUEUE_COMPUTE_BIT) != 0) return i;
    }
    throw DeviceError("this Vulkan device has no compute queue; use --device cpu");
}

bool has_extension(VkPhysicalDevice physical, const char* name) {
    std::uint32_t count = 0;
    check(vkEnumerateDeviceExtensionProperties(physical, nullptr, &count, nullptr), "listing extensions");
    std::vector<VkExtensionProperties> extensions(count);
    check(vkEnumerateDeviceExtensionProperties(physical, nullptr, &count, extensions.data()),
          "listing extensions");
    return std::any_of(extensions.begin(), extensions.end(), [name](const VkExtensionProperties& extension) {
        return std::strcmp(extension.extensionName, name) == 0;
    });
}

void require_usable(VkPhysicalDevice physical) {
    VkPhysicalDeviceProperties properties;
    vkGetPhysicalDeviceProperties(physical, &properties);
    const auto refuse = [&](const char* lack) {
        throw DeviceError(std::string(properties.deviceName) + " " + lack +
                          "; update its driver, or use --device cpu");
    };
    if (properties.apiVersion < VK_API_VERSION_1_2) refuse("does not know Vulkan 1.2");
    VkPhysicalDeviceFeatures features;
    vkGetPhysicalDeviceFeatures(physical, &features);
    if (features.shaderStorageBufferArrayDynamicIndexing == VK_FALSE)
        refuse("cannot index arrays of storage buffers");
    const std::uint32_t needed = 2 * shaders::tile_limit + own_binding_limit;
    if (properties.limits.maxPerStageDescriptorStorageBuffers < needed)
        refuse("binds too few storage buffers at once");
}

OwnedSetLayout make_rows_set_layout(VkDevice device) {
    VkDescriptorSetLayoutBinding bindings[2] = {};
    for (std::uint32_t i = 0; i < 2; ++i) {
        bindings[i].binding = i;
        bindings[i].descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
        bindings[i].descriptorCount = shaders::tile_limit;
        bindings[i].stageFlags = VK_SHADER_STAGE_COMPUTE_BIT;
    }
    auto info = of_type<VkDescriptorSetLayoutCreateInfo>(VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO);
    info.bindingCount = 2;
    info.pBindings = bindings;
    VkDescriptorSetLayout layout = VK_NULL_HANDLE;
    check(vkCreateDescriptorSetLayout(device, &info, nullptr, &layout), "making a descriptor set layout");
    return {device, layout};
}

OwnedSemaphore make_timeline(VkDevice device) {
    auto type = of_type<VkSemaphoreTypeCreateInfo>(VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO);
    type.semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE;
    auto info = of_type<VkSemaphoreCreateInfo>(VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO);
    info.pNext = &type;
    VkSemaphore semaphore = VK_NULL_HANDLE;
    check(vkCreateSemaphore(device, &info, nullptr, &semaphore), "making a semaphore");
    return {device, semaphore};
}

OwnedCommandPool make_command_pool(VkDevice device, std::uint32_t family) {
    auto info = of_type<VkCommandPoolCreateInfo>(VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO);
    info.flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT;
    info.queueFamilyIndex = family;
    VkCommandPool pool = VK_NULL_HANDLE;
    check(vkCreateCommandPool(device, &info, nullptr, &pool), "making a command pool");
    return {device, pool};
}

VkDevice make_device(VkPhysicalDevice physical, std::uint32_t family, bool with_budget) {
    const float priority = 1.0F;
    auto queue = of_type<VkDeviceQueueCreateInfo>(VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO);
    queue.queueFamilyIndex = family;
    queue.queueCount = 1;
    queue.pQueuePriorities = &priority;
    auto features12 =
        of_type<VkPhysicalDeviceVulkan12Features>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES);
    features12.timelineSemaphore = VK_TRUE;
    VkPhysicalDeviceFeatures features{};
    features.shaderStorageBufferArrayDynamicIndexing = VK_TRUE;
    auto info = of_type<VkDeviceCreateInfo>(VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO);
    info.pNext = &features12;
    info.queueCreateInfoCount = 1;
    info.pQueueCreateInfos = &queue;
    info.pEnabledFeatures = &features;
    const char* const budget = VK_EXT_MEMORY_BUDGET_EXTENSION_NAME;
    info.enabledExtensionCount = with_budget ? 1 : 0;
    info.ppEnabledExtensionNames = &budget;
    VkDevice device = VK_NULL_HANDLE;
    check(vkCreateDevice(physical, &info, nullptr, &device), "opening the device");
    return device;
}

/// Number of a memory type that `requirements` allow and that has all of `flags`, or -1.
int find_memory_type(const VkPhysicalDeviceMemoryProperties& memory, const VkMemoryRequirements& requirements,
                     VkMemoryPropertyFlags flags) {
    for (std::uint32_t i = 0; i < memory.memoryTypeCount; ++i) {
        const bool allowed = (requirements.memoryTypeBits >> i & 1U) != 0;
        if (allowed && (memory.memoryTypes[i].propertyFlags & flags) == flags) return static_cast<int>(i);
    }
    return -1;
}

}  // namespace

Device::Handle::~Handle() { vkDestroyDevice(device, nullptr); }

Device::Device(VkPhysicalDevice physical, std::uint64_t tile_bytes, BlobStore* store)
    : physical_(physical), shaders_(physical, store) {
    require_usable(physical);
    queue_family_ = find_compute_family(physical);
    auto sizes = of_type<VkPhysicalDeviceMaintenance3Properties>(
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_3_PROPERTIES);
    auto properties = of_type<VkPhysicalDeviceProperties2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2);
    properties.pNext = &sizes;
    vkGetPhysicalDeviceProperties2(physical, &properties);
    binding_bytes_ = std::min<std::uint64_t>({largest_tile_bytes, sizes.maxMemoryAllocationSize,
                                              properties.properties.limits.maxStorageBufferRange});
    tile_bytes_ = std::min(tile_bytes, binding_bytes_);
    const std::uint32_t(&groups)[3] = properties.properties.limits.maxComputeWorkGroupCount;
    most_groups_ = {groups[0], groups[1], groups[2]};
    knows_budget_ = has_extension(physical, VK_EXT_MEMORY_BUDGET_EXTENSION_NAME);

    device_.device = make_device(physical, queue_family_, knows_budget_);
    vkGetDeviceQueue(handle(), queue_family_, 0, &queue_);
    make_pipeline_cache();
    rows_set_layout_ = make_rows_set_layout(handle());
    done_ = make_timeline(handle());
    command_pool_ = make_command_pool(handle(), queue_family_);
    times_.emplace(physical, queue_family_);
    for (Slot& slot : slots_) {
        auto commands = of_type<VkCommandBufferAllocateInfo>(VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO);
        commands.commandPool = command_pool_.get();
        commands.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
        commands.commandBufferCount = 1;
        check(vkAllocateCommandBuffers(handle(), &commands, &slot.commands), "making command buffers");
    }
}

Device::~Device() {
    finish();
    keep_pipeline_cache();
}

void Device::make_pipeline_cache() {
    const std::vector<std::byte>& kept = shaders_.get(pipelines_key);
    auto info = of_type<VkPipelineCacheCreateInfo>(VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO);
    info.initialDataSize = kept.size();
    info.pInitialData = kept.data();
    VkPipelineCache cache = VK_NULL_HANDLE;
    VkResult result = vkCreatePipelineCache(handle(), &info, nullptr, &cache);
    if (result != VK_SUCCESS && !kept.empty()) {
        info.initialDataSize = 0;
        result = vkCreatePipelineCache(handle(), &info, nullptr, &cache);
    }
    check(result, "making a pipeline cache");
    pipeline_cache_ = {handle(), cache};
}

/// Puts into the store what the driver compiled, unless that is what came from there.
void Device::keep_pipeline_cache() noexcept {
    if (!shaders_.is_kept()) return;
    try {
        std::size_t size = 0;
        if (vkGetPipelineCacheData(handle(), pipeline_cache(), &size, nullptr) != VK_SUCCESS) return;
        std::vector<std::byte> bytes(size);
        if (vkGetPipelineCacheData(handle(), pipeline_cache(), &size, bytes.data()) != VK_SUCCESS) return;
        bytes.resize(size);
        if (bytes != shaders_.get(pipelines_key)) shaders_.put(pipelines_key, std::move(bytes));
    } catch (const std::bad_alloc&) {
        // It will be compiled again next time.
    }
}

Allocation Device::allocate(const VkMemoryRequirements& requirements, VkMemoryPropertyFlags needed,
                            VkMemoryPropertyFlags wanted) {
    auto budget = of_type<VkPhysicalDeviceMemoryBudgetPropertiesEXT>(
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT);
    auto memory =
        of_type<VkPhysicalDeviceMemoryProperties2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2);
    if (knows_budget_) memory.pNext = &budget;
    vkGetPhysicalDeviceMemoryProperties2(physical_, &memory);
    int type = find_memory_type(memory.memoryProperties, requirements, needed | wanted);
    if (type < 0) type = find_memory_type(memory.memoryProperties, requirements, needed);
    if (type < 0) throw DeviceError("the Vulkan device has no memory of the kind needed; use --device cpu");

    // Asked, not tried: a driver that overcommits would let the system kill us instead of failing.
    const std::uint32_t heap = memory.memoryProperties.memoryTypes[type].heapIndex;
    const std::uint64_t limit =
        knows_budget_ ? budget.heapBudget[heap] : memory.memoryProperties.memoryHeaps[heap].size;
    const std::uint64_t used = knows_budget_ ? budget.heapUsage[heap] : heap_bytes_[heap];
    if (used + requirements.size > limit) check(VK_ERROR_OUT_OF_DEVICE_MEMORY, "taking memory");

    auto info = of_type<VkMemoryAllocateInfo>(VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO);
    info.allocationSize = requirements.size;
    info.memoryTypeIndex = static_cast<std::uint32_t>(type);
    VkDeviceMemory allocated = VK_NULL_HANDLE;
    check(vkAllocateMemory(handle(), &info, nullptr, &allocated), "taking memory");
    return {HeapShare(heap_bytes_[heap], requirements.size), OwnedMemory(handle(), allocated)};
}

void Device::require(const GroupCount& groups) const {
    if (groups.x <= most_groups_.x && groups.y <= most_groups_.y && groups.z <= most_groups_.z) return;
    throw DeviceError(
        "the chunk or the mix is too large for one dispatch of the Vulkan device; give a lower --memory or "
        "use --device cpu");
}

Recording Device::record() {
    Slot& slot = slots_[next_slot_];
    wait(slot.number);
    times_->harvest(handle(), next_slot_);
    return Recording(*this, slot.commands);
}

std::uint64_t Device::submit(VkCommandBuffer commands) {
    const std::uint64_t number = last_number_ + 1;
    auto timeline = of_type<VkTimelineSemaphoreSubmitInfo>(VK_STRUCTURE_TYPE_TIMELINE_SEMAPHORE_SUBMIT_INFO);
    timeline.signalSemaphoreValueCount = 1;
    timeline.pSignalSemaphoreValues = &number;
    const VkSemaphore done = done_.get();
    auto info = of_type<VkSubmitInfo>(VK_STRUCTURE_TYPE_SUBMIT_INFO);
    info.pNext = &timeline;
    info.commandBufferCount = 1;
    info.pCommandBuffers = &commands;
    info.signalSemaphoreCount = 1;
    info.pSignalSemaphores = &done;
    check(vkQueueSubmit(queue_, 1, &info, VK_NULL_HANDLE), "submitting work");
    slots_[next_slot_].number = number;
    next_slot_ = (next_slot_ + 1) % slots_.size();
    last_number_ = number;
    return number;
}

void Device::set_timing(bool on) { times_->set_on(handle(), on); }

const StageTimes& Device::times() {
    wait(last_number_);
    // The oldest first: each stage's first run decides where it is reported.
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        times_->harvest(handle(), (next_slot_ + i) % slots_.size());
    }
    return *times_;
}

void Device::wait(std::uint64_t number) const {
    if (number == 0) return;
    const VkSemaphore done = done_.get();
    auto info = of_type<VkSemaphoreWaitInfo>(VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO);
    info.semaphoreCount = 1;
    info.pSemaphores = &done;
    info.pValues = &number;
    check(vkWaitSemaphores(handle(), &info, UINT64_MAX), "waiting for work");
}

}  // namespace tutti::vulkan
