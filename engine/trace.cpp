#include "engine/trace.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <set>

namespace tutti {

namespace {

constexpr double least_gap_s = 20e-6;

/// One thread's spans, or one queue's.
struct Lane {
    int number = 0;
    std::string name;
    int depth = 0;
    const char* work = nullptr;
    std::vector<TraceSpan> spans;
    std::vector<int> depths;  ///< [span]
};

struct Recorder {
    std::atomic<bool> is_on = false;
    std::chrono::steady_clock::time_point start;
    std::mutex mutex;  ///< guards `lanes`
    std::vector<std::shared_ptr<Lane>> lanes;
    int thread_count = 0;

    double now_s() const { return trace_time_s(std::chrono::steady_clock::now()); }

    std::shared_ptr<Lane> add_lane(const std::string& name) {
        auto made = std::make_shared<Lane>();
        made->number = static_cast<int>(lanes.size());
        made->name = with_number(name);
        lanes.push_back(made);
        return made;
    }

    /// The name, or the first of "name (2)", "name (3)" ... that no lane has.
    std::string with_number(const std::string& name) const {
        std::string numbered = name;
        const auto is_it = [&](const std::shared_ptr<Lane>& lane) { return lane->name == numbered; };
        for (int number = 2; std::any_of(lanes.begin(), lanes.end(), is_it); ++number) {
            numbered = name + " (" + std::to_string(number) + ")";
        }
        return numbered;
    }
};

Recorder& recorder() {
    static Recorder one;
    return one;
}

/// The calling thread's lane; null before its first use in a trace.
thread_local std::shared_ptr<Lane> own_lane;

Lane& lane() {
    if (!own_lane) {
        const std::lock_guard lock(recorder().mutex);
        own_lane = recorder().add_lane("thread " + std::to_string(recorder().thread_count++));
    }
    return *own_lane;
}

void note(Lane& lane, const TraceSpan& span) {
    if (!lane.spans.empty()) {
        TraceSpan& last = lane.spans.back();
        const bool goes_on = last.what == span.what && lane.depths.back() == lane.depth &&
                             span.begin_s - last.end_s < least_gap_s;
        if (goes_on) {
            last.end_s = span.end_s;
            return;
        }
    }
    lane.spans.push_back(span);
    lane.depths.push_back(lane.depth);
}

}  // namespace

void start_trace() {
    Recorder& all = recorder();
    const std::lock_guard lock(all.mutex);
    for (const std::shared_ptr<Lane>& lane : all.lanes) {
        lane->spans.clear();
        lane->depths.clear();
    }
    all.start = std::chrono::steady_clock::now();
    all.is_on = true;
}

std::vector<TraceSpan> stop_trace() {
    Recorder& all = recorder();
    all.is_on = false;
    const std::lock_guard lock(all.mutex);
    std::vector<TraceSpan> spans;
    for (const std::shared_ptr<Lane>& lane : all.lanes) {
        spans.insert(spans.end(), lane->spans.begin(), lane->spans.end());
    }
    return spans;
}

std::vector<std::string> trace_lane_names() {
    const std::lock_guard lock(recorder().mutex);
    std::vector<std::string> names;
    for (const std::shared_ptr<Lane>& lane : recorder().lanes) names.push_back(lane->name);
    return names;
}

void name_trace_thread(const std::string& name) {
    const std::lock_guard lock(recorder().mutex);
    if (!own_lane) own_lane = recorder().add_lane(name);
}

int add_trace_lane(const std::string& name) {
    const std::lock_guard lock(recorder().mutex);
    return recorder().add_lane(name)->number;
}

void note_trace(const TraceSpan& span) {
    if (!is_tracing()) return;
    const std::lock_guard lock(recorder().mutex);
    Lane& lane = *recorder().lanes.at(span.lane);
    lane.spans.push_back(span);
    lane.depths.push_back(0);
}

double trace_time_s(std::chrono::steady_clock::time_point moment) {
    return std::chrono::duration<double>(moment - recorder().start).count();
}

bool is_tracing() { return recorder().is_on.load(std::memory_order_relaxed); }

const char* traced_work() { return is_tracing() ? lane().work : nullptr; }

const char* trace_name(const std::string& name) {
    static std::mutex mutex;
    static std::set<std::string> names;
    const std::lock_guard lock(mutex);
    return names.insert(name).first->c_str();
}

TraceScope::TraceScope(const char* what) : is_noted_(what != nullptr && is_tracing()) {
    if (!is_noted_) return;
    Lane& mine = lane();
    outer_ = mine.work;
    mine.work = what;
    ++mine.depth;
    begin_s_ = recorder().now_s();
}

TraceScope::~TraceScope() {
    if (!is_noted_) return;
    Lane& mine = lane();
    --mine.depth;
    note(mine, {mine.work, mine.number, begin_s_, recorder().now_s()});
    mine.work = outer_;
}

}  // namespace tutti
