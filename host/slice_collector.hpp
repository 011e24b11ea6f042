#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "engine/backend.hpp"

namespace tutti {

/// So many of the slices, one from each of as many equal parts of the time, and from anywhere in it, so that
/// no beat falls in step with them.
std::vector<std::int64_t> spread_slices(std::int64_t slice_count, int object_count);

/// Bytes that they take.
std::uint64_t spread_slices_bytes(std::size_t count, int object_count);

/// Keeps slices as MaskingResults does.
class SliceCollector : public SliceSink {
  public:
    SliceCollector(const MaskingPlan& plan, int slice_count);

    void take(std::span<const float> excitation) override;

    /// [ear][object][slice][display band]
    std::vector<std::uint8_t>&& slices() { return std::move(slices_); }

  private:
    std::vector<int> display_bands_;  ///< [band]
    std::vector<double> parts_;       ///< [display band]: of a band in the mean
    std::vector<std::vector<int>> objects_;
    int excitation_count_;
    int slice_count_;
    int slice_ = 0;  ///< next one
    std::vector<std::uint8_t> slices_;
};

}  // namespace tutti
