#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "engine/convolver_planner.hpp"

namespace tutti {

/// Costs as bytes for a BlobStore: text, one number a line.
std::vector<std::byte> to_bytes(const ConvolverCosts& costs);

/// The costs again; nothing when the bytes are not those of costs for exactly these transforms, all of them
/// positive and under a minute.
std::optional<ConvolverCosts> convolver_costs_from(std::span<const std::byte> bytes,
                                                   std::span<const int> sizes);

}  // namespace tutti
