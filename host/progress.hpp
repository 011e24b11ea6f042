#pragma once

#include <chrono>
#include <string>

namespace tutti {

/// Shows how far a long piece of work is, on standard error: a bar with x real time and time left on a
/// terminal, a plain line every tenth elsewhere.
class Progress {
  public:
    /// `total_s`: seconds of audio to come. Silent unless `visible`.
    Progress(std::string what, double total_s, bool visible);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void advance_to(double done_s);

  private:
    void show_bar(double share, double done_s, double elapsed_s) const;

    std::string what_;
    double total_s_;
    bool visible_;
    bool is_terminal_;
    int tenths_shown_ = 0;
    bool bar_shown_ = false;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point last_shown_ = start_;
};

/// 75.3 -> "1:15.3"; hours when there are any.
std::string clock_text(double seconds, int decimals = 1);

}  // namespace tutti
