#pragma once

#include <span>
#include <vector>

#include "engine/cpu/aligned.hpp"

namespace tutti::cpu {

/// Complex bins of a real FFT of 2 partition frames, as floats, rounded up to whole cache lines.
constexpr std::size_t spectrum_floats(int partition_frames) {
    return padded(2 * (static_cast<std::size_t>(partition_frames) + 1));
}

/// A kernel cut into partitions and transformed, each part scaled by 1 / FFT size, so that an unnormalised
/// inverse FFT of the product is the convolution. Transformed in double precision, kept in float32.
class KernelSpectra {
  public:
    KernelSpectra(std::span<const float> taps, int partition_frames);

    int part_count() const { return static_cast<int>(is_zero_.size()); }
    const float* part(int index) const { return bins_.data() + index * stride_; }

    /// A part of nothing but zeros (a delay's) needs no multiplication.
    bool is_zero(int index) const { return is_zero_[index]; }

  private:
    std::size_t stride_;
    std::vector<bool> is_zero_;
    AlignedFloats bins_;
};

/// sum += x * h, complex, over `count` floats (a multiple of 16); with `first`, sum = x * h.
void multiply_accumulate(float* sum, const float* x, const float* h, std::size_t count, bool first);

}  // namespace tutti::cpu
