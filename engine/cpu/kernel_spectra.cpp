#include "engine/cpu/kernel_spectra.hpp"

#include <fftw3.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <mutex>
#include <numbers>

#include "engine/cpu/fftw_planner.hpp"
#include "engine/errors.hpp"

namespace tutti::cpu {

namespace {

/// On cache lines, as FFTW's plans for aligned memory want it; large ones go back to the system at once.
struct DoubleBins {
    explicit DoubleBins(std::size_t count)
        : bytes(count * sizeof(fftw_complex)), bins(static_cast<fftw_complex*>(take_aligned(bytes))) {}
    DoubleBins(const DoubleBins&) = delete;
    DoubleBins& operator=(const DoubleBins&) = delete;
    ~DoubleBins() { give_back_aligned(bins, bytes); }
    std::size_t bytes;
    fftw_complex* bins;
};

}  // namespace

KernelTransform::KernelTransform(const BlockTransform& transform)
    : bin_count_(static_cast<std::size_t>(transform.frame_count()) / 2), places_(transform.bin_places()) {
    const DoubleBins bins(bin_count_);
    const std::lock_guard lock(fftw_planner_mutex());
    plan_ = fftw_plan_dft_1d(static_cast<int>(bin_count_), bins.bins, bins.bins, FFTW_FORWARD, FFTW_ESTIMATE);
    TUTTI_CHECK(plan_ != nullptr);
}

KernelTransform::~KernelTransform() {
    const std::lock_guard lock(fftw_planner_mutex());
    fftw_destroy_plan(plan_);
}

void KernelTransform::run(std::span<const float> taps, LaneBins* spectrum) const {
    TUTTI_CHECK(taps.size() <= 2 * bin_count_);
    const auto tap = [&](std::size_t n) { return n < taps.size() ? static_cast<double>(taps[n]) : 0.0; };
    const DoubleBins work(bin_count_);
    const double scale = 1.0 / static_cast<double>(bin_count_);
    for (std::size_t n = 0; n < bin_count_; ++n) {
        const double angle = 0.5 * std::numbers::pi * static_cast<double>(n) * scale;
        const std::complex<double> z = std::complex(tap(n), tap(n + bin_count_)) * std::polar(scale, angle);
        work.bins[n][0] = z.real();
        work.bins[n][1] = z.imag();
    }
    fftw_execute_dft(plan_, work.bins, work.bins);
    for (std::size_t k = 0; k < bin_count_; ++k) {
        LaneBins& bins = spectrum[places_[k] / lane_count];
        bins.re[places_[k] % lane_count] = static_cast<float>(work.bins[k][0]);
        bins.im[places_[k] % lane_count] = static_cast<float>(work.bins[k][1]);
    }
}

KernelSpectra::KernelSpectra(std::span<const float> taps, int partition_frames,
                             const BlockTransform& transform, const KernelTransform& kernel_transform)
    : stride_(transform.spectrum_bins()),
      is_zero_((taps.size() + partition_frames - 1) / partition_frames),
      bins_(stride_ * is_zero_.size()) {
    for (int index = 0; index < part_count(); ++index) {
        const std::size_t begin = static_cast<std::size_t>(index) * partition_frames;
        const auto part = taps.subspan(begin, std::min<std::size_t>(partition_frames, taps.size() - begin));
        is_zero_[index] = std::all_of(part.begin(), part.end(), [](float tap) { return tap == 0.0F; });
        if (!is_zero_[index]) kernel_transform.run(part, bins_.data() + index * stride_);
    }
}

}  // namespace tutti::cpu
