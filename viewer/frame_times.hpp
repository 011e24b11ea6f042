#pragma once

#include <chrono>
#include <ctime>
#include <string>
#include <vector>

namespace tutti::viewer {

/// How long frames took, from the first word said about one to its last pixel.
class FrameTimes {
  public:
    void begin() {
        start_ = std::chrono::steady_clock::now();
        cpu_start_ = std::clock();
    }
    void end() {
        ms_.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count());
        cpu_ms_.push_back(1000.0 * static_cast<double>(std::clock() - cpu_start_) / CLOCKS_PER_SEC);
    }

    /// "120 frames: median 12.3 ms, 95 % within 15.1 ms, longest 20.2 ms; CPU: median 13.0 ms, longest 16.2
    /// ms". The CPU's time is that of all threads meanwhile, also those that read or listen.
    std::string text() const;

  private:
    std::vector<double> ms_;
    std::vector<double> cpu_ms_;
    std::chrono::steady_clock::time_point start_;
    std::clock_t cpu_start_ = 0;
};

}  // namespace tutti::viewer
