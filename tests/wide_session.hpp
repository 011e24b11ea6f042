#pragma once

#include "tests/session_folder.hpp"

namespace tutti::tests {

/// Ten tracks, so that every device has some: kernels that tracks share, dynamics, keys that are tracks and
/// buses, sends before and after the fader, nested buses of one channel and two, a delayed start, a limiter.
void write_wide_session(const SessionFolder& folder);

}  // namespace tutti::tests
