#pragma once

#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "host/kernel.hpp"
#include "host/kernel_sketch.hpp"
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

    /// The same for a kernel's path, which is told from others by its sketch. Where there are no `taps`, so
    /// many zeros stand for them.
    int add_path(const KernelSketch::Path& path, const std::vector<double>* taps, int leading_zeros);

  private:
    int keep(std::vector<float> kernel);

    ConvolverPlan& plan_;
    std::unordered_multimap<std::size_t, int> known_;  ///< by hash of the bytes
    std::map<std::pair<Digest, int>, int> paths_;      ///< by sketch and leading zeros
};

/// A strip's kernel at one stage.
struct KernelUse {
    const KernelSketch* sketch = nullptr;
    const FusedKernel* kernel = nullptr;  ///< may be without paths
    Signal* signal = nullptr;
};

/// Convolves all signals in one step; plain gains and short delays are only noted for the signal's next mix.
void add_kernel_stage(StepList& steps, std::span<const KernelUse> uses);

}  // namespace tutti
