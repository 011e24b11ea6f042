#pragma once

#include <memory>
#include <optional>

#include "viewer/sound/playback.hpp"
#include "viewer/sound/recorder.hpp"
#include "viewer/sound/sink.hpp"
#include "viewer/state.hpp"

namespace tutti::viewer {

/// How much of the mix, the target and the masker is heard. The difference is the mix without the masker:
/// beside the mix it tells what the masker takes away. `gain`: of all of them.
SoundWeights sound_weights(const State& state, float gain);

/// What everything is played at: loud mixes softer, so that their peaks at the master's input, where no
/// limiter has been yet, fit.
float listening_gain(const MaskingCalibration& calibration);

/// Plays what the state asks for.
class Player {
  public:
    explicit Player(std::unique_ptr<SoundSink> sink) : sink_(std::move(sink)) {}
    ~Player() { sink_->stop(); }
    Player(const Player&) = delete;
    Player& operator=(const Player&) = delete;

    /// Once per frame: does what has changed in the state, and tells it how far it is.
    void update(State& state, double passed_s);

    /// Something will have changed in the next frame.
    bool is_busy() const { return was_playing_ || recorder_.status().is_recording; }

  private:
    /// What was ordered, and what has come of it.
    struct Take {
        Recorder::Order order;
        std::filesystem::file_time_type time;  ///< of its session
        std::uint64_t number = 0;
        std::shared_ptr<const Tape> tape;  ///< null: nothing yet

        bool holds_soon(double at_s, bool is_recording) const;
    };
    void begin(State& state);
    void halt(State& state);
    void seek_where_asked(const State& state);
    double place_s() const;
    void look_at_recorder();
    bool is_recording(const Take& take) const;
    Take* find(const Recorder::Order& order, double at_s);
    void record(const State& state, Recorder::Order order, double at_s);
    void order_what_is_missing(const State& state);
    void order_other_side(const State& state);
    void play(State& state, const Take& take, double passed_s);

    std::unique_ptr<SoundSink> sink_;
    Recorder recorder_;
    Playback playback_;
    std::shared_ptr<const Tape> tape_;  ///< what is heard
    std::vector<Take> takes_;           ///< the first is what is wanted
    std::uint64_t take_number_ = 0;     ///< of the take ordered last
    Recorder::Status status_;
    const Report* report_ = nullptr;
    bool was_playing_ = false;
    bool did_loop_ = false;
    std::optional<double> seek_s_;  ///< to be played from there
    double anchor_s_ = 0.0;         ///< where what was played last began, by cursor or selection
};

}  // namespace tutti::viewer
