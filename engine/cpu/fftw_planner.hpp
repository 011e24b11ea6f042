#pragma once

#include <mutex>

namespace tutti::cpu {

/// FFTW makes and destroys plans one at a time in a process; this is the lock for it.
std::mutex& fftw_planner_mutex();

}  // namespace tutti::cpu
