#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/backend.hpp"
#include "engine/cpu/thread_time.hpp"

namespace tutti::cpu {

/// Stages that the CPU can time.
enum class Stage {
    excitation_spectrum,
    excitation_filters,
    excitation_product,
    masking_survey,
    masking_cells,
    masking_product
};
inline constexpr int stage_count = 6;

/// What stages take on all threads, while it is on.
class StageClock {
  public:
    /// From zero, for as many threads as there are now.
    void start();
    void stop() { is_on_ = false; }
    bool is_on() const { return is_on_; }

    /// What this thread took for one run of a stage, and what it read and wrote.
    void add(Stage stage, double seconds, std::uint64_t bytes);

    /// Seconds are those of all threads, divided by their number.
    std::vector<StageReport> reports() const;

  private:
    struct Tally {
        double seconds = 0.0;
        std::uint64_t bytes = 0;
        std::uint64_t run_count = 0;
    };
    struct alignas(64) Thread {
        std::array<Tally, stage_count> stages;
    };
    bool is_on_ = false;
    std::vector<Thread> threads_;
};

/// Times stages one after the other on one thread.
class StageTimer {
  public:
    explicit StageTimer(StageClock& clock) : clock_(clock) {
        if (clock_.is_on()) last_s_ = thread_time_s();
    }

    /// What was done since the last one, or since the timer was made, was this stage.
    void end(Stage stage, std::uint64_t bytes) {
        if (!clock_.is_on()) return;
        const double now_s = thread_time_s();
        clock_.add(stage, now_s - last_s_, bytes);
        last_s_ = now_s;
    }

  private:
    StageClock& clock_;
    double last_s_ = 0.0;
};

}  // namespace tutti::cpu
