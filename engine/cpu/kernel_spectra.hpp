#pragma once

#include <span>
#include <vector>

#include "engine/cpu/block_transform.hpp"

struct fftw_plan_s;

namespace tutti::cpu {

/// Transforms kernels into the bins of a BlockTransform in double precision. Thread-safe.
class KernelTransform {
  public:
    explicit KernelTransform(const BlockTransform& transform);
    ~KernelTransform();
    KernelTransform(const KernelTransform&) = delete;
    KernelTransform& operator=(const KernelTransform&) = delete;

    /// `taps`: at most frame_count; `spectrum`: [spectrum_bins]. Scaled by 2 / frame_count, so that an
    /// unnormalised inverse transform of the product is the convolution.
    void run(std::span<const float> taps, LaneBins* spectrum) const;

  private:
    std::size_t bin_count_;
    std::vector<std::uint32_t> places_;
    fftw_plan_s* plan_;
};

/// A kernel cut into partitions and transformed.
class KernelSpectra {
  public:
    KernelSpectra(std::span<const float> taps, int partition_frames, const BlockTransform& transform,
                  const KernelTransform& kernel_transform);

    int part_count() const { return static_cast<int>(is_zero_.size()); }
    const LaneBins* part(int index) const { return bins_.data() + index * stride_; }

    /// A part of nothing but zeros (a delay's) needs no multiplication, and has no bins.
    bool is_zero(int index) const { return is_zero_[index]; }

  private:
    std::size_t stride_;
    std::vector<bool> is_zero_;
    AlignedBins bins_;
};

}  // namespace tutti::cpu
