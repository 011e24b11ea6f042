#include "viewer/sound/recorder.hpp"

#include <cmath>
#include <exception>
#include <new>
#include <utility>

#include "host/text.hpp"
#include "host/user_cache.hpp"

namespace tutti::viewer {

Recorder::Recorder() : cache_(open_user_cache()), thread_([this] { work(); }) {}

Recorder::~Recorder() {
    {
        const std::lock_guard lock(mutex_);
        is_ending_ = true;
        ++number_;
        next_.reset();
    }
    changed_.notify_all();
    thread_.join();
}

void Recorder::record(Order order) {
    {
        const std::lock_guard lock(mutex_);
        next_ = std::move(order);
        ++number_;
        tape_.reset();
        problem_.clear();
        is_recording_ = true;
    }
    changed_.notify_all();
}

void Recorder::stop() {
    const std::lock_guard lock(mutex_);
    next_.reset();
    ++number_;
    tape_.reset();
    problem_.clear();
}

Recorder::Status Recorder::status() const {
    const std::lock_guard lock(mutex_);
    return {tape_, is_recording_, problem_};
}

void Recorder::wait() const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !is_recording_; });
}

void Recorder::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [&] { return is_ending_ || next_; });
        if (is_ending_) return;
        const Order order = *std::exchange(next_, std::nullopt);
        const std::uint64_t number = number_;
        lock.unlock();
        carry_out(order, number);
        lock.lock();
        is_recording_ = next_.has_value();
        changed_.notify_all();
    }
}

void Recorder::tell(std::uint64_t number, const std::string& problem) {
    const std::lock_guard lock(mutex_);
    if (number == number_) problem_ = problem;
}

void Recorder::open(const std::filesystem::path& session) {
    std::error_code error;
    const auto time = std::filesystem::last_write_time(session, error);
    if (error) throw InputError(printable(session.string()) + ": cannot be read: " + error.message());
    if (audition_ && opened_ == session && opened_time_ == time) return;
    audition_.reset();
    audition_.emplace(session, "auto", 0, cache_.get(), [](const std::string& /*the analysis said it*/) {});
    opened_ = session;
    opened_time_ = time;
}

void Recorder::carry_out(const Order& order, std::uint64_t number) {
    try {
        open(order.session);
        for (const std::vector<std::string>& part : order.parts) {
            for (const std::string& strip : part) {
                if (audition_->has_strip(strip)) continue;
                throw InputError("the session has no " + in_quotes(strip) + " any more");
            }
        }
        std::vector<SessionEdit> edits;
        if (order.report) edits = change_edits(order.report->results(), audition_->session(), order.changes);
        const int rate_hz = audition_->session().sample_rate_hz;
        const std::int64_t first = std::llround(order.from_s * rate_hz);
        const auto tape = std::make_shared<Tape>(1 + static_cast<int>(order.parts.size()), rate_hz, first,
                                                 std::llround(order.to_s * rate_hz) - first);
        {
            const std::lock_guard lock(mutex_);
            if (number == number_) tape_ = tape;
        }
        const auto take = [&](std::span<const std::span<const float>> rows) {
            tape->write(rows);
            const std::lock_guard lock(mutex_);
            if (number != number_) throw Superseded();
        };
        audition_->render(order.parts, order.from_s, static_cast<double>(tape->end()) / rate_hz, take, edits);
    } catch (const Superseded&) {
        return;
    } catch (const std::bad_alloc&) {
        tell(number, "there is not enough memory to play this");
    } catch (const std::exception& error) {
        tell(number, error.what());
    }
}

}  // namespace tutti::viewer
