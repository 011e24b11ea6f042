#pragma once

#include <functional>
#include <memory>
#include <string>

namespace tutti {

/// Gives this process's work `count` threads (0: one per core). Call it while no work is under way.
void set_thread_count(int count);

/// Threads that parallel work may use now.
int thread_count();

/// Number of the calling thread inside parallel_for: 0 ... thread_count() - 1, no two at once with the same
/// number, but for loops of another SideThread.
int thread_number();

/// parallel_for() without its template: calls call(body, i) for i = 0 ... count - 1.
void parallel_for_each_index(int count, const void* body, void (*call)(const void* body, int i));

/// Calls body(i) for i = 0 ... count - 1, spread over the threads; returns when all are done. The first
/// exception thrown by a body is thrown again here. Nothing may depend on the order. Takes nothing from the
/// heap of its own.
template <typename Body>
void parallel_for(int count, const Body& body) {
    parallel_for_each_index(count, &body, [](const void* b, int i) { (*static_cast<const Body*>(b))(i); });
}

/// A thread beside the others, for work that mostly waits for a device. Its parallel_for() is helped by the
/// threads of the process that are free, and never waits for one that is not.
class SideThread {
  public:
    /// `work` is called once per start(). A trace shows the thread under its name.
    SideThread(std::string name, std::function<void()> work);
    ~SideThread();  ///< waits for what was started
    SideThread(const SideThread&) = delete;
    SideThread& operator=(const SideThread&) = delete;

    void start();

    /// Waits until what was started is done, and throws what it threw.
    void finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Runs three stages over items 0, 1, 2, ... so that decode(k + 1), process(k) and encode(k - 1) overlap.
/// Each stage sees the items in order, one at a time; at most `in_flight` items are under way, item k in slot
/// k % in_flight. `decode` returns false when there is no item k. The first exception stops the line and is
/// thrown again here.
struct Pipeline {
    std::function<bool(int item, int slot)> decode;
    std::function<void(int item, int slot)> process;
    std::function<void(int item, int slot)> encode;
    void run(int in_flight = 3) const;
};

}  // namespace tutti
