#pragma once

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "host/kernel.hpp"
#include "host/plan_steps.hpp"

namespace tutti {

/// Wanted delays up to this are taken along to the next mix; longer ones become leading zeros of a kernel, so
/// that no row needs a long past.
inline constexpr int longest_carried_delay = 8192;

/// Collects the kernels of one ConvolveStep; equal ones are kept once.
class KernelSet {
  public:
    explicit KernelSet(ConvolverPlan& plan) : plan_(plan) {}

    /// Number of the kernel: the taps behind so many zeros, in float32.
    int add(std::span<const double> taps, int leading_zeros = 0);

  private:
    ConvolverPlan& plan_;
    std::unordered_multimap<std::size_t, int> known_;  ///< by hash of the bytes
};

/// A strip's kernel at one stage.
struct KernelUse {
    const FusedKernel* kernel = nullptr;
    Signal* signal = nullptr;
};

/// Convolves all signals in one step; plain gains and short delays are only noted for the signal's next mix.
void add_kernel_stage(StepList& steps, std::span<const KernelUse> uses);

}  // namespace tutti
