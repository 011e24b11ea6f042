#pragma once

#include <vector>

#include "host/routing.hpp"
#include "host/session.hpp"

namespace tutti {

/// The strips of a depth that are needed, in groups that make a branch each: some eight tracks that go the
/// same way; a bus or the master by itself. A track more or less, or a mute, moves few borders.
std::vector<std::vector<int>> branch_groups(const Session& session, const Routing& routing, int depth);

}  // namespace tutti
