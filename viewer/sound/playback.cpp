#include "viewer/sound/playback.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tutti::viewer {

namespace {

/// A change of what is heard takes 5 ms at 48 kHz: no click, and at once.
constexpr float weight_step = 1.0F / 256.0F;

/// At both ends of a loop.
constexpr float edge_frames = 96.0F;

}  // namespace

void Playback::play_from(std::int64_t frame) {
    const std::lock_guard lock(mutex_);
    frame_ = frame;
    weights_ = {};
    is_playing_ = true;
    is_over_ = false;
}

void Playback::stop() {
    const std::lock_guard lock(mutex_);
    is_playing_ = false;
    waits_ = false;
}

void Playback::set_way(const Way& way) {
    std::shared_ptr<const Tape> freed;
    const std::lock_guard lock(mutex_);
    way_ = way;
    if (left_weight_ <= 0.0F) std::swap(left_, freed);
}

void Playback::set_tape(std::shared_ptr<const Tape> tape) {
    // Tapes that nobody needs are freed behind the lock.
    std::shared_ptr<const Tape> freed;
    const std::lock_guard lock(mutex_);
    if (tape_ == tape) return;
    std::swap(tape_, tape);
    std::swap(left_, freed);
    left_weight_ = 0.0F;
    if (!is_playing_ || !tape || !tape->holds(frame_)) return;
    left_ = tape;
    left_weight_ = 1.0F;
}

void Playback::set_weights(const SoundWeights& weights) {
    const std::lock_guard lock(mutex_);
    wanted_ = weights;
}

/// False when there is nothing to play at the place that was reached.
bool Playback::step_way() {
    if (frame_ >= way_.end && !way_.loops) {
        is_playing_ = false;
        waits_ = false;
        frame_ = way_.end;
        return false;
    }
    if (frame_ >= way_.end) frame_ = way_.begin;
    const bool is_there = tape_ && tape_->holds(frame_);
    waits_ = is_playing_ && !is_there;
    return is_there;
}

float Playback::edge() const {
    if (!way_.loops) return 1.0F;
    const auto from_begin = static_cast<float>(frame_ - way_.begin) + 0.5F;
    const auto to_end = static_cast<float>(way_.end - frame_) - 0.5F;
    return std::clamp(std::min(std::abs(from_begin), to_end) / edge_frames, 0.0F, 1.0F);
}

/// From one tape to the other in 5 ms.
float Playback::sample(std::size_t sound, int channel) const {
    const auto of = [&](const Tape& tape) {
        return static_cast<int>(sound) < tape.sound_count()
                   ? tape.at(static_cast<int>(sound), channel, frame_)
                   : 0.0F;
    };
    const float now = of(*tape_);
    if (!left_ || left_weight_ <= 0.0F || !left_->holds(frame_)) return now;
    return now + left_weight_ * (of(*left_) - now);
}

void Playback::fill(std::span<float> stereo) {
    const std::lock_guard lock(mutex_);
    std::fill(stereo.begin(), stereo.end(), 0.0F);
    double energy = 0.0;
    for (std::size_t n = 0; n + 1 < stereo.size() && !is_at_rest(); n += 2) {
        if (!step_way()) {
            weights_ = {};
            continue;
        }
        const float rim = edge();
        for (std::size_t sound = 0; sound < weights_.size(); ++sound) {
            const float wanted = is_playing_ ? wanted_[sound] : 0.0F;
            weights_[sound] += std::clamp(wanted - weights_[sound], -weight_step, weight_step);
            if (weights_[sound] == 0.0F) continue;
            for (int channel = 0; channel < 2; ++channel)
                stereo[n + channel] += rim * weights_[sound] * sample(sound, channel);
        }
        left_weight_ = std::max(0.0F, left_weight_ - weight_step);
        for (std::size_t channel = 0; channel < 2; ++channel) {
            float& sample = stereo[n + channel];
            is_over_ = is_over_ || std::abs(sample) > 1.0F;
            sample = std::clamp(sample, -1.0F, 1.0F);
            energy += double{sample} * sample;
        }
        ++frame_;
    }
    level_db_ = 10.0 * std::log10(std::max(
                           1e-20, energy / static_cast<double>(std::max<std::size_t>(1, stereo.size()))));
}

Playback::Status Playback::status() const {
    const std::lock_guard lock(mutex_);
    return {is_playing_, waits_, frame_, level_db_, is_over_};
}

}  // namespace tutti::viewer
