#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "engine/backend.hpp"
#include "engine/threads.hpp"

namespace tutti {

/// A thread for each of several devices.
class DeviceTeam {
  public:
    DeviceTeam(std::span<Backend* const> devices, const std::function<void(int device)>& work);

    /// Has every device's thread do the work once, all at the same time. Returns when all are done, and
    /// throws the first of what they threw.
    void run();

  private:
    std::deque<SideThread> threads_;  ///< [device]
};

/// What of a list of things is done, for threads that need what others make.
class DoneList {
  public:
    void begin(std::size_t count);  ///< nothing of so many
    void set_done(int thing);
    void give_up();  ///< nothing more will be done

    /// False where it will not be done.
    bool wait_for(int thing);

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<bool> done_;
    bool is_given_up_ = false;
};

}  // namespace tutti
