#pragma once

#include <vector>

#include "engine/backend.hpp"

namespace tutti::vulkan {

/// Which rows the host knows to be zero in the device's memory, without asking it: those that it wrote zeros
/// to, and those that operations made of such rows alone. Every operation that writes rows has to keep it
/// true.
class Silence {
  public:
    /// All rows are zero.
    explicit Silence(const RowsShape& shape);

    /// Whether the row's chunk is zero, and `frames_before` frames before it.
    bool holds(int row, int frames_before = 0) const;

    /// Says whether the row's chunk is zero.
    void set(int row, bool is_silent);

    /// The chunk has become the past.
    void advance();

    /// The chunk of a row has become the past of the same row in other rows.
    void carry(int row, const Silence& before);

  private:
    int frames_at_end(int row) const;

    int frame_count_;
    int history_count_;
    std::vector<char> is_silent_;     ///< [row]: the chunk
    std::vector<int> frames_before_;  ///< [row]: just before it that are zero, at most history_count
};

}  // namespace tutti::vulkan
