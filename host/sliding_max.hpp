#pragma once

#include <algorithm>
#include <vector>

namespace tutti {

/// Greatest of the last `window` values pushed, and of 0; three comparisons per value however long the
/// window. (M. van Herk, Pattern Recognition Letters 13, 1992: running maximum of the current block of
/// `window` values, joined with the maximum of what is left of the block before.)
class SlidingMax {
  public:
    explicit SlidingMax(int window) : block_(static_cast<std::size_t>(window), 0.0F) {}

    int window() const { return static_cast<int>(block_.size()); }

    float push(float value) {
        running_ = std::max(running_, value);
        block_[position_] = value;
        ++position_;
        if (position_ < block_.size()) return std::max(running_, block_[position_]);
        const float result = running_;
        for (std::size_t i = block_.size() - 1; i > 0; --i)
            block_[i - 1] = std::max(block_[i - 1], block_[i]);
        position_ = 0;
        running_ = 0.0F;
        return result;
    }

  private:
    /// Before position_: values of this block; from it on: maxima of the last block from there to its end.
    std::vector<float> block_;
    std::size_t position_ = 0;
    float running_ = 0.0F;
};

}  // namespace tutti
