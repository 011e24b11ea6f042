#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>

#include "viewer/sound/tape.hpp"

namespace tutti::viewer {

/// How much of each sound of a tape is heard: of the mix, the target, the masker.
using SoundWeights = std::array<float, 3>;

/// A tape that is being played: the thread of the loudspeakers takes from it, that of the window steers it.
class Playback {
  public:
    /// What is played, in frames of the session's time line; at its end it begins anew or stops.
    struct Way {
        std::int64_t begin = 0;
        std::int64_t end = 0;
        bool loops = false;
        bool operator==(const Way&) const = default;
    };

    void play_from(std::int64_t frame);
    void stop();

    /// Take effect while it plays, without a click.
    void set_way(const Way& way);
    void set_tape(std::shared_ptr<const Tape> tape);
    void set_weights(const SoundWeights& weights);

    /// The next frames, left and right in turn; silence where nothing is played or the tape is not there yet.
    void fill(std::span<float> stereo);

    struct Status {
        bool is_playing = false;
        bool waits = false;  ///< for the tape
        std::int64_t frame = 0;
        double level_db = -200.0;  ///< of what was taken last: RMS of both channels, over full scale
        bool is_over = false;      ///< something was over full scale since play_from(), and was cut there
    };
    Status status() const;

  private:
    bool is_at_rest() const { return weights_ == SoundWeights{} && !is_playing_; }
    bool step_way();
    float sample(std::size_t sound, int channel) const;
    float edge() const;

    mutable std::mutex mutex_;
    std::shared_ptr<const Tape> tape_;
    Way way_;
    SoundWeights wanted_{};
    SoundWeights weights_{};  ///< on their way to those that are wanted
    bool is_playing_ = false;
    bool waits_ = false;
    std::int64_t frame_ = 0;
    double level_db_ = -200.0;
    bool is_over_ = false;
    std::shared_ptr<const Tape> left_;  ///< the tape before, as long as something of it is heard
    float left_weight_ = 0.0F;
};

}  // namespace tutti::viewer
