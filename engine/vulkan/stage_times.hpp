#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/backend.hpp"
#include "engine/vulkan/owned.hpp"

namespace tutti::vulkan {

/// How a queue's timestamps count.
struct StageClock {
    double tick_s = 0.0;
    std::uint64_t mask = 0;  ///< of the bits that count; 0: the queue has no clock

    double seconds(std::uint64_t from, std::uint64_t to) const {
        return tick_s * static_cast<double>((to - from) & mask);
    }
};

/// What stages took, by name.
class StageTimes {
  public:
    struct Total {
        const char* name = nullptr;
        double seconds = 0.0;
        std::uint64_t bytes = 0;
        std::uint64_t run_count = 0;
        std::uint64_t first_submission = 0;
    };
    using Totals = std::array<Total, 64>;

    /// A run in the submission of that number.
    void add(const char* name, double seconds, std::uint64_t bytes, std::uint64_t submission);

    const Totals& totals() const { return totals_; }
    void set_totals(const Totals& totals) { totals_ = totals; }

    /// The totals as reports, in the order of each stage's first run.
    std::vector<StageReport> reports() const;

  private:
    Totals totals_{};
};

/// The stages of one command buffer, between timestamps that the device writes.
class StageMarks {
  public:
    /// The commands begin. With `timed`, stages are marked; makes its queries when that is first so.
    void begin(VkDevice device, bool timed);

    /// A stage begins, where the one before ends. `name` must live for ever; `bytes` of device memory are to
    /// be read and written in it.
    void begin_stage(VkCommandBuffer commands, const char* name, std::uint64_t bytes);

    /// Stages of that name move so many bytes in the next run, which may be others than when they were
    /// written down.
    void set_bytes(const char* name, std::uint64_t bytes);

    /// The commands end, and the last stage with them.
    void end(VkCommandBuffer commands);

    bool is_timed() const { return is_timed_; }

    /// Reads what the commands took, which must be done, and makes them ready for the next run:
    /// take(name, bytes, first tick, last tick) for every stage.
    template <typename Take>
    void harvest(VkDevice device, const Take& take) {
        const std::uint32_t count = read(device);
        for (std::uint32_t i = 0; i < count; ++i) {
            take(stages_[i].name, stages_[i].bytes, ticks_[i], ticks_[i + 1]);
        }
    }

  private:
    static constexpr std::uint32_t stage_limit = 63;  // per command buffer; a stage too many is not counted
    static constexpr std::uint32_t query_count = stage_limit + 1;

    struct Stage {
        const char* name = nullptr;
        std::uint64_t bytes = 0;
    };

    void write(VkCommandBuffer commands, std::uint32_t query) const;
    std::uint32_t read(VkDevice device);

    bool is_timed_ = false;
    std::uint32_t stage_count_ = 0;
    OwnedQueryPool pool_;
    std::array<Stage, stage_limit> stages_;
    std::array<std::uint64_t, query_count> ticks_{};
};

}  // namespace tutti::vulkan
