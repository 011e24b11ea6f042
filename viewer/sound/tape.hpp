#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>

namespace tutti::viewer {

/// What a tape holds at most. Two are kept where changes are tried.
inline constexpr std::int64_t tape_limit_bytes = std::int64_t{160} << 20;

/// A stretch of sound in memory: stereo sounds side by side, the mix's first. One thread writes it, from the
/// front, while others read what is there.
class Tape {
  public:
    /// Frames count on the session's time line.
    Tape(int sound_count, int sample_rate_hz, std::int64_t first_frame, std::int64_t frame_count);

    int sound_count() const { return sound_count_; }
    int sample_rate_hz() const { return sample_rate_hz_; }
    std::int64_t begin() const { return begin_; }
    std::int64_t end() const { return begin_ + frame_count_; }         ///< of what will be on it
    std::int64_t written() const { return begin_ + written_.load(); }  ///< up to here it can be read
    bool holds(std::int64_t frame) const { return frame >= begin_ && frame < written(); }

    /// [2 * sound + channel][frame]; what does not fit is dropped.
    void write(std::span<const std::span<const float>> rows);

    float at(int sound, int channel, std::int64_t frame) const {
        return samples_[(2 * sound + channel) * frame_count_ + frame - begin_];
    }

  private:
    int sound_count_;
    int sample_rate_hz_;
    std::int64_t begin_;
    std::int64_t frame_count_;
    std::unique_ptr<float[]> samples_;
    std::atomic<std::int64_t> written_{0};
};

}  // namespace tutti::viewer
