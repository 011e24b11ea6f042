#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "engine/vulkan/owned.hpp"
#include "engine/vulkan/stage_times.hpp"

namespace tutti::vulkan {

class Commands;
class Lane;

/// What was submitted to the lanes of one device, and what it took.
struct Ledger {
    StageTimes times;
    std::vector<Commands*> all;
    std::uint64_t submission_count = 0;
    double waited_s = 0.0;  ///< by the host, for any of it

    /// Waits for all work of all lanes and has its times counted.
    void settle();
};

/// A place in what a lane does: the work with this number, and all before it. Number 0 is done from the
/// beginning.
struct Point {
    Lane* lane = nullptr;
    std::uint64_t number = 0;
};

/// A command buffer of a lane, and when it was last submitted.
class Commands {
  public:
    explicit Commands(Lane& lane);
    ~Commands();  ///< waits until it is done
    Commands(const Commands&) = delete;
    Commands& operator=(const Commands&) = delete;

    VkCommandBuffer handle() const { return handle_; }
    Lane& lane() { return lane_; }
    StageMarks& marks() { return marks_; }

    /// Waits until it is done, and has its times counted.
    void settle();

  private:
    friend class Lane;
    friend struct Ledger;
    Lane& lane_;
    VkCommandBuffer handle_ = VK_NULL_HANDLE;
    std::uint64_t number_ = 0;      ///< of its last submission, in its lane
    std::uint64_t submission_ = 0;  ///< that number among all lanes'
    bool is_counted_ = true;
    StageMarks marks_;
};

/// Where work is queued and done in order: a queue, with a timeline that says how far it is. Two lanes may
/// stand in one queue, when the device has no other.
class Lane {
  public:
    /// The ledger must outlive it.
    Lane(VkDevice device, VkQueue queue, std::uint32_t family, const StageClock& clock, Ledger& ledger);
    ~Lane();
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    VkDevice device() const { return device_; }
    VkQueue queue() const { return queue_; }
    VkCommandPool command_pool() const { return pool_.get(); }
    const StageClock& clock() const { return clock_; }

    /// A command buffer for work that comes once; waits when too much is under way.
    Commands& next_commands();

    /// Submits command buffers, to be done in this order, when the points of other lanes are reached.
    Point submit(std::span<Commands* const> work, std::span<const Point> after);

    void wait(std::uint64_t number);

    /// Has a trace show what it does, from now on, in a lane of that name.
    void trace_as(const std::string& name);

  private:
    friend class Commands;
    void count(Commands& commands);
    double trace_time_s(std::uint64_t tick) const;

    VkDevice device_;
    VkQueue queue_;
    StageClock clock_;
    Ledger& ledger_;
    OwnedSemaphore done_;  ///< timeline: the number of the last work that is done
    OwnedCommandPool pool_;
    std::uint64_t last_number_ = 0;
    std::uint64_t done_number_ = 0;         ///< known to be done
    std::vector<VkCommandBuffer> handles_;  ///< of one submission
    std::deque<Commands> once_;             ///< a ring
    std::size_t next_ = 0;
    int trace_lane_ = -1;
    std::uint64_t known_tick_ = 0;  ///< of the queue's clock, that was
    double known_s_ = 0.0;          ///< then, as a trace counts
};

}  // namespace tutti::vulkan
