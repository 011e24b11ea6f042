#pragma once

#include <cstdint>
#include <span>

namespace tutti {

/// Turns one channel of float samples into integers of `bits` bits: TPDF dither of 1 LSB each way, rounded to
/// nearest, clipped at full scale. The dither is a function of channel and frame alone: the same bytes
/// however the frames are cut into calls.
class DitheringQuantizer {
  public:
    DitheringQuantizer(int bits, int channel);

    /// Writes frame i to out[i * stride] in the high bits of an int32, as libsndfile takes it. `first_frame`
    /// is the number of samples[0] in the file. Returns how many were clipped. Samples must be finite.
    std::int64_t quantize(std::span<const float> samples, std::int64_t first_frame, std::int32_t* out,
                          std::ptrdiff_t stride) const;

  private:
    int bits_;
    int channel_;
};

}  // namespace tutti
