#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/coherence.hpp"
#include "host/masking_options.hpp"
#include "host/masking_results.hpp"
#include "host/masking_sink.hpp"
#include "host/plan.hpp"
#include "host/render.hpp"
#include "host/render_device.hpp"
#include "host/slice_collector.hpp"
#include "host/stretch.hpp"

namespace tutti {

/// An analysis of who masks whom beside a pass over a session: made, then planned with, then run, then asked.
class MaskingJob {
  public:
    /// Listens to the stems for tracks that are coherent. The session must outlive it.
    MaskingJob(const MaskingOptions& options, const OpenedSession& opened, bool repair_nonfinite);

    /// What the plan has to hold for it.
    PlanOptions::Heard heard() const { return {grid_.component_hz, coherence_.tracks}; }

    /// Frames of the mix that are needed in front of the stretch and behind it.
    int lookaround_frames() const;

    /// Adds the analysis to a plan of the stretch. `mix_lufs`: the mix's loudness, where it is known. Throws
    /// InputError when nothing in the session reaches the master.
    void add_to(MixPlan& plan, const Stretch& stretch, std::optional<double> mix_lufs);

    /// Frames that have to be processed.
    std::int64_t frames() const { return frames_; }

    /// After the pass.
    MaskingResults results(std::string device);

  private:
    MaskingCalibration calibrate(std::optional<double> mix_lufs) const;

    MaskingOptions options_;
    const OpenedSession& opened_;
    MaskingGrid grid_;
    Coherence coherence_;
    std::int64_t frames_ = 0;
    MaskingSteps steps_;
    std::shared_ptr<MaskingCollector> tracks_;
    std::shared_ptr<MaskingCollector> groups_;
    std::shared_ptr<SliceCollector> slices_;
    MaskingResults results_;
};

/// Is told what an analysis is doing, and how far it is with it, in seconds of audio; of 0 seconds in all
/// where that cannot be said. What it throws ends the analysis and is thrown on.
using MaskingProgress = std::function<void(const std::string& what, double done_s, double total_s)>;

/// What calibration needs of a mix that has not been heard yet: nothing where --full-scale-spl says all, what
/// --mix-lufs says, or else the loudness of the stretch at the master's input, measured in a pass of its own.
/// Throws InputError for silence.
std::optional<double> find_mix_lufs(const MaskingOptions& options, const OpenedSession& opened,
                                    const Stretch& stretch, bool repair_nonfinite, bool show_progress,
                                    RenderDevice& device, const Warn& warn,
                                    const MaskingProgress& on_progress = nullptr);

/// The analysis on its own: the mix up to the master's input, without files of sound.
struct MaskingRun {
    std::filesystem::path session;
    std::string device = "auto";
    std::uint64_t memory_bytes = 0;  ///< budget; 0: half of this machine's memory
    double from_s = 0.0;
    std::optional<double> to_s;
    bool repair_nonfinite = false;
    BlobStore* cache = nullptr;
    bool show_progress = false;   ///< on standard error
    MaskingProgress on_progress;  ///< may be empty
    MaskingOptions masking;
};
MaskingResults analyse_masking(const MaskingRun& run, const OpenedSession& opened, const Warn& warn);

}  // namespace tutti
