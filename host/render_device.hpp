#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/devices.hpp"
#include "engine/renderer.hpp"
#include "host/plan.hpp"

namespace tutti {

/// Where plans run, and how much memory they may take.
class RenderDevice {
  public:
    /// `word` as --device takes it; `memory_bytes` 0: half of this machine's. Throws as open_device() does.
    RenderDevice(std::string word, std::uint64_t memory_bytes, BlobStore* cache);

    /// A renderer with all the memory it needs.
    struct Started {
        std::unique_ptr<Renderer> renderer;
        RenderForecast forecast;
    };

    /// Chooses the chunk for the device, sets it in the plan, and makes the renderer. A GPU that nobody asked
    /// for and that cannot hold the plan gives way to the CPU, with a warning, from then on. `frames`: that
    /// will be processed. The kernels' taps are dropped from the plan.
    Started start(MixPlan& plan, std::int64_t frames, const Warn& warn);

    Backend& backend() { return *backend_; }
    const std::string& reason() const { return reason_; }  ///< what was taken and why

  private:
    Started start_here(MixPlan& plan, std::int64_t frames) const;

    std::string word_;
    std::uint64_t budget_bytes_;
    BlobStore* cache_;
    std::unique_ptr<Backend> backend_;
    std::string reason_;
};

}  // namespace tutti
