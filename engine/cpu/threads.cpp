#include "engine/threads.hpp"

#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <memory>
#include <mutex>

#include "engine/trace.hpp"

namespace tutti {

namespace {

/// All work runs in one arena, so that thread numbers are unique in it and its size is what --threads asked
/// for.
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

}  // namespace

void set_thread_count(int count) {
    workers_slot().reset();
    workers_slot() = std::make_unique<Workers>(count > 0 ? count : tbb::info::default_concurrency());
}

int thread_count() { return workers().arena.max_concurrency(); }

int thread_number() { return tbb::this_task_arena::current_thread_index(); }

void parallel_for_each_index(int count, const void* body, void (*call)(const void* body, int i)) {
    const char* const work = traced_work();
    workers().arena.execute([&] {
        tbb::parallel_for(0, count, [&](int i) {
            const TraceScope scope(work);
            call(body, i);
        });
    });
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
