#include "viewer/sound/player.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tutti::viewer {

namespace {

/// Rendering that far ahead of what is there, it is quicker to begin anew.
constexpr double longest_wait_s = 4.0;

/// Peaks of mixes rarely lie more than this over their loudness, LUFS being about the RMS of both channels.
constexpr double headroom_db = 18.0;

std::vector<std::vector<std::string>> parts_of(const State& state) {
    std::vector<std::vector<std::string>> parts;
    if (state.target < 0) return parts;
    parts.push_back(state.view()->view->objects[state.target].strips);
    if (state.masker >= 0) parts.push_back(state.view()->view->objects[state.masker].strips);
    return parts;
}

std::filesystem::file_time_type time_of(const std::filesystem::path& file) {
    std::error_code missing;
    return std::filesystem::last_write_time(file, missing);
}

/// From where to where.
Stretch stretch_of(const State& state) {
    if (!state.listening.loops) return everything(*state.report);
    return state.region.value_or(state.shown);
}

double start_of(const State& state) {
    if (state.listening.loops) return stretch_of(state).from_s;
    // A report's last hop may reach over the session's end.
    const double last_s = std::max(0.0, everything(*state.report).to_s - state.report->results().hop_s);
    return std::min(state.cursor ? state.cursor->time_s : state.shown.from_s, last_s);
}

}  // namespace

SoundWeights sound_weights(const State& state, float gain) {
    const bool has_target = state.target >= 0;
    const bool has_masker = has_target && state.masker >= 0;
    switch (has_target ? state.listening.sound : Sound::mix) {
        case Sound::target:
            return {0.0F, gain, 0.0F};
        case Sound::pair:
            return {0.0F, gain, gain};
        case Sound::difference:
            return {gain, 0.0F, has_masker ? -gain : 0.0F};
        case Sound::mix:
            break;
    }
    return {gain, 0.0F, 0.0F};
}

float listening_gain(const MaskingCalibration& calibration) {
    if (!calibration.mix_lufs) return 1.0F;
    return static_cast<float>(std::pow(10.0, std::min(0.0, -headroom_db - *calibration.mix_lufs) / 20.0));
}

void Player::begin(State& state) {
    Listening& listening = state.listening;
    listening.problem.clear();
    listening.is_problem_shown = false;
    const std::filesystem::path session = session_of(state);
    listening.is_session_newer = time_of(session) > time_of(state.report->folder() / "report.json");
    if (order_ && time_of(session) != order_time_) order_.reset();
    seek_s_ = start_of(state);
}

void Player::halt(State& state) {
    if (was_playing_) playback_.stop();
    was_playing_ = false;
    state.listening.playhead_s.reset();
    state.listening.waits = false;
    state.listening.level_db = -200.0;
}

/// A cursor that is set, or a selection that is looped, is jumped to.
void Player::seek_where_asked(const State& state) {
    const double anchor_s = start_of(state);
    const bool has_cursor = state.cursor.has_value() || state.listening.loops;
    if (!was_playing_ || (has_cursor && anchor_s != anchor_s_ && did_loop_ == state.listening.loops)) {
        seek_s_ = anchor_s;
    }
    anchor_s_ = anchor_s;
    did_loop_ = state.listening.loops;
}

