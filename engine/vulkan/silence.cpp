#include "engine/vulkan/silence.hpp"

#include <algorithm>

namespace tutti::vulkan {

Silence::Silence(const RowsShape& shape)
    : frame_count_(shape.frame_count),
      history_count_(shape.history_count),
      is_silent_(static_cast<std::size_t>(shape.row_count), 1),
      frames_before_(static_cast<std::size_t>(shape.row_count), shape.history_count) {}

bool Silence::holds(int row, int frames_before) const {
    return is_silent_[row] != 0 && frames_before_[row] >= frames_before;
}

void Silence::set(int row, bool is_silent) { is_silent_[row] = is_silent ? 1 : 0; }

void Silence::advance() {
    for (std::size_t row = 0; row < frames_before_.size(); ++row) {
        frames_before_[row] = frames_at_end(static_cast<int>(row));
    }
}

void Silence::carry(int row, const Silence& before) { frames_before_[row] = before.frames_at_end(row); }

/// Of the past and the chunk.
int Silence::frames_at_end(int row) const {
    return is_silent_[row] != 0 ? std::min(history_count_, frames_before_[row] + frame_count_) : 0;
}

}  // namespace tutti::vulkan
