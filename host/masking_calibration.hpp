#pragma once

#include <span>
#include <vector>

#include "engine/masking_model.hpp"
#include "host/loudness.hpp"

namespace tutti {

/// The level at each ear, in dB SPL, of a sine that reaches 0 dBFS in the ear's channel, when a mix of
/// `mix_lufs` (ITU-R BS.1770-4, integrated) is played at `playback_spl_db`.
///
/// The mix is played at X dB SPL means: were all of it in the middle, each ear would get X. BS.1770 adds both
/// channels of a stereo mix, where the same in both reads 3.01 LU more than in one, and weights 1 kHz such
/// that a sine of 0 dBFS reads -3.01 LUFS in one channel and 0 in both. So an ear whose channel alone reads
/// L' LUFS gets X + L' - L + 3.01 dB, and full scale is X - L; for a mono mix, which both ears get as it is,
/// X - L - 3.01.
double full_scale_spl_db(double playback_spl_db, double mix_lufs, int channels);

/// [component]: ExcitationPlan::cochlea_gains.
std::vector<double> cochlea_gains(double full_scale_spl_db, SoundField field,
                                  std::span<const double> component_hz);

/// The loudness that a mix is calibrated by: integrated, or, of what is too short or too quiet to have a
/// gated block, the plain mean of the squares on the same scale.
class MixLoudness {
  public:
    MixLoudness(int channels, int sample_rate_hz);
    void add(std::span<const float> planes, int count, int stride);

    /// -infinity for silence.
    double lufs() const;

  private:
    int channels_;
    LoudnessMeter meter_;
    double square_sum_ = 0.0;
    std::int64_t frames_ = 0;
};

}  // namespace tutti
