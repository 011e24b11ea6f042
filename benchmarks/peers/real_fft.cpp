#include "benchmarks/peers/real_fft.hpp"

#include <unistd.h>

#include <chrono>
#include <cstring>
#include <new>
#include <string>
#include <utility>

namespace tutti::bench {

namespace {

template <typename T>
T* checked(T* pointer) {
    if (pointer == nullptr) throw std::bad_alloc();
    return pointer;
}

fftwf_complex* as_fftw(std::complex<float>* bins) { return reinterpret_cast<fftwf_complex*>(bins); }

unsigned flag_of(Planning planning) { return planning == Planning::measured ? FFTW_MEASURE : FFTW_ESTIMATE; }

}  // namespace

std::string fftw_version_text() { return static_cast<const char*>(fftwf_version); }

FftwReals make_reals(int count) {
    float* reals = checked(fftwf_alloc_real(static_cast<std::size_t>(count)));
    std::memset(reals, 0, static_cast<std::size_t>(count) * sizeof(float));
    return FftwReals(reals);
}

FftwBins make_bins(int count) {
    fftwf_complex* bins = checked(fftwf_alloc_complex(static_cast<std::size_t>(count)));
    std::memset(bins, 0, static_cast<std::size_t>(count) * sizeof(fftwf_complex));
    return FftwBins(reinterpret_cast<std::complex<float>*>(bins));
}

RealFft::RealFft(int frame_count, Planning planning) : frame_count_(frame_count), planning_(planning) {
    const FftwReals reals = make_reals(frame_count);
    const FftwBins bins = make_bins(bin_count());
    fftwf_set_timelimit(planning_limit_s);
    const auto planned = [&](const auto& plan) {
        const auto begin = std::chrono::steady_clock::now();
        const fftwf_plan made = checked(plan());
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
        was_stopped_ = was_stopped_ || taken.count() >= planning_limit_s;
        return made;
    };
    forward_ = planned([&] {
        return fftwf_plan_dft_r2c_1d(frame_count, reals.get(), as_fftw(bins.get()), flag_of(planning));
    });
    inverse_ = planned([&] {
        return fftwf_plan_dft_c2r_1d(frame_count, as_fftw(bins.get()), reals.get(), flag_of(planning));
    });
}

std::string RealFft::planning_text() const {
    if (planning_ == Planning::estimated) return "FFTW_ESTIMATE";
    if (!was_stopped_) return "FFTW_MEASURE";
    return "FFTW_MEASURE, stopped after " + std::to_string(static_cast<int>(planning_limit_s)) + " s";
}

RealFft::RealFft(RealFft&& other) noexcept
    : frame_count_(other.frame_count_),
      planning_(other.planning_),
      was_stopped_(other.was_stopped_),
      forward_(std::exchange(other.forward_, nullptr)),
      inverse_(std::exchange(other.inverse_, nullptr)) {}

RealFft::~RealFft() {
    fftwf_destroy_plan(forward_);
    fftwf_destroy_plan(inverse_);
}

void RealFft::forward(float* frames, std::complex<float>* bins) const {
    fftwf_execute_dft_r2c(forward_, frames, as_fftw(bins));
}

void RealFft::inverse(std::complex<float>* bins, float* frames) const {
    fftwf_execute_dft_c2r(inverse_, as_fftw(bins), frames);
}

KeptWisdom::KeptWisdom(std::filesystem::path file) : file_(std::move(file)) {
    if (!file_.empty()) fftwf_import_wisdom_from_filename(file_.c_str());
}

KeptWisdom::~KeptWisdom() {
    if (file_.empty()) return;
    std::error_code ignored;
    std::filesystem::create_directories(file_.parent_path(), ignored);
    const std::string beside = file_.string() + "." + std::to_string(getpid());
    if (fftwf_export_wisdom_to_filename(beside.c_str()) != 0) {
        std::filesystem::rename(beside, file_, ignored);
    }
}

}  // namespace tutti::bench
