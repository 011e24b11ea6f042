#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace tutti {

/// What a thread, or a queue of a device, was busy with. Spans of one lane lie apart or inside each other.
struct TraceSpan {
    const char* what = nullptr;  ///< lives as long as the process
    int lane = 0;                ///< one per thread and queue, in the order of their first use
    double begin_s = 0.0;        ///< since start_trace()
    double end_s = 0.0;
};

/// From now on TraceScopes are noted, and so is every thread's part of a parallel_for, under the name of the
/// scope that called it. Costs a few hundredths of a microsecond per piece of work; nothing while it is off.
/// Call both while no work is under way.
void start_trace();
std::vector<TraceSpan> stop_trace();

/// What the lanes are called: [lane].
std::vector<std::string> trace_lane_names();

/// What the calling thread's lane is called, where it had no use for one yet. Of lanes of one name the later
/// ones get numbers: "cpu (2)".
void name_trace_thread(const std::string& name);

/// A lane for what is no thread's work, and its spans. Spans of one lane come from one thread at a time.
int add_trace_lane(const std::string& name);
void note_trace(const TraceSpan& span);

/// A moment as spans count it.
double trace_time_s(std::chrono::steady_clock::time_point moment);

bool is_tracing();

/// The name of the calling thread's innermost scope; null outside any.
const char* traced_work();

/// A copy of a name that lives as long as the process; equal names share it.
const char* trace_name(const std::string& name);

/// Notes the time it lives, on the thread it lives on. A pause under 20 us between two scopes of one name is
/// no gap.
class TraceScope {
  public:
    explicit TraceScope(const char* what);
    ~TraceScope();
    TraceScope(const TraceScope&) = delete;
    TraceScope& operator=(const TraceScope&) = delete;

  private:
    const char* outer_ = nullptr;
    double begin_s_ = 0.0;
    bool is_noted_ = false;
};

}  // namespace tutti
