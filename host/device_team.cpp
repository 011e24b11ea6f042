#include "host/device_team.hpp"

#include <exception>

namespace tutti {

DeviceTeam::DeviceTeam(std::span<Backend* const> devices, const std::function<void(int device)>& work) {
    for (const Backend* const device : devices) {
        const int number = static_cast<int>(threads_.size());
        threads_.emplace_back(device->info().id + " host", [work, number] { work(number); });
    }
}

void DeviceTeam::run() {
    for (SideThread& thread : threads_) thread.start();
    std::exception_ptr error;
    for (SideThread& thread : threads_) {
        try {
            thread.finish();
        } catch (...) {
            if (!error) error = std::current_exception();
        }
    }
    if (error) std::rethrow_exception(error);
}

void DoneList::begin(std::size_t count) {
    const std::lock_guard lock(mutex_);
    done_.assign(count, false);
    is_given_up_ = false;
}

void DoneList::set_done(int thing) {
    const std::lock_guard lock(mutex_);
    done_[thing] = true;
    changed_.notify_all();
}

void DoneList::give_up() {
    const std::lock_guard lock(mutex_);
    is_given_up_ = true;
    changed_.notify_all();
}

bool DoneList::wait_for(int thing) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return done_[thing] || is_given_up_; });
    return done_[thing];
}

}  // namespace tutti
