#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/devices.hpp"
#include "engine/renderer.hpp"
#include "host/plan.hpp"

namespace tutti {

/// Where plans run, and how much memory they may take.
class RenderDevice {
  public:
    enum class Number { one, several };

    /// `word` as --device takes it, a list only where there may be several; `memory_bytes`, for all of them,
    /// 0: half of this machine's. Throws as open_device() and open_several_devices()
    /// do.
    RenderDevice(std::string word, std::uint64_t memory_bytes, BlobStore* cache, Number number = Number::one);

    /// A renderer with all the memory it needs.
    struct Started {
        std::unique_ptr<Renderer> renderer;
        RenderForecast forecast;
    };

    /// Chooses the chunk for the first device, sets it in the plan, and makes the renderer. A GPU that nobody
    /// asked for and that cannot hold the plan gives way to the CPU, with a warning, from then on. `frames`:
    /// that will be processed. The kernels' taps are dropped from the plan.
    Started start(MixPlan& plan, std::int64_t frames, const Warn& warn);

    Backend& backend() const { return *backends_.front(); }  ///< the first
    int count() const { return static_cast<int>(backends_.size()); }
    std::vector<Backend*> backends() const;
    std::uint64_t budget_bytes() const { return budget_bytes_; }

    /// After a GPU that nobody asked for could not hold a plan: the CPU from now on, with a warning. Throws
    /// the error again where that is no way out.
    void give_way_to_cpu(const DeviceError& error, const Warn& warn);

    const std::string& reason() const { return reason_; }  ///< what was taken and why

  private:
    Started start_here(MixPlan& plan, std::int64_t frames) const;
    bool may_give_way() const;

    std::string word_;
    std::uint64_t budget_bytes_;
    BlobStore* cache_;
    std::vector<std::unique_ptr<Backend>> backends_;
    std::string reason_;
};

}  // namespace tutti
