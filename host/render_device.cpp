#include "host/render_device.hpp"

#include <malloc.h>

#include <utility>

#include "engine/trace.hpp"
#include "host/memory_budget.hpp"

namespace tutti {

namespace {

/// The device's store; none where there is less memory than measuring the CPU takes, which then goes by usual
/// costs, whether others have measured it or not.
BlobStore* store_for(const std::string& word, std::uint64_t budget_bytes, BlobStore* cache) {
    const bool has_room = budget_bytes >= program_bytes + measuring_bytes;
    return has_room || word.starts_with("vulkan") ? cache : nullptr;
}

/// The same plan, with the taps of its kernels taken out of `plan`: those of long kernels are not in memory
/// twice.
RenderPlan with_taps_of(RenderPlan& plan) {
    std::vector<std::vector<std::vector<float>>> kernels;  // [step][kernel][tap]
    for (Step& step : plan.steps) {
        auto* const convolve = std::get_if<ConvolveStep>(&step);
        kernels.emplace_back();
        if (convolve != nullptr) kernels.back().swap(convolve->convolver.kernels);
    }
    RenderPlan taken = plan;
    for (std::size_t i = 0; i < kernels.size(); ++i) {
        if (auto* convolve = std::get_if<ConvolveStep>(&taken.steps[i])) {
            convolve->convolver.kernels.swap(kernels[i]);
        }
    }
    return taken;
}

}  // namespace

RenderDevice::RenderDevice(std::string word, std::uint64_t memory_bytes, BlobStore* cache, Number number)
    : word_(std::move(word)),
      budget_bytes_(memory_bytes > 0 ? memory_bytes : default_memory_budget()),
      cache_(store_for(word_, budget_bytes_, cache)) {
    const TraceScope scope("open device");
    if (number == Number::one || !names_several_devices(word_)) {
        OpenedDevice device = open_device(word_, cache_);
        backends_.push_back(std::move(device.backend));
        reason_ = std::move(device.reason);
        return;
    }
    backends_ = open_several_devices(word_, cache_);
    for (const Backend* const backend : backends()) {
        reason_ += (reason_.empty() ? "" : ", ") + backend->info().id + " (" + backend->info().name + ")";
    }
    reason_ += ": asked for";
}

std::vector<Backend*> RenderDevice::backends() const {
    std::vector<Backend*> all;
    for (const std::unique_ptr<Backend>& backend : backends_) all.push_back(backend.get());
    return all;
}

RenderDevice::Started RenderDevice::start_here(MixPlan& plan, std::int64_t frames) const {
    const TraceScope scope("prepare device");
    const int chunk = choose_chunk_frames(backend(), plan, budget_bytes_, frames);
    plan.render.shape.frame_count = chunk;
    Started started;
    started.forecast = forecast_render(backend(), plan, chunk);
    // What planning has given back is the system's again before the device takes what it needs.
    malloc_trim(0);
    started.renderer =
        std::make_unique<Renderer>(backend(), may_give_way() ? plan.render : with_taps_of(plan.render));
    return started;
}

RenderDevice::Started RenderDevice::start(MixPlan& plan, std::int64_t frames, const Warn& warn) {
    const auto without_taps = [&](Started started) {
        // The device has its own form of the kernels now.
        for (Step& step : plan.render.steps) {
            if (auto* convolve = std::get_if<ConvolveStep>(&step)) convolve->convolver.kernels.clear();
        }
        return started;
    };
    try {
        return without_taps(start_here(plan, frames));
    } catch (const DeviceError& error) {
        give_way_to_cpu(error, warn);
    }
    return without_taps(start_here(plan, frames));
}

bool RenderDevice::may_give_way() const {
    return word_ == "auto" && backend().info().kind != DeviceKind::cpu;
}

void RenderDevice::give_way_to_cpu(const DeviceError& error, const Warn& warn) {
    if (!may_give_way()) throw error;
    warn(backend().info().name + ": " + error.what() + "; the CPU renders instead");
    backends_.front() = open_device("cpu", cache_).backend;
    reason_ = "cpu: the GPU could not hold the mix";
}

}  // namespace tutti
