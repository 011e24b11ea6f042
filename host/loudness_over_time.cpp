#include "host/loudness_over_time.hpp"

#include <algorithm>
#include <cmath>

#include "engine/masking_analysis.hpp"
#include "host/masking_calibration.hpp"

namespace tutti {

namespace {

constexpr int ear_count = 2;
constexpr int steps_per_s = 1000;
constexpr int steps_per_shown = 10;
constexpr int most_steps = 200;  ///< at a time

}  // namespace

LoudnessOverTime::LoudnessOverTime(Backend& backend, int channels, int sample_rate_hz,
                                   std::int64_t frame_count, const ListeningLevel& level)
    : sample_rate_hz_(sample_rate_hz),
      step_count_((frame_count * steps_per_s + sample_rate_hz - 1) / sample_rate_hz),
      follower_(masking_grid(sample_rate_hz, GridKind::usual)) {
    ExcitationPlan plan;
    plan.sample_rate_hz = sample_rate_hz;
    plan.grid = masking_grid(sample_rate_hz, GridKind::usual);
    plan.cochlea_gains = cochlea_gains(level.full_scale_spl_db, level.field, plan.grid.component_hz);
    plan.objects.push_back({.rows = {0, channels - 1}, .weights = {}});
    plan.most_slices = most_steps;
    for (const double hz : plan.grid.band_hz) constants_.push_back(band_constants(hz));
    lookahead_ = masking_lookahead(plan.grid, sample_rate_hz);
    const int chunk = (sample_rate_hz / 5 + control_hop - 1) / control_hop * control_hop;
    const RowsShape shape{.row_count = channels,
                          .frame_count = chunk,
                          .history_count = masking_history(plan.grid, sample_rate_hz)};
    rows_ = backend.make_rows(shape);
    excitation_ = backend.make_excitation(shape, plan);
    tile_ = backend.make_excitations({most_steps, 1, plan.grid.band_count()});
    specific_.resize(ear_count * constants_.size());
    excitations_.resize(most_steps * specific_.size());
}

void LoudnessOverTime::add(std::span<const float> planes) {
    rows_->write(0, planes);
    const std::int64_t end = begin_ + chunk_frames();
    while (true) {
        std::vector<int> centres;
        for (std::int64_t step = step_; step < step_count_; ++step) {
            const double seconds = (static_cast<double>(step) + 0.5) / steps_per_s;
            const std::int64_t centre = std::llround(seconds * sample_rate_hz_);
            if (centre + lookahead_ >= end || centres.size() == most_steps) break;
            centres.push_back(static_cast<int>(centre - begin_));
        }
        if (centres.empty()) break;
        hear(centres);
    }
    rows_->advance();
    begin_ = end;
}

void LoudnessOverTime::hear(std::span<const int> centres) {
    excitation_->process(*rows_, centres, *tile_, 0);
    tile_->read(0, std::span(excitations_).first(centres.size() * specific_.size()));
    for (std::size_t i = 0; i < centres.size(); ++i) {
        for (std::size_t k = 0; k < specific_.size(); ++k) {
            specific_[k] =
                specific_loudness(excitations_[i * specific_.size() + k], constants_[k % constants_.size()]);
        }
        keep(follower_.add(specific_));
    }
}

void LoudnessOverTime::keep(const LoudnessFollower::Step& now) {
    if (step_ % steps_per_shown == 0) {
        series_.short_term_sone.push_back(0.0);
        series_.long_term_sone.push_back(0.0);
    }
    double& short_term = series_.short_term_sone.back();
    double& long_term = series_.long_term_sone.back();
    short_term = std::max(short_term, now.short_term_sone);
    long_term = std::max(long_term, now.long_term_sone);
    if (now.short_term_sone > series_.most_short_term_sone) {
        series_.most_short_term_sone = now.short_term_sone;
        series_.most_short_term_at_s = (static_cast<double>(step_) + 0.5) / steps_per_s;
    }
    series_.most_long_term_sone = std::max(series_.most_long_term_sone, now.long_term_sone);
    series_.mean_long_term_sone += now.long_term_sone;
    ++step_;
}

LoudnessSeries LoudnessOverTime::result() const {
    LoudnessSeries result = series_;
    result.mean_long_term_sone /= static_cast<double>(std::max<std::int64_t>(step_, 1));
    return result;
}

}  // namespace tutti
