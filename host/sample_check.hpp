#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/pcm.hpp"

namespace tutti {

/// Greatest magnitude of the samples; NaN or infinity when any of them is not finite.
float peak_magnitude(std::span<const float> samples);

/// Index of the first NaN or infinity; samples.size() when there is none.
std::size_t first_nonfinite(std::span<const float> samples);

/// Replaces NaN and infinities by 0; returns how many.
std::int64_t zero_nonfinite(std::span<float> samples);

/// What bytes of PCM say before they are floats.
struct PcmLook {
    float peak = 0.0F;  ///< greatest magnitude; of integers, less than 1/128 above it, but 0 where all are 0
    bool is_odd = false;  ///< some are not finite or may be at full scale
};

PcmLook look_at_pcm(const PcmFormat& format, std::span<const std::byte> samples);

/// Replaces NaN and infinities of float PCM by 0.
void zero_nonfinite(const PcmFormat& format, std::span<std::byte> samples);

/// Counts runs of three or more samples in a row that stand at full scale with the same sign, across calls.
class ClippedRuns {
  public:
    /// `full_scale`: the magnitude at and above which a sample counts.
    explicit ClippedRuns(float full_scale) : full_scale_(full_scale) {}

    /// Returns the number of runs that became three long in these samples. `peak`: their greatest magnitude.
    std::int64_t count(std::span<const float> samples, float peak);

    /// As count() of samples below full scale.
    void interrupt() { sign_ = 0; }

  private:
    float full_scale_;
    int sign_ = 0;
    std::int64_t length_ = 0;
};

}  // namespace tutti
