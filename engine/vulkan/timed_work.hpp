#pragma once

#include "engine/vulkan/device.hpp"

namespace tutti::vulkan {

/// Times work that is none of the user's: while it lives, stages are timed apart from what was timed before,
/// which is put back at the end.
class TimedWork {
  public:
    explicit TimedWork(Device& device)
        : device_(device), was_on_(device.is_timing()), kept_(device.times().totals()) {
        device.set_times({});
        device.set_timing(true);
    }
    ~TimedWork() {
        device_.set_timing(was_on_);
        device_.set_times(kept_);
    }
    TimedWork(const TimedWork&) = delete;
    TimedWork& operator=(const TimedWork&) = delete;

    /// What the stages took since the last call; waits for them. Nothing on a device without a clock.
    StageTimes::Totals take() const {
        const StageTimes::Totals totals = device_.times().totals();
        device_.set_times({});
        return totals;
    }

  private:
    Device& device_;
    bool was_on_;
    StageTimes::Totals kept_;
};

}  // namespace tutti::vulkan
