#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "engine/backend.hpp"
#include "host/plan.hpp"
#include "host/session.hpp"

namespace tutti {

/// Whether stems that hold PCM go to a device as they are, to be converted there: where that is faster, or
/// wherever it can be done, or nowhere.
enum class DevicePcm { automatic, on, off };

/// What was decided for the stems of one kind on a device that wants PCM.
struct PcmChoice {
    std::string device;
    PcmFormat format;
    int channels = 1;
    int stem_count = 0;
    bool by_device = false;
    DevicePcm asked = DevicePcm::automatic;
    double host_s = 0.0;  ///< per sample, decoded by the host; 0 where nothing was to be weighed
    double device_s = 0.0;
    bool is_measured = false;  ///< what of that is the device's
};

/// Decides how stems come to devices. The bytes of a mix do not depend on it.
class PcmChooser {
  public:
    /// `formats`: [track], nothing where a stem has to be decoded or resampled. Session and formats must
    /// outlive it.
    PcmChooser(const Session& session, std::span<const std::optional<PcmFormat>> formats, DevicePcm asked)
        : session_(session), formats_(formats), asked_(asked) {}

    /// Puts the stems that the backend shall convert into the plan's pcm_sources, and no others. What it
    /// costs to decode is measured with the longest stem of a kind.
    void choose(MixPlan& plan, Backend& backend);

    std::vector<PcmChoice> choices() const;

    /// What there is to say to a user who asked for it and does not get it; empty where there is nothing.
    std::string unheeded() const;

  private:
    /// Backend, sample, endian, channels.
    using Kind = std::tuple<const Backend*, int, bool, int>;

    PcmChoice weigh(const MixPlan& plan, const MixPlan::Source& like, Backend& backend) const;

    const Session& session_;
    std::span<const std::optional<PcmFormat>> formats_;
    DevicePcm asked_;
    std::map<Kind, PcmChoice> choices_;
    bool has_device_ = false;
};

/// "12 stereo stems of 24 bit to vulkan:0 as they are: 2.1 ns a sample, where the host decodes in 3.4 ns".
std::string describe(const PcmChoice& choice);

}  // namespace tutti
