#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "host/pcm_choice.hpp"
#include "host/plan.hpp"
#include "host/render.hpp"
#include "host/render_device.hpp"
#include "host/render_pass.hpp"
#include "host/stretch.hpp"

namespace tutti {

/// A pass over a planned mix that is ready to run, on one device or on several.
class MixPass {
  public:
    virtual ~MixPass() = default;

    virtual const RenderForecast& forecast() const = 0;
    virtual PassSeconds run(bool show_progress, const TakeFrames& take) = 0;

    /// After the pass: what was odd in files, one line each.
    virtual std::vector<std::string> findings() const = 0;

    /// After the pass: where the time went, device by device and step by step, and what dynamics did.
    virtual void fill_in(RenderReport& report) const = 0;
};

/// What a pass is made for.
struct PassJob {
    const Session& session;
    PcmChooser& pcm;
    Stretch stretch;
    std::int64_t frames = 0;  ///< to process at least
    bool repair_nonfinite = false;
    bool times_devices = false;  ///< have devices time their stages
};

/// Plans the pass on the device, or divides the plan among the devices where there are several; then the plan
/// has to be one that sum_in_convolvers() has not seen. Sets the chunk in the plan, whose kernels or steps
/// are gone afterwards. Throws as RenderDevice::start() does. Devices and session must outlive it.
std::unique_ptr<MixPass> make_pass(RenderDevice& device, MixPlan& plan, const PassJob& job, const Warn& warn);

}  // namespace tutti
