#include "engine/threads.hpp"

#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "engine/trace.hpp"

namespace tutti {

namespace {

/// All work runs in one arena, but that of a SideThread, so that thread numbers are unique in it and its size
/// is what --threads asked for.
struct Workers {
    tbb::global_control limit;
    tbb::task_arena arena;

    explicit Workers(int count)
        : limit(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(count)),
          arena(count) {}
};

std::unique_ptr<Workers>& workers_slot() {
    static std::unique_ptr<Workers> workers;
    return workers;
}

Workers& workers() {
    static std::once_flag once;
    std::call_once(once, [] {
        if (!workers_slot()) set_thread_count(0);
    });
    return *workers_slot();
}

/// Where a SideThread's loops run: it never waits there for a thread that waits for it.
thread_local tbb::task_arena* side_arena = nullptr;

tbb::task_arena& arena() { return side_arena != nullptr ? *side_arena : workers().arena; }

}  // namespace

void set_thread_count(int count) {
    workers_slot().reset();
    workers_slot() = std::make_unique<Workers>(count > 0 ? count : tbb::info::default_concurrency());
}

int thread_count() { return workers().arena.max_concurrency(); }

int thread_number() { return tbb::this_task_arena::current_thread_index(); }

void parallel_for_each_index(int count, const void* body, void (*call)(const void* body, int i)) {
    const char* const work = traced_work();
    arena().execute([&] {
        tbb::parallel_for(0, count, [&](int i) {
            const TraceScope scope(work);
            call(body, i);
        });
    });
}

struct SideThread::State {
    std::function<void()> work;
    tbb::task_arena arena{thread_count()};
    std::mutex mutex;
    std::condition_variable changed;
    bool is_busy = true;  ///< guarded by `mutex`, as all that follows; at first it makes ready
    bool is_over = false;
    std::exception_ptr error;
    std::thread thread;

    void run(const std::string& name) {
        if (is_tracing()) name_trace_thread(name);
        side_arena = &arena;
        std::unique_lock lock(mutex);
        is_busy = false;
        changed.notify_all();
        for (;;) {
            changed.wait(lock, [&] { return is_busy || is_over; });
            if (!is_busy) return;
            lock.unlock();
            std::exception_ptr thrown;
            try {
                work();
            } catch (...) {
                thrown = std::current_exception();
            }
            lock.lock();
            error = thrown;
            is_busy = false;
            changed.notify_all();
        }
    }
};

SideThread::SideThread(std::string name, std::function<void()> work) : state_(std::make_unique<State>()) {
    state_->work = std::move(work);
    state_->thread = std::thread([state = state_.get(), name = std::move(name)] { state->run(name); });
    finish();
}

SideThread::~SideThread() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->is_over = true;
        state_->changed.notify_all();
    }
    state_->thread.join();
}

void SideThread::start() {
    const std::lock_guard lock(state_->mutex);
    state_->is_busy = true;
    state_->changed.notify_all();
}

void SideThread::finish() {
    std::unique_lock lock(state_->mutex);
    state_->changed.wait(lock, [&] { return !state_->is_busy; });
    if (const std::exception_ptr error = std::exchange(state_->error, nullptr)) std::rethrow_exception(error);
}

void Pipeline::run(int in_flight) const {
    int next = 0;
    const auto source = [&](tbb::flow_control& control) {
        const int item = next;
        if (!decode(item, item % in_flight)) {
            control.stop();
            return 0;
        }
        ++next;
        return item;
    };
    const auto middle = [&](int item) {
        process(item, item % in_flight);
        return item;
    };
    const auto sink = [&](int item) { encode(item, item % in_flight); };
    constexpr auto in_order = tbb::filter_mode::serial_in_order;
    workers().arena.execute([&] {
        tbb::parallel_pipeline(in_flight, tbb::make_filter<void, int>(in_order, source) &
                                              tbb::make_filter<int, int>(in_order, middle) &
                                              tbb::make_filter<int, void>(in_order, sink));
    });
}

}  // namespace tutti
