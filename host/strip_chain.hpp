#pragma once

#include <vector>

#include "engine/errors.hpp"
#include "host/kernel.hpp"
#include "host/kernel_sketch.hpp"
#include "host/session.hpp"

namespace tutti {

/// One stage of a strip: either a fused kernel, or a dynamics insert.
struct Stage {
    FusedKernel kernel;  ///< without paths where it is only known by its sketch
    KernelSketch sketch;
    const Insert* dynamics = nullptr;  ///< null: the stage is the kernel
    int insert = 0;                    ///< index of the dynamics insert in the chain
};

/// A strip's chain as stages: LTI inserts that stand next to each other are one kernel; what does nothing is
/// left out.
std::vector<Stage> make_stages(const Strip& strip, int channels, const Session& session, const Warn& warn);

}  // namespace tutti
