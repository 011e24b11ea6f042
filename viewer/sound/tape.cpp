#include "viewer/sound/tape.hpp"

#include <algorithm>

#include "engine/errors.hpp"

namespace tutti::viewer {

Tape::Tape(int sound_count, int sample_rate_hz, std::int64_t first_frame, std::int64_t frame_count)
    : sound_count_(sound_count),
      sample_rate_hz_(sample_rate_hz),
      begin_(first_frame),
      frame_count_(std::min(frame_count, tape_limit_bytes / (8 * sound_count))),
      samples_(std::make_unique_for_overwrite<float[]>(
          static_cast<std::size_t>(2 * sound_count_ * frame_count_))) {}

void Tape::write(std::span<const std::span<const float>> rows) {
    TUTTI_CHECK(rows.size() == 2 * static_cast<std::size_t>(sound_count_));
    const std::int64_t at = written_.load();
    const std::int64_t count = std::min<std::int64_t>(std::ssize(rows[0]), frame_count_ - at);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        std::copy_n(rows[row].data(), count,
                    samples_.get() + static_cast<std::int64_t>(row) * frame_count_ + at);
    }
    written_ = at + count;
}

}  // namespace tutti::viewer
