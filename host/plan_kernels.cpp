#include "host/plan_kernels.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace tutti {

namespace {

/// The same factor on every channel and nothing across: the signal can carry it.
bool is_one_gain(const KernelSketch& kernel) {
    if (kernel.input_channels != kernel.output_channels) return false;
    for (int out = 0; out < kernel.output_channels; ++out) {
        for (int in = 0; in < kernel.input_channels; ++in) {
            const KernelSketch::Path& path = kernel.paths[out][in];
            if (path.tap_count > 1) return false;
            if (out == in ? path != kernel.paths[0][0] : path.tap_count > 0) return false;
        }
    }
    return true;
}

/// What the signal was to be multiplied by, the convolver does on the way: the next step need not.
void add_paths(ConvolveStep& step, KernelSet& kernels, StepList& steps, const KernelUse& use,
               int leading_zeros) {
    const KernelSketch& kernel = *use.sketch;
    Signal& signal = *use.signal;
    const bool has_taps = !use.kernel->paths.empty();
    const std::array<int, 2> inputs = signal.rows;
    if (kernel.output_channels != signal.channels) {
        for (int out = 0; out < kernel.output_channels; ++out) signal.rows[out] = steps.new_row();
    }
    std::int64_t longest = 1;
    for (int out = 0; out < kernel.output_channels; ++out) {
        bool fed = false;
        for (int in = 0; in < kernel.input_channels; ++in) {
            const KernelSketch::Path& path = kernel.paths[out][in];
            if (path.tap_count == 0) continue;
            const std::vector<double>* const taps = has_taps ? &use.kernel->paths[out][in] : nullptr;
            step.convolver.paths.push_back({inputs[in], kernels.add_path(path, taps, leading_zeros),
                                            signal.rows[out], static_cast<float>(signal.gain)});
            longest = std::max(longest, path.tap_count + leading_zeros);
            fed = true;
        }
        if (!fed) step.convolver.paths.push_back({inputs[0], kernels.add(std::array{0.0}), signal.rows[out]});
    }
    signal.gain = 1.0;
    signal.channels = kernel.output_channels;
    signal.reach += longest - 1;
}

}  // namespace

int KernelSet::add(std::span<const double> taps, int leading_zeros) {
    std::vector<float> kernel(leading_zeros, 0.0F);
    kernel.insert(kernel.end(), taps.begin(), taps.end());
    const std::string_view bytes(reinterpret_cast<const char*>(kernel.data()), kernel.size() * sizeof(float));
    const std::size_t hash = std::hash<std::string_view>{}(bytes);
    for (auto [it, end] = known_.equal_range(hash); it != end; ++it) {
        if (plan_.kernels[it->second] == kernel) return it->second;
    }
    return known_.emplace(hash, keep(std::move(kernel)))->second;
}

int KernelSet::add_path(const KernelSketch::Path& path, const std::vector<double>* taps, int leading_zeros) {
    const auto [place, is_new] = paths_.try_emplace({path.taps, leading_zeros}, 0);
    if (!is_new) return place->second;
    std::vector<float> kernel(leading_zeros + static_cast<std::size_t>(path.tap_count), 0.0F);
    if (taps != nullptr) std::copy(taps->begin(), taps->end(), kernel.begin() + leading_zeros);
    return place->second = keep(std::move(kernel));
}

int KernelSet::keep(std::vector<float> kernel) {
    plan_.kernels.push_back(std::move(kernel));
    return static_cast<int>(plan_.kernels.size()) - 1;
}

void add_kernel_stage(StepList& steps, std::span<const KernelUse> uses) {
    ConvolveStep step;
    KernelSet kernels(step.convolver);
    for (const KernelUse& use : uses) {
        const KernelSketch& kernel = *use.sketch;
        Signal& signal = *use.signal;
        signal.latency += kernel.latency_frames;
        const bool carries_delay = signal.delay + kernel.delay_frames <= longest_carried_delay;
        if (carries_delay) signal.delay += kernel.delay_frames;
        if (carries_delay && is_one_gain(kernel)) {
            signal.gain *= kernel.paths[0][0].gain;
        } else {
            add_paths(step, kernels, steps, use, carries_delay ? 0 : kernel.delay_frames);
        }
    }
    steps.push(std::move(step));
}

}  // namespace tutti
