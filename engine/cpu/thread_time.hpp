#pragma once

#include <ctime>

namespace tutti::cpu {

/// Seconds that the calling thread has run on a processor so far: other programs do not count.
inline double thread_time_s() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace tutti::cpu
