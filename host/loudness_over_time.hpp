#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/backend.hpp"
#include "host/listening_level.hpp"
#include "host/loudness_follower.hpp"

namespace tutti {

/// Loudness of a sound over time, see LoudnessFollower. Series hold the greatest value of each hundredth of a
/// second.
struct LoudnessSeries {
    std::vector<double> short_term_sone;
    std::vector<double> long_term_sone;
    double most_short_term_sone = 0.0;
    double most_short_term_at_s = 0.0;
    double most_long_term_sone = 0.0;
    double mean_long_term_sone = 0.0;
};

/// Listens to a sound chunk by chunk, in slices of a millisecond: six-window spectra on a backend, specific
/// and short-term and long-term loudness here.
class LoudnessOverTime {
  public:
    /// One channel for both ears, or two. The backend must outlive it.
    LoudnessOverTime(Backend& backend, int channels, int sample_rate_hz, std::int64_t frame_count,
                     const ListeningLevel& level);

    int chunk_frames() const { return rows_->shape().frame_count; }

    /// `planes`: [channel][chunk_frames], silence after the sound's end.
    void add(std::span<const float> planes);

    /// True when the sound's last slice was heard: a little after its end.
    bool is_done() const { return step_ == step_count_; }

    LoudnessSeries result() const;

  private:
    void hear(std::span<const int> centres);
    void keep(const LoudnessFollower::Step& now);

    int sample_rate_hz_;
    std::int64_t step_count_;
    std::vector<BandConstants> constants_;  ///< [band]
    int lookahead_ = 0;
    std::unique_ptr<Rows> rows_;
    std::unique_ptr<Excitation> excitation_;
    std::unique_ptr<Excitations> tile_;
    std::vector<float> excitations_;  ///< [step][ear][band]
    std::vector<double> specific_;    ///< [ear][band]
    LoudnessFollower follower_;
    std::int64_t begin_ = 0;  ///< frames before the chunk
    std::int64_t step_ = 0;
    LoudnessSeries series_;
};

}  // namespace tutti
