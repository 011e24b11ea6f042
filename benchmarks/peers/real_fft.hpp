#pragma once

#include <fftw3.h>

#include <complex>
#include <filesystem>
#include <memory>
#include <string>

namespace tutti::bench {

struct FftwFree {
    void operator()(void* pointer) const { fftwf_free(pointer); }
};

using FftwReals = std::unique_ptr<float[], FftwFree>;
using FftwBins = std::unique_ptr<std::complex<float>[], FftwFree>;

FftwReals make_reals(int count);
FftwBins make_bins(int count);

/// Measured plans are what FFTW's manual advises for transforms that run often. For the largest, whose
/// measuring would take minutes, FFTW is told to stop after a while (fftwf_set_timelimit), and takes what it
/// estimates to be best where it has come to no end.
enum class Planning { estimated, measured };

/// For the plan of one direction.
inline constexpr double planning_limit_s = 10.0;

/// "fftw-3.3.10-sse2-avx": the library and what it was built for.
std::string fftw_version_text();

/// FFTW's real transforms of one size in float, out of place, as its manual recommends them. Not normalized.
/// Planning is for one thread; any number of threads may transform.
class RealFft {
  public:
    RealFft(int frame_count, Planning planning);
    RealFft(RealFft&& other) noexcept;
    RealFft& operator=(RealFft&&) = delete;
    ~RealFft();

    int frame_count() const { return frame_count_; }
    int bin_count() const { return frame_count_ / 2 + 1; }

    /// How it was planned: "FFTW_MEASURE", or that this was stopped.
    std::string planning_text() const;

    /// Buffers come from make_reals() and make_bins().
    void forward(float* frames, std::complex<float>* bins) const;
    /// Overwrites the bins.
    void inverse(std::complex<float>* bins, float* frames) const;

  private:
    int frame_count_;
    Planning planning_;
    bool was_stopped_ = false;
    fftwf_plan forward_;
    fftwf_plan inverse_;
};

/// FFTW's wisdom, read from a file when made and written back when it goes, so that a size is measured once
/// on a machine. A file that is missing, damaged or of another FFTW is as none.
class KeptWisdom {
  public:
    explicit KeptWisdom(std::filesystem::path file);
    KeptWisdom(const KeptWisdom&) = delete;
    KeptWisdom& operator=(const KeptWisdom&) = delete;
    ~KeptWisdom();

  private:
    std::filesystem::path file_;
};

}  // namespace tutti::bench
