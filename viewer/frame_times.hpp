#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace tutti::viewer {

/// How long frames took, from the first word said about one to its last pixel.
class FrameTimes {
  public:
    void begin() { start_ = std::chrono::steady_clock::now(); }
    void end() {
        ms_.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count());
    }

    /// "120 frames: median 12.3 ms, 95 % within 15.1 ms, longest 20.2 ms"
    std::string text() const;

  private:
    std::vector<double> ms_;
    std::chrono::steady_clock::time_point start_;
};

}  // namespace tutti::viewer
