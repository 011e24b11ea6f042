#pragma once

#include <cstddef>
#include <vector>

#include "host/session.hpp"

namespace tutti {

/// Strip `from` is needed by strip `to`, because of what stands at `place`.
struct RoutingEdge {
    std::size_t from = 0;
    std::size_t to = 0;
    Place place;
};

/// One cycle per set of strips that all need each other: the shortest through the set's first strip, as edges
/// in order, each beginning where the one before ends, the last ending where the first begins. Time is linear
/// in strips and edges.
std::vector<std::vector<RoutingEdge>> find_cycles(std::size_t strip_count,
                                                  const std::vector<RoutingEdge>& edges);

}  // namespace tutti
