#include "host/plan_kernels.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace tutti {

namespace {

/// The same factor on every channel and nothing across: the signal can carry it.
bool is_one_gain(const FusedKernel& kernel) {
    if (!kernel.is_gain_only() || kernel.input_channels != kernel.output_channels) return false;
    for (int out = 0; out < kernel.output_channels; ++out) {
        for (int in = 0; in < kernel.input_channels; ++in) {
            const std::vector<double>& taps = kernel.paths[out][in];
            if (out == in ? taps != kernel.paths[0][0] : !taps.empty()) return false;
        }
    }
    return true;
}

double gain_of(const FusedKernel& kernel) { return kernel.paths[0][0].empty() ? 0.0 : kernel.paths[0][0][0]; }

void add_paths(ConvolveStep& step, KernelSet& kernels, StepList& steps, const KernelUse& use,
               int leading_zeros) {
    const FusedKernel& kernel = *use.kernel;
    Signal& signal = *use.signal;
    const std::array<int, 2> inputs = signal.rows;
    if (kernel.output_channels != signal.channels) {
        for (int out = 0; out < kernel.output_channels; ++out) signal.rows[out] = steps.new_row();
    }
    std::size_t longest = 1;
    for (int out = 0; out < kernel.output_channels; ++out) {
        bool fed = false;
        for (int in = 0; in < kernel.input_channels; ++in) {
            const std::vector<double>& taps = kernel.paths[out][in];
            if (taps.empty()) continue;
            step.convolver.paths.push_back({inputs[in], kernels.add(taps, leading_zeros), signal.rows[out]});
            longest = std::max(longest, taps.size() + leading_zeros);
            fed = true;
        }
        if (!fed) step.convolver.paths.push_back({inputs[0], kernels.add(std::array{0.0}), signal.rows[out]});
    }
    signal.channels = kernel.output_channels;
    signal.reach += static_cast<std::int64_t>(longest) - 1;
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
    const int index = static_cast<int>(plan_.kernels.size());
    plan_.kernels.push_back(std::move(kernel));
    known_.emplace(hash, index);
    return index;
}

void add_kernel_stage(StepList& steps, std::span<const KernelUse> uses) {
    ConvolveStep step;
    KernelSet kernels(step.convolver);
    for (const KernelUse& use : uses) {
        const FusedKernel& kernel = *use.kernel;
        Signal& signal = *use.signal;
        signal.latency += kernel.latency_frames;
        const bool carries_delay = signal.delay + kernel.delay_frames <= longest_carried_delay;
        if (carries_delay) signal.delay += kernel.delay_frames;
        if (carries_delay && is_one_gain(kernel)) {
            signal.gain *= gain_of(kernel);
        } else {
            add_paths(step, kernels, steps, use, carries_delay ? 0 : kernel.delay_frames);
        }
    }
    steps.push(std::move(step));
}

}  // namespace tutti