void Player::order_what_is_missing(const State& state, const Recorder::Status& status) {
    const std::filesystem::path session = session_of(state);
    Parts parts = parts_of(state);
    double at_s = seek_s_.value_or(0.0);
    double from_s = order_ ? order_->from_s : 0.0;
    double to_s = order_ ? order_->to_s : 0.0;
    if (status.tape) {
        const double rate_hz = status.tape->sample_rate_hz();
        if (!seek_s_) at_s = static_cast<double>(playback_.status().frame) / rate_hz;
        from_s = static_cast<double>(status.tape->begin()) / rate_hz;
        const double written_s = static_cast<double>(status.tape->written()) / rate_hz;
        to_s = std::min(static_cast<double>(status.tape->end()) / rate_hz, written_s + longest_wait_s);
    } else if (!seek_s_ && order_) {
        at_s = order_->from_s;
    }
    const double margin_s = 1e-4;
    const Stretch stretch = stretch_of(state);
    if (!seek_s_ && at_s >= stretch.to_s - margin_s) {
        if (!state.listening.loops) return;
        at_s = stretch.from_s;
    }
    const bool is_there = order_ && order_->session == session && order_->parts == parts &&
                          at_s >= from_s - margin_s && at_s < to_s - margin_s;
    if (is_there) return;
    // What is being played goes on until the new tape has caught up with it.
    order_ = Recorder::Order{session, std::move(parts), std::max(0.0, at_s), stretch.to_s};
    if (order_->from_s >= order_->to_s) order_->to_s = everything(*state.report).to_s;  // behind the loop
    order_time_ = time_of(session);
    recorder_.record(*order_);
}

void Player::play(State& state, const std::shared_ptr<const Tape>& tape, bool is_whole, double passed_s) {
    const std::int64_t frame = playback_.status().frame;
    if (tape_ != tape && (seek_s_ || !tape_ || !tape_->holds(frame) || tape->holds(frame))) {
        playback_.set_tape(tape_ = tape);
    }
    const int rate_hz = tape->sample_rate_hz();
    const Stretch stretch = stretch_of(state);
    Playback::Way way{std::llround(stretch.from_s * rate_hz), std::llround(stretch.to_s * rate_hz),
                      state.listening.loops};
    // The session ends before the report does.
    if (is_whole && tape->written() < tape->end()) way.end = std::min(way.end, tape->written());
    playback_.set_way(way);
    if (tape_ == tape) {
        playback_.set_weights(sound_weights(state, listening_gain(state.report->results().calibration)));
    }
    if (seek_s_) playback_.play_from(std::llround(*seek_s_ * rate_hz));
    seek_s_.reset();
    state.listening.problem =
        sink_->start(rate_hz, [this](std::span<float> stereo) { playback_.fill(stereo); });
    if (!state.listening.problem.empty()) {
        state.listening.is_playing = false;
        return halt(state);
    }
    sink_->pass(passed_s);
    const Playback::Status status = playback_.status();
    state.listening.playhead_s = static_cast<double>(status.frame) / rate_hz;
    state.listening.waits = status.waits;
    state.listening.level_db = status.level_db;
    state.listening.is_over = status.is_over;
    if (status.is_playing) return;
    state.listening.is_playing = false;
    halt(state);
}

void Player::update(State& state, double passed_s) {
    Listening& listening = state.listening;
    if (state.report.get() != report_) {
        recorder_.stop();
        order_.reset();
        playback_.stop();
        playback_.set_tape(tape_ = nullptr);
        was_playing_ = false;
    }
    report_ = state.report.get();
    if (report_ == nullptr) listening.is_playing = false;
    if (!listening.is_playing) {
        if (was_playing_) halt(state);
    } else {
        if (!was_playing_) begin(state);
        seek_where_asked(state);
        was_playing_ = true;
        order_what_is_missing(state, recorder_.status());
        if (!sink_->has_clock()) recorder_.wait();
    }
    const Recorder::Status status = recorder_.status();
    listening.rendered_share = 1.0;
    if (status.is_recording && order_) {
        listening.rendered_share = status.tape
                                       ? static_cast<double>(status.tape->written() - status.tape->begin()) /
                                             static_cast<double>(status.tape->end() - status.tape->begin())
                                       : 0.0;
    }
    if (!listening.is_playing) return;
    if (!status.problem.empty()) {
        listening.problem = status.problem;
        listening.is_playing = false;
        order_.reset();
        halt(state);
    } else if (status.tape) {
        play(state, status.tape, !status.is_recording, passed_s);
    } else {
        listening.playhead_s = seek_s_;
        listening.waits = true;
    }
}

}  // namespace tutti::viewer
