#include <fftw3.h>

#include <algorithm>
#include <bit>

#include "engine/cpu/fftw_planner.hpp"
#include "engine/errors.hpp"
#include "engine/fft.hpp"

namespace tutti {

std::mutex& cpu::fftw_planner_mutex() {
    static std::mutex mutex;
    return mutex;
}

struct DesignFft::Plans {
    int size;
    double* time;
    fftw_complex* bins;
    fftw_plan forward;
    fftw_plan inverse;

    explicit Plans(int n)
        : size(n),
          time(fftw_alloc_real(static_cast<std::size_t>(n))),
          bins(fftw_alloc_complex(static_cast<std::size_t>(n) / 2 + 1)) {
        const std::lock_guard lock(cpu::fftw_planner_mutex());
        forward = fftw_plan_dft_r2c_1d(n, time, bins, FFTW_ESTIMATE);
        inverse = fftw_plan_dft_c2r_1d(n, bins, time, FFTW_ESTIMATE);
    }
    Plans(const Plans&) = delete;
    Plans& operator=(const Plans&) = delete;
    ~Plans() {
        const std::lock_guard lock(cpu::fftw_planner_mutex());
        fftw_destroy_plan(forward);
        fftw_destroy_plan(inverse);
        fftw_free(time);
        fftw_free(bins);
    }
};

DesignFft::DesignFft(int size) : plans_(std::make_unique<Plans>(size)) {}
DesignFft::~DesignFft() = default;
DesignFft::DesignFft(DesignFft&&) noexcept = default;
DesignFft& DesignFft::operator=(DesignFft&&) noexcept = default;

int DesignFft::size() const { return plans_->size; }

void DesignFft::forward(std::span<const double> signal, std::span<std::complex<double>> spectrum) {
    TUTTI_CHECK(static_cast<int>(signal.size()) == size() &&
                static_cast<int>(spectrum.size()) == bin_count());
    std::copy(signal.begin(), signal.end(), plans_->time);
    fftw_execute(plans_->forward);
    for (int k = 0; k < bin_count(); ++k) {
        spectrum[k] = {plans_->bins[k][0], plans_->bins[k][1]};
    }
}

void DesignFft::inverse(std::span<const std::complex<double>> spectrum, std::span<double> signal) {
    TUTTI_CHECK(static_cast<int>(signal.size()) == size() &&
                static_cast<int>(spectrum.size()) == bin_count());
    for (int k = 0; k < bin_count(); ++k) {
        plans_->bins[k][0] = spectrum[k].real();
        plans_->bins[k][1] = spectrum[k].imag();
    }
    fftw_execute(plans_->inverse);
    const double scale = 1.0 / size();
    std::transform(plans_->time, plans_->time + size(), signal.begin(), [&](double x) { return x * scale; });
}

namespace {

bool is_short(std::size_t a_size, std::size_t b_size) { return std::min(a_size, b_size) <= 32; }

}  // namespace

std::uint64_t convolve_bytes(std::size_t a_size, std::size_t b_size) {
    const std::size_t length = a_size + b_size;
    // Frames, bins, bins once more, and about as much again in FFTW's tables (measured with 2^23 and 2^25).
    return sizeof(double) * (length + (is_short(a_size, b_size) ? 0 : 4 * std::bit_ceil(length)));
}

std::vector<double> convolve(std::span<const double> a, std::span<const double> b) {
    const std::size_t length = a.size() + b.size() - 1;
    if (is_short(a.size(), b.size())) {
        std::vector<double> direct(length, 0.0);
        for (std::size_t i = 0; i < a.size(); ++i) {
            for (std::size_t k = 0; k < b.size(); ++k) direct[i + k] += a[i] * b[k];
        }
        return direct;
    }
    // In the plans' own memory: such kernels may be minutes long.
    DesignFft fft(static_cast<int>(std::bit_ceil(length)));
    DesignFft::Plans& plans = *fft.plans_;
    auto* const bins = reinterpret_cast<std::complex<double>*>(plans.bins);
    const auto transform = [&](std::span<const double> signal) {
        std::fill(std::copy(signal.begin(), signal.end(), plans.time), plans.time + plans.size, 0.0);
        fftw_execute(plans.forward);
    };
    transform(a);
    const std::vector<std::complex<double>> spectrum(bins, bins + fft.bin_count());
    transform(b);
    for (std::size_t k = 0; k < spectrum.size(); ++k) bins[k] = spectrum[k] * bins[k];
    fftw_execute(plans.inverse);
    std::vector<double> result(plans.time, plans.time + length);
    const double scale = 1.0 / plans.size;
    for (double& x : result) x *= scale;
    return result;
}

}  // namespace tutti
