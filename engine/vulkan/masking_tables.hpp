#pragma once

#include <cstdint>
#include <vector>

#include "engine/masking.hpp"
#include "shaders/layouts.h"

namespace tutti::vulkan {

/// Constants of loudness of every band.
std::vector<shaders::MaskingBand> masking_bands(const MaskingGrid& grid);

/// Where runs of equal numbers begin, and the end: of `numbers`, ascending from 0 without gaps.
std::vector<std::uint32_t> run_starts(const std::vector<int>& numbers);

/// Objects as sums of excitations, and what may mask each as a sum of nodes: excitations and sums of two
/// nodes, a binary tree over all excitations.
struct ObjectSums {
    explicit ObjectSums(const MaskingPlan& plan);

    std::vector<shaders::MaskingObject> objects;
    std::vector<std::uint32_t> members;
    std::vector<std::uint32_t> nodes;
    std::vector<shaders::MaskingSum> sums;            ///< each of nodes before it
    std::vector<std::vector<std::uint32_t>> excused;  ///< [object]: own excitations and relatives, ascending
};

}  // namespace tutti::vulkan
