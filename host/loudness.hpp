#pragma once

#include <memory>
#include <span>

namespace tutti {

/// Loudness of a finished mix by ITU-R BS.1770-4 and EBU R 128 (libebur128).
struct Loudness {
    double integrated_lufs = 0.0;  ///< -infinity for silence
    double range_lu = 0.0;         ///< EBU Tech 3342
    double true_peak_dbtp = 0.0;   ///< greatest of the channels, 4x oversampled
    double max_short_term_lufs = 0.0;
};

/// What a LoudnessMeter measures; the integrated loudness alone takes a small part of the time, and the rest
/// stays 0.
enum class LoudnessExtent { all, integrated };

/// Fed chunk by chunk.
class LoudnessMeter {
  public:
    LoudnessMeter(int channels, int sample_rate_hz, LoudnessExtent extent = LoudnessExtent::all);
    ~LoudnessMeter();

    /// `planes`: [channel][stride], the first `count` frames of each.
    void add(std::span<const float> planes, int count, int stride);
    Loudness result() const;

  private:
    struct Meter;
    std::unique_ptr<Meter> meter_;
};

}  // namespace tutti
