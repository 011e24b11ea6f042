#include "host/loudness_follower.hpp"

namespace tutti {

namespace {

/// y follows x: share of the way per millisecond, up and down.
struct Follower {
    double attack, release;

    double operator()(double y, double x) const { return y + (x > y ? attack : release) * (x - y); }
};

constexpr Follower short_term_follower{.attack = 0.045, .release = 0.033};
constexpr Follower long_term_follower{.attack = 0.01, .release = 0.00133};

}  // namespace

LoudnessFollower::LoudnessFollower(const MaskingGrid& grid)
    : band_step_cam_(grid.band_step_cam), short_term_(2 * grid.band_hz.size(), 0.0) {}

LoudnessFollower::Step LoudnessFollower::add(std::span<const double> specific) {
    Step step;
    const std::size_t bands = short_term_.size() / 2;
    for (std::size_t ear = 0; ear < 2; ++ear) {
        double sum = 0.0;
        for (std::size_t i = ear * bands; i < (ear + 1) * bands; ++i) {
            short_term_[i] = short_term_follower(short_term_[i], specific[i]);
            sum += short_term_[i];
        }
        const double sone = sum * band_step_cam_;
        long_term_[ear] = long_term_follower(long_term_[ear], sone);
        step.short_term_sone += sone;
        step.long_term_sone += long_term_[ear];
    }
    return step;
}

}  // namespace tutti
