#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace tutti {

/// Costs as bytes for a BlobStore: text, one number a line.
std::vector<std::byte> to_cost_lines(std::span<const double> costs);

/// The costs again; nothing when the bytes are not those of so many costs, all of them positive and under a
/// minute.
std::optional<std::vector<double>> costs_from_lines(std::span<const std::byte> bytes, std::size_t count);

}  // namespace tutti
