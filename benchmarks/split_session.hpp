#pragma once

#include <vector>

#include "host/render.hpp"

namespace tutti::bench {

/// A session as parts that can be rendered apart: the sum of the parts, each with a master that changes
/// nothing, goes through the session's master. Tracks stay together that meet in a bus which is not linear;
/// buses of equalizers, delays, gains and convolutions are in every part that feeds them. At most
/// `part_count` parts of about equal work, counting tracks and convolutions; one when the session cannot be
/// split.
std::vector<OpenedSession> split_session(const OpenedSession& opened, int part_count);

}  // namespace tutti::bench
