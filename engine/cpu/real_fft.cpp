#include "engine/cpu/real_fft.hpp"

#include <fftw3.h>

#include "engine/cpu/aligned.hpp"
#include "engine/cpu/fftw_planner.hpp"

namespace tutti::cpu {

std::mutex& fftw_planner_mutex() {
    static std::mutex mutex;
    return mutex;
}

namespace {

fftwf_complex* bins(float* spectrum) { return reinterpret_cast<fftwf_complex*>(spectrum); }

}  // namespace

struct RealFft::Plans {
    int size;
    fftwf_plan forward;
    fftwf_plan inverse;

    // FFTW_ESTIMATE: the same plan, and so the same last bits, on every run.
    explicit Plans(int n) : size(n) {
        AlignedFloats time(n);
        AlignedFloats spectrum(n + 2);
        const std::lock_guard lock(fftw_planner_mutex());
        forward = fftwf_plan_dft_r2c_1d(n, time.data(), bins(spectrum.data()), FFTW_ESTIMATE);
        inverse = fftwf_plan_dft_c2r_1d(n, bins(spectrum.data()), time.data(), FFTW_ESTIMATE);
    }
    Plans(const Plans&) = delete;
    Plans& operator=(const Plans&) = delete;
    ~Plans() {
        const std::lock_guard lock(fftw_planner_mutex());
        fftwf_destroy_plan(forward);
        fftwf_destroy_plan(inverse);
    }
};

RealFft::RealFft(int size) : plans_(std::make_unique<Plans>(size)) {}
RealFft::~RealFft() = default;
RealFft::RealFft(RealFft&&) noexcept = default;
RealFft& RealFft::operator=(RealFft&&) noexcept = default;

int RealFft::size() const { return plans_->size; }

void RealFft::forward(float* time, float* spectrum) const {
    fftwf_execute_dft_r2c(plans_->forward, time, bins(spectrum));
}

void RealFft::inverse(float* spectrum, float* time) const {
    fftwf_execute_dft_c2r(plans_->inverse, bins(spectrum), time);
}

}  // namespace tutti::cpu
