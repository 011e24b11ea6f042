#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/vulkan/instance.hpp"
#include "engine/vulkan/lane.hpp"
#include "engine/vulkan/owned.hpp"
#include "engine/vulkan/queues.hpp"
#include "engine/vulkan/shader_store.hpp"

namespace tutti::vulkan {

class Recording;

/// Workgroups of one dispatch.
struct GroupCount {
    std::uint32_t x = 1;
    std::uint32_t y = 1;
    std::uint32_t z = 1;
};

/// Counts bytes of a heap as used for as long as it lives.
class HeapShare {
  public:
    HeapShare() = default;
    HeapShare(std::uint64_t& used_bytes, std::uint64_t bytes) : used_bytes_(&used_bytes), bytes_(bytes) {
        *used_bytes_ += bytes_;
    }
    HeapShare(HeapShare&& other) noexcept
        : used_bytes_(std::exchange(other.used_bytes_, nullptr)), bytes_(other.bytes_) {}
    HeapShare& operator=(HeapShare&& other) noexcept {
        std::swap(used_bytes_, other.used_bytes_);
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    ~HeapShare() {
        if (used_bytes_ != nullptr) *used_bytes_ -= bytes_;
    }

  private:
    std::uint64_t* used_bytes_ = nullptr;
    std::uint64_t bytes_ = 0;
};

struct Allocation {
    HeapShare share;
    OwnedMemory memory;
};

/// One Vulkan device with its two lanes: shaders run in one, rows come and go in the other, side by side
/// where the device has a queue for each. Work of a lane is submitted and done in order; only wait() waits
/// for it.
class Device {
  public:
    /// `tile_bytes`: upper limit on one buffer, on top of the device's own. `store`, which may be null, keeps
    /// compiled shaders and must outlive the device. Throws DeviceError when the device cannot be used.
    Device(VkPhysicalDevice physical, std::uint64_t tile_bytes, BlobStore* store);
    ~Device();
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    VkDevice handle() const { return device_.device; }
    VkPhysicalDevice physical() const { return physical_; }
    VkPipelineCache pipeline_cache() const { return pipeline_cache_.get(); }
    ShaderStore& shaders() { return shaders_; }
    Lane& compute() { return *compute_; }
    Lane& transfer() { return *transfer_; }
    bool is_transfer(const Lane& lane) const { return &lane == &*transfer_; }
    const QueueChoice& queues() const { return queues_; }
    std::uint64_t tile_bytes() const { return tile_bytes_; }

    /// The most a shader can see of one buffer.
    std::uint64_t binding_bytes() const { return binding_bytes_; }

    /// Throws DeviceError when the device cannot run this many workgroups in one dispatch.
    void require(const GroupCount& groups) const;

    /// The layout of the descriptor set that holds the tiles of a Rows matrix (shaders/rows.glsl).
    VkDescriptorSetLayout rows_set_layout() const { return rows_set_layout_.get(); }

    /// Takes memory from the heap of a type that has `wanted`, or at least `needed`. Throws DeviceError when
    /// it does not fit.
    Allocation allocate(const VkMemoryRequirements& requirements, VkMemoryPropertyFlags needed,
                        VkMemoryPropertyFlags wanted);

    /// Begins a piece of work that comes once, in the lane of shaders or in that of transfers. Waits when too
    /// much is under way.
    Recording record();
    Recording record_transfer();

    /// Waits until the submitted work is done.
    void wait(const Point& point) const {
        if (point.number > 0) point.lane->wait(point.number);
    }

    /// Waits for all work, and has its times counted.
    void settle() { ledger_.settle(); }

    /// Seconds that wait() and others took so far to wait for work.
    double waited_s() const { return ledger_.waited_s; }

    /// Times the stages of all work from now on, or no longer.
    void set_timing(bool on) { is_timing_ = on || is_traced_; }

    /// Has a trace show what its queues do, from now on.
    void trace_as(const std::string& name);
    bool is_timing() const { return is_timing_ && compute_->clock().mask != 0; }

    /// Whether the stages of a lane are to be timed.
    bool times_stages(const Lane& lane) const { return is_timing_ && lane.clock().mask != 0; }

    /// What the stages of all work so far took, while they were timed; waits for it.
    const StageTimes& times();

    /// Replaces that; what is still under way counts for nothing.
    void set_times(const StageTimes::Totals& totals);

    /// Waits for all work, whatever became of it: what a destructor calls before it lets go of buffers.
    void finish() const noexcept { vkDeviceWaitIdle(handle()); }

  private:
    void make_pipeline_cache();
    void keep_pipeline_cache() noexcept;

    struct Handle {
        VkDevice device = VK_NULL_HANDLE;
        ~Handle();
    };

    VkPhysicalDevice physical_;
    ShaderStore shaders_;
    QueueChoice queues_;
    std::uint64_t tile_bytes_ = 0;
    std::uint64_t binding_bytes_ = 0;
    GroupCount most_groups_;
    bool knows_budget_ = false;
    Handle device_;  // first of the owned: destroyed last
    OwnedPipelineCache pipeline_cache_;
    OwnedSetLayout rows_set_layout_;
    std::array<std::uint64_t, VK_MAX_MEMORY_HEAPS> heap_bytes_{};  ///< in use, for drivers without a budget
    Ledger ledger_;
    std::optional<Lane> compute_;
    std::optional<Lane> transfer_;
    bool is_timing_ = false;
    bool is_traced_ = false;
};

}  // namespace tutti::vulkan
