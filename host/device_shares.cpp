#include "host/device_shares.hpp"

#include <unistd.h>

#include <algorithm>
#include <numeric>
#include <variant>

#include "engine/errors.hpp"
#include "host/plan_flow.hpp"

namespace tutti {

namespace {

constexpr int chunk_frames = 65536;

/// For a frame of a row to be uploaded, measured or mixed: 4 bytes at about 12 GB/s, which is what a PCIe 4
/// link does, and a core.
constexpr double moved_frame_s = 0.3e-9;

/// Products grow with the taps; what a kernel of one tap costs are transforms, which a chunk more of taps
/// doubles at most.
double weight_of(std::size_t taps) { return 1.0 + static_cast<double>(taps) / chunk_frames; }

/// Of the machine, whatever this process is given of them: the same tracks, and so the same bytes, for any
/// number of threads.
double speed_of(const Backend& device) {
    if (device.info().kind != DeviceKind::cpu) return 1.0;
    return static_cast<double>(std::max(1L, sysconf(_SC_NPROCESSORS_CONF)));
}

class WorkSum {
  public:
    WorkSum(Backend& device, const MixPlan& plan)
        : device_(device), plan_(plan), flow_(follow_plan(plan)), shape_(plan.render.shape) {
        shape_.frame_count = chunk_frames;
        work_.sources.assign(plan.sources.size(), 0.0);
    }

    DeviceWork sum() {
        for (std::size_t s = 0; s < plan_.sources.size(); ++s) {
            add(static_cast<int>(s), plan_.sources[s].channels * moved_s());
        }
        for (const PlanFlow::Level& level : flow_.levels) add(flow_.values[level.value].owner, moved_s());
        for (std::size_t step = 0; step < plan_.render.steps.size(); ++step) {
            std::visit([&](const auto& s) { add_step(step, s); }, plan_.render.steps[step]);
        }
        return work_;
    }

  private:
    double moved_s() const { return moved_frame_s * chunk_frames; }

    void add(int source, double seconds) { (source >= 0 ? work_.sources[source] : work_.rest) += seconds; }

    void add_step(std::size_t number, const ConvolveStep& step) {
        const double seconds = device_.forecast_convolver(shape_, step.convolver).seconds / speed_of(device_);
        double weights = 0.0;
        for (const ConvolverPath& path : step.convolver.paths) {
            weights += weight_of(step.convolver.kernels[path.kernel].size());
        }
        each_term(number, [&](int owner, std::size_t item) {
            const ConvolverPath& path = step.convolver.paths[item];
            add(owner, seconds * weight_of(step.convolver.kernels[path.kernel].size()) / weights);
        });
    }

    /// A route costs those who have the row, whoever gets it.
    void add_step(std::size_t number, const MixStep& /*step*/) {
        each_term(number, [&](int owner, std::size_t /*item*/) { add(owner, moved_s()); });
    }

    void add_step(std::size_t /*number*/, const MeasureStep& /*step*/) {}
    void add_step(std::size_t /*number*/, const ShapeStep& /*step*/) {}
    void add_step(std::size_t /*number*/, const MaskingStep& /*step*/) {}

    template <typename Visit>
    void each_term(std::size_t step, const Visit& visit) const {
        for (std::size_t e = flow_.first_elements[step]; e < flow_.first_elements[step + 1]; ++e) {
            for (const PlanFlow::Term& term : flow_.elements[e].terms) {
                visit(flow_.values[term.value].owner, term.item);
            }
        }
    }

    Backend& device_;
    const MixPlan& plan_;
    PlanFlow flow_;
    RowsShape shape_;
    DeviceWork work_;
};

/// Gives each device, one after the other, what it can do in that time; false where something is left over.
bool share_within(std::span<const DeviceWork> devices, double seconds, std::vector<int>& device_of) {
    std::size_t device = 0;
    double used = devices[0].rest;
    for (std::size_t source = 0; source < device_of.size(); ++source) {
        while (used + devices[device].sources[source] > seconds) {
            if (++device == devices.size()) return false;
            used = 0.0;
        }
        used += devices[device].sources[source];
        device_of[source] = static_cast<int>(device);
    }
    return true;
}

}  // namespace

DeviceWork predict_work(Backend& device, const MixPlan& plan) { return WorkSum(device, plan).sum(); }

std::vector<int> share_out(std::span<const DeviceWork> devices) {
    std::vector<int> device_of(devices[0].sources.size(), 0);
    double enough = devices[0].rest;
    for (const double seconds : devices[0].sources) enough += seconds;
    double too_little = 0.0;
    constexpr int halvings = 50;
    for (int i = 0; i < halvings; ++i) {
        const double middle = 0.5 * (too_little + enough);
        (share_within(devices, middle, device_of) ? enough : too_little) = middle;
    }
    const bool is_enough = share_within(devices, enough, device_of);
    TUTTI_CHECK(is_enough);
    return device_of;
}

std::vector<int> share_branches(std::span<Backend* const> devices, const std::vector<Branch>& branches) {
    std::vector<int> device_of(branches.size(), 0);
    if (devices.size() == 1) return device_of;
    std::vector<int> with_tracks;
    for (std::size_t b = 0; b < branches.size(); ++b) {
        if (!branches[b].plan.sources.empty()) with_tracks.push_back(static_cast<int>(b));
    }
    std::vector<double> speeds;
    for (Backend* const device : devices) {
        double seconds = 0.0;
        for (const Branch& branch : branches) {
            const DeviceWork work = predict_work(*device, branch.plan);
            seconds = std::accumulate(work.sources.begin(), work.sources.end(), seconds + work.rest);
        }
        speeds.push_back(1.0 / seconds);
    }
    const double all = std::accumulate(speeds.begin(), speeds.end(), 0.0);
    std::size_t device = 0;
    double end = speeds[0];
    for (std::size_t i = 0; i < with_tracks.size(); ++i) {
        const double middle = all * (static_cast<double>(i) + 0.5) / static_cast<double>(with_tracks.size());
        while (middle > end && device + 1 < devices.size()) end += speeds[++device];
        device_of[with_tracks[i]] = static_cast<int>(device);
    }
    for (std::size_t b = 0; b + 1 < branches.size(); ++b) {
        const std::vector<Branch::Input>& inputs = branches[b].inputs;
        if (!branches[b].plan.sources.empty() || inputs.empty()) continue;
        const int first = device_of[inputs.front().branch];
        const bool are_there = std::all_of(inputs.begin(), inputs.end(), [&](const Branch::Input& input) {
            return device_of[input.branch] == first;
        });
        if (are_there) device_of[b] = first;
    }
    return device_of;
}

}  // namespace tutti
