#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/backend.hpp"
#include "engine/vulkan/owned.hpp"

namespace tutti::vulkan {

/// Command buffers that may be under way at once.
inline constexpr std::size_t slot_limit = 32;

/// Times the stages of recordings by timestamps that the device writes. While it is off, it makes no query.
class StageTimes {
  public:
    StageTimes(VkPhysicalDevice physical, std::uint32_t queue_family);

    /// Whether the device's queue has a clock; without one nothing is timed.
    bool can_time() const { return valid_bits_ > 0; }
    bool is_on() const { return is_on_; }
    void set_on(VkDevice device, bool on);

    /// The commands of a slot begin; those it held before must be done and harvested.
    void begin(std::size_t slot, VkCommandBuffer commands);

    /// A stage begins, where the one before ends. `name` must live for ever; `bytes` of device memory are to
    /// be read and written in it.
    void begin_stage(std::size_t slot, VkCommandBuffer commands, const char* name, std::uint64_t bytes);

    /// The commands of the slot end, and the last stage with them.
    void end(std::size_t slot, VkCommandBuffer commands);

    /// Adds up what the commands of the slot took; they must be done.
    void harvest(VkDevice device, std::size_t slot);

    struct Total {
        const char* name = nullptr;
        double seconds = 0.0;
        std::uint64_t bytes = 0;
        std::uint64_t run_count = 0;
    };
    using Totals = std::array<Total, 64>;

    /// What was harvested since the totals were last set.
    const Totals& totals() const { return totals_; }

    /// Replaces the totals; what is not harvested yet never will be.
    void set_totals(const Totals& totals);

    /// The totals as reports, in the order of each stage's first run.
    std::vector<StageReport> reports() const;

  private:
    static constexpr std::uint32_t stage_limit = 63;  // per recording; a stage too many is not counted
    static constexpr std::uint32_t queries_per_slot = stage_limit + 1;

    struct Stage {
        const char* name = nullptr;
        std::uint64_t bytes = 0;
    };
    struct Slot {
        std::array<Stage, stage_limit> stages;
        std::uint32_t stage_count = 0;
        bool is_timed = false;
    };

    void write(std::size_t slot, VkCommandBuffer commands, std::uint32_t query) const;
    Total& total_of(const char* name);

    std::uint32_t valid_bits_ = 0;
    double tick_s_ = 0.0;
    bool is_on_ = false;
    OwnedQueryPool pool_;
    std::array<Slot, slot_limit> slots_;
    Totals totals_{};
};

}  // namespace tutti::vulkan
