#include "host/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

namespace tutti {

Progress::Progress(std::string what, double total_s, bool visible)
    : what_(std::move(what)),
      total_s_(total_s),
      visible_(visible),
      is_terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
    if (bar_shown_) std::fputs("\r\033[K", stderr);
}

void Progress::advance_to(double done_s) {
    if (!visible_ || total_s_ <= 0.0) return;
    const auto now = std::chrono::steady_clock::now();
    const double elapsed_s = std::chrono::duration<double>(now - start_).count();
    const double share = std::clamp(done_s / total_s_, 0.0, 1.0);
    if (is_terminal_) {
        if (now - last_shown_ < std::chrono::milliseconds(80)) return;
        last_shown_ = now;
        bar_shown_ = true;
        show_bar(share, done_s, elapsed_s);
        return;
    }
    // A line of its own only for work that takes more than a moment.
    const int tenths = static_cast<int>(share * 10.0);
    if (tenths <= tenths_shown_ || elapsed_s < 2.0) return;
    tenths_shown_ = tenths;
    std::fprintf(stderr, "%s: %d %%, %.1f x real time, %s left\n", what_.c_str(), tenths * 10,
                 done_s / std::max(elapsed_s, 1e-9), clock_text(elapsed_s / share - elapsed_s, 0).c_str());
}

void Progress::show_bar(double share, double done_s, double elapsed_s) const {
    constexpr int width = 32;
    const int filled = static_cast<int>(share * width);
    std::string bar;
    for (int i = 0; i < width; ++i) bar += i < filled ? "█" : "░";
    std::fprintf(stderr, "\r%s %s %3.0f %%  %.1f x real time  %s left \033[K", what_.c_str(), bar.c_str(),
                 share * 100.0, done_s / std::max(elapsed_s, 1e-9),
                 share > 0.0 ? clock_text(elapsed_s / share - elapsed_s, 0).c_str() : "?");
    std::fflush(stderr);
}

std::string clock_text(double seconds, int decimals) {
    const double scale = std::pow(10.0, decimals);
    const double rounded = std::round(seconds * scale) / scale;
    const int minutes = static_cast<int>(rounded / 60.0);
    const double rest = rounded - 60.0 * minutes;
    char text[64];
    const int width = decimals > 0 ? decimals + 3 : 2;
    if (minutes >= 60) {
        std::snprintf(text, sizeof text, "%d:%02d:%0*.*f", minutes / 60, minutes % 60, width, decimals, rest);
    } else {
        std::snprintf(text, sizeof text, "%d:%0*.*f", minutes, width, decimals, rest);
    }
    return text;
}

}  // namespace tutti
