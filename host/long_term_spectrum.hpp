#pragma once

#include <span>
#include <vector>

#include "engine/fft.hpp"

namespace tutti {

/// Power spectra of the channels of a sound, averaged over all of it (Welch, IEEE Trans. Audio Electroacoust.
/// 15 (1967) 70-73): Hann windows of a given length, half of it apart, the last one at the sound's end.
class LongTermSpectrum {
  public:
    /// `window_frames`: at least 2, and no more than the sound will have.
    LongTermSpectrum(int channels, int window_frames, int sample_rate_hz);

    /// `planes`: [channel][stride], the first `count` frames of each: the next ones.
    void add(std::span<const float> planes, int stride, int count);

    /// After all frames: [channel][bin], mean square per bin; a sine of amplitude A has A^2 / 2 in its bins.
    std::vector<std::vector<double>> finish();

    /// [bin]
    std::vector<double> bin_hz() const;

  private:
    void analyse();

    int window_frames_;
    int sample_rate_hz_;
    DesignFft fft_;
    std::vector<double> window_;
    double window_power_ = 0.0;               ///< sum of its squares
    std::vector<std::vector<float>> recent_;  ///< [channel]: frames that a coming window may need
    int fresh_ = 0;                           ///< of them, not in any window so far
    std::vector<std::vector<double>> sums_;
    int window_count_ = 0;
};

}  // namespace tutti
