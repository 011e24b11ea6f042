#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/backend.hpp"
#include "host/branches.hpp"
#include "host/content_hash.hpp"
#include "host/file_contents.hpp"

namespace tutti {

/// What else a branch's samples depend on.
struct BranchInputs {
    const std::vector<Branch>& branches;  ///< with the chunk in their plans
    const FileContents& stems;
    const std::vector<int>& chunk_counts;  ///< [branch]: after which it is silent
    std::span<Backend* const> devices;
    const std::vector<int>& device_of;  ///< [branch]
    bool repair_nonfinite = false;
};

/// A key for every branch. Two branches with the same key make the same samples, to the bit: the key is made
/// of the plan's every number, of the settings of dynamics, of the stems' contents, of the keys of branches
/// that it takes from, of its device and that one's driver and how it would convolve, and of this very
/// program.
std::vector<Digest> branch_keys(const OpenedSession& opened, const BranchInputs& inputs);

}  // namespace tutti
