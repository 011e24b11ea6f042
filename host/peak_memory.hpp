#pragma once

#include <cstdint>

namespace tutti {

/// The most memory that this process has held at once so far, as its system counts: what was resident, shared
/// libraries too. 0 where the system does not tell.
std::uint64_t peak_memory_bytes();

}  // namespace tutti
