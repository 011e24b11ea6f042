#pragma once

#include <span>
#include <vector>

#include "engine/backend.hpp"
#include "host/branches.hpp"

namespace tutti {

/// What one device would take for the parts of a mix, in seconds per chunk of a fixed length.
struct DeviceWork {
    std::vector<double> sources;  ///< [MixPlan::sources]: what is made of that track alone
    double rest = 0.0;            ///< everything else
};

/// Predicted: convolution as the device's planner does, by what was measured on the device; rows that are
/// uploaded, measured and mixed by a figure that is the same for all. Depends neither on the chunk nor on the
/// number of threads.
DeviceWork predict_work(Backend& device, const MixPlan& plan);

/// Which device makes which track: [source]. Tracks that follow each other stay together, in the order of
/// the devices, so that few sums are made on two; where one device ends and the next begins is such that the
/// busiest, the first of which also does the rest, takes the least time.
std::vector<int> share_out(std::span<const DeviceWork> devices);

/// Which device makes which branch: [branch]. Those of tracks are shared out by their number and the devices'
/// speeds alone, so that a change in one moves no other to another device, as far as possible. One that takes
/// from branches of one device alone is made there; all others, and the mix, on the first.
std::vector<int> share_branches(std::span<Backend* const> devices, const std::vector<Branch>& branches);

}  // namespace tutti
