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

std::vector<VkQueueFamilyProperties> queue_families(VkPhysicalDevice physical) {
    std::uint32_t count = 0;
    vkGetPhysicalDeviceQueueFamilyProperties(physical, &count, nullptr);
    std::vector<VkQueueFamilyProperties> families(count);
    vkGetPhysicalDeviceQueueFamilyProperties(physical, &count, families.data());
    return families;
}

/// Without queries that the host resets nothing is timed.
bool can_reset_queries(VkPhysicalDevice physical) {
    auto features12 =
        of_type<VkPhysicalDeviceVulkan12Features>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES);
    auto features = of_type<VkPhysicalDeviceFeatures2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2);
    features.pNext = &features12;
    vkGetPhysicalDeviceFeatures2(physical, &features);
    return features12.hostQueryReset != VK_FALSE;
}

StageClock clock_of(VkPhysicalDevice physical, const VkQueueFamilyProperties& family) {
    const std::uint32_t bits = can_reset_queries(physical) ? family.timestampValidBits : 0;
    VkPhysicalDeviceProperties properties;
    vkGetPhysicalDeviceProperties(physical, &properties);
    return {1e-9 * static_cast<double>(properties.limits.timestampPeriod),
            bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1};
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

VkDevice make_device(VkPhysicalDevice physical, const QueueChoice& choice, bool with_budget) {
    const float priorities[] = {1.0F, 1.0F};
    VkDeviceQueueCreateInfo queues[2];
    for (VkDeviceQueueCreateInfo& queue : queues) {
        queue = of_type<VkDeviceQueueCreateInfo>(VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO);
        queue.queueCount = 1;
        queue.pQueuePriorities = priorities;
    }
    queues[0].queueFamilyIndex = choice.compute_family;
    if (choice.share_family()) queues[0].queueCount = 1 + choice.transfer_index;
    queues[1].queueFamilyIndex = choice.transfer_family;
    auto features12 =
        of_type<VkPhysicalDeviceVulkan12Features>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES);
    features12.timelineSemaphore = VK_TRUE;
    features12.hostQueryReset = can_reset_queries(physical) ? VK_TRUE : VK_FALSE;
    VkPhysicalDeviceFeatures features{};
    features.shaderStorageBufferArrayDynamicIndexing = VK_TRUE;
    auto info = of_type<VkDeviceCreateInfo>(VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO);
    info.pNext = &features12;
    info.queueCreateInfoCount = choice.share_family() ? 1 : 2;
    info.pQueueCreateInfos = queues;
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
    const std::vector<VkQueueFamilyProperties> families = queue_families(physical);
    queues_ = choose_queues(families);
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

    device_.device = make_device(physical, queues_, knows_budget_);
    make_pipeline_cache();
    rows_set_layout_ = make_rows_set_layout(handle());
    const auto start = [&](std::optional<Lane>& lane, std::uint32_t family, std::uint32_t index) {
        VkQueue queue = VK_NULL_HANDLE;
        vkGetDeviceQueue(handle(), family, index, &queue);
        lane.emplace(handle(), queue, family, clock_of(physical, families[family]), ledger_);
    };
    start(compute_, queues_.compute_family, 0);
    start(transfer_, queues_.transfer_family, queues_.transfer_index);
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

Recording Device::record() { return Recording(*this, compute_->next_commands(), false); }

Recording Device::record_transfer() { return Recording(*this, transfer_->next_commands(), false); }

void Device::trace_as(const std::string& name) {
    compute_->trace_as(name + " shaders");
    transfer_->trace_as(name + " transfers");
    is_traced_ = is_timing_ = true;
}

const StageTimes& Device::times() {
    ledger_.settle();
    return ledger_.times;
}

void Device::set_times(const StageTimes::Totals& totals) {
    ledger_.settle();
    ledger_.times.set_totals(totals);
}

}  // namespace tutti::vulkan
