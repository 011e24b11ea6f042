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

/// Changes that are to be heard. While something is dragged, those from before.
std::vector<MixChange> changes_of(const State& state) {
    const WhatIf& what_if = state.what_if;
    if (!what_if.is_open || what_if.shows_before) return {};
    return what_if.held ? what_if.held->changes : what_if.now.changes;
}

Recorder::Order order_of(const State& state) {
    Recorder::Order order{session_of(state), parts_of(state), nullptr, changes_of(state), 0.0, 0.0};
    if (!order.changes.empty()) order.report = state.report;
    return order;
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

/// So soon that it is not worth beginning anew.
bool Player::Take::holds_soon(double at_s, bool is_recording) const {
    const double margin_s = 1e-4;
    if (!tape) return at_s >= order.from_s - margin_s && at_s < order.to_s - margin_s;
    const double rate_hz = tape->sample_rate_hz();
    double to_s = static_cast<double>(tape->written()) / rate_hz;
    if (is_recording) to_s = std::min(static_cast<double>(tape->end()) / rate_hz, to_s + longest_wait_s);
    return at_s >= static_cast<double>(tape->begin()) / rate_hz - margin_s && at_s < to_s - margin_s;
}

void Player::begin(State& state) {
    Listening& listening = state.listening;
    listening.problem.clear();
    listening.is_problem_shown = false;
    const std::filesystem::path session = session_of(state);
    listening.is_session_newer = time_of(session) > time_of(state.report->folder() / "report.json");
    std::erase_if(takes_, [&](const Take& take) { return take.time != time_of(take.order.session); });
    seek_s_ = start_of(state);
}

void Player::halt(State& state) {
    if (was_playing_) playback_.stop();
    was_playing_ = false;
    state.listening.playhead_s.reset();
    state.listening.waits = false;
    state.listening.plays_changes = false;
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

/// Where something is needed next.
double Player::place_s() const {
    if (seek_s_) return *seek_s_;
    if (tape_) return static_cast<double>(playback_.status().frame) / tape_->sample_rate_hz();
    return takes_.empty() ? 0.0 : takes_.front().order.from_s;
}

bool Player::is_recording(const Take& take) const {
    return take.number == take_number_ && status_.is_recording;
}

Player::Take* Player::find(const Recorder::Order& order, double at_s) {
    for (Take& take : takes_) {
        if (take.order.is_same_sound(order) && take.holds_soon(at_s, is_recording(take))) return &take;
    }
    return nullptr;
}

/// One take with changes is kept, and one without, of what is selected.
void Player::record(const State& state, Recorder::Order order, double at_s) {
    std::erase_if(takes_, [&](const Take& take) {
        return take.order.changes.empty() == order.changes.empty() || take.order.parts != order.parts ||
               take.order.session != order.session;
    });
    order.from_s = std::max(0.0, at_s);
    order.to_s = stretch_of(state).to_s;
    if (order.from_s >= order.to_s) order.to_s = everything(*state.report).to_s;  // behind the loop
    takes_.push_back({order, time_of(order.session), ++take_number_, nullptr});
    status_ = {nullptr, true, {}};
    recorder_.record(std::move(order));
}

void Player::order_what_is_missing(const State& state) {
    double at_s = place_s();
    const double margin_s = 1e-4;
    const Stretch stretch = stretch_of(state);
    if (!seek_s_ && at_s >= stretch.to_s - margin_s) {
        if (!state.listening.loops) return;
        at_s = stretch.from_s;
    }
    // What is being played goes on until the new tape has caught up with it.
    const Recorder::Order order = order_of(state);
    if (find(order, at_s) == nullptr) record(state, order, at_s);
    std::stable_partition(takes_.begin(), takes_.end(),
                          [&](const Take& take) { return take.order.is_same_sound(order); });
}

/// When there is time: what the mix is without the changes, or with them, so that both can be heard in turn.
void Player::order_other_side(const State& state) {
    const WhatIf& what_if = state.what_if;
    if (status_.is_recording || !what_if.is_open || what_if.held || what_if.now.changes.empty()) return;
    Recorder::Order order = order_of(state);
    const bool has_changes = !order.changes.empty();
    order.changes = has_changes ? std::vector<MixChange>{} : what_if.now.changes;
    order.report = has_changes ? nullptr : state.report;
    const double at_s = place_s();
    const Tape& tape = *takes_.front().tape;
    const double least_s = 0.5;
    if (at_s > static_cast<double>(tape.written()) / tape.sample_rate_hz() - least_s) return;
    if (find(order, at_s) == nullptr) record(state, std::move(order), at_s);
}

void Player::play(State& state, const Take& take, double passed_s) {
    const std::shared_ptr<const Tape>& tape = take.tape;
    const std::int64_t frame = playback_.status().frame;
    if (tape_ != tape && (seek_s_ || !tape_ || !tape_->holds(frame) || tape->holds(frame))) {
        playback_.set_tape(tape_ = tape);
    }
    if (tape_ == tape) state.listening.plays_changes = !take.order.changes.empty();
    const int rate_hz = tape->sample_rate_hz();
    const Stretch stretch = stretch_of(state);
    Playback::Way way{std::llround(stretch.from_s * rate_hz), std::llround(stretch.to_s * rate_hz),
                      state.listening.loops};
    // The session ends before the report does.
    if (!is_recording(take) && tape->written() < tape->end()) way.end = std::min(way.end, tape->written());
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

/// What has come of the take ordered last.
void Player::look_at_recorder() {
    status_ = recorder_.status();
    for (Take& take : takes_) {
        if (take.number == take_number_) take.tape = status_.tape;
    }
}

void Player::update(State& state, double passed_s) {
    Listening& listening = state.listening;
    if (state.report.get() != report_) {
        recorder_.stop();
        takes_.clear();
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
        look_at_recorder();
        order_what_is_missing(state);
        if (!sink_->has_clock()) recorder_.wait();
    }
    look_at_recorder();
    listening.rendered_share = 1.0;
    if (!takes_.empty() && is_recording(takes_.front())) {
        const Tape* const tape = takes_.front().tape.get();
        listening.rendered_share = tape != nullptr ? static_cast<double>(tape->written() - tape->begin()) /
                                                         static_cast<double>(tape->end() - tape->begin())
                                                   : 0.0;
    }
    if (!listening.is_playing || takes_.empty()) return;
    if (!status_.problem.empty()) {
        listening.problem = status_.problem;
        listening.is_playing = false;
        takes_.clear();
        halt(state);
    } else if (takes_.front().tape) {
        play(state, takes_.front(), passed_s);
        order_other_side(state);
    } else {
        listening.playhead_s = seek_s_;
        listening.waits = true;
    }
}

}  // namespace tutti::viewer
