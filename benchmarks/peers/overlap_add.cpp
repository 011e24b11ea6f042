#include "benchmarks/peers/overlap_add.hpp"

#include <algorithm>
#include <bit>
#include <string>
#include <vector>

#include "benchmarks/peers/real_fft.hpp"
#include "benchmarks/worker.hpp"

namespace tutti::bench {

namespace {

using Bin = std::complex<float>;

struct Workspace {
    FftwReals block;
    FftwBins bins;
    std::vector<float> result;
};

class OverlapAdd {
  public:
    explicit OverlapAdd(JobSamples& samples)
        : samples_(samples),
          fft_(plan(samples.job())),
          hop_(static_cast<std::size_t>(fft_.frame_count() - samples.job().tap_count + 1)) {
        const ConvolutionJob& job = samples.job();
        for (int thread = 0; thread < job.thread_count; ++thread) {
            workspaces_.push_back({make_reals(fft_.frame_count()), make_bins(fft_.bin_count()),
                                   std::vector<float>(static_cast<std::size_t>(job.result_frames()))});
        }
        for (int kernel = 0; kernel < job.kernel_count; ++kernel) spectra_.push_back(transformed(kernel));
    }

    std::string description() const {
        return fftw_version_text() + ", overlap-add in transforms of " + std::to_string(fft_.frame_count()) +
               ", planned with " + fft_.planning_text();
    }

    void run() {
        for_each_row(samples_.job().row_count, samples_.job().thread_count, [&](int thread, int row) {
            Workspace& workspace = workspaces_[static_cast<std::size_t>(thread)];
            const std::span<float> kept = samples_.kept(row);
            convolve(samples_.row(row), spectra_[static_cast<std::size_t>(row % samples_.job().kernel_count)],
                     workspace, kept.empty() ? std::span(workspace.result) : kept);
        });
    }

  private:
    static RealFft plan(const ConvolutionJob& job) {
        const KeptWisdom wisdom(job.wisdom_file);
        return RealFft(static_cast<int>(overlap_add_transform_frames(job.tap_count)), Planning::measured);
    }

    FftwBins transformed(int kernel) const {
        const FftwReals padded = make_reals(fft_.frame_count());
        const float scale = 1.0F / static_cast<float>(fft_.frame_count());
        const std::span<const float> taps = samples_.kernel(kernel);
        std::transform(taps.begin(), taps.end(), padded.get(), [&](float tap) { return scale * tap; });
        FftwBins bins = make_bins(fft_.bin_count());
        fft_.forward(padded.get(), bins.get());
        return bins;
    }

    void convolve(std::span<const float> row, const FftwBins& spectrum, Workspace& workspace,
                  std::span<float> result) const {
        float* block = workspace.block.get();
        std::size_t written = 0;  // frames of the result that earlier blocks reached
        for (std::size_t start = 0; start < row.size(); start += hop_) {
            const std::size_t count = std::min(hop_, row.size() - start);
            std::copy_n(row.data() + start, count, block);
            std::fill(block + count, block + fft_.frame_count(), 0.0F);
            fft_.forward(block, workspace.bins.get());
            multiply(workspace.bins.get(), spectrum.get());
            fft_.inverse(workspace.bins.get(), block);

            const std::size_t end =
                std::min(start + static_cast<std::size_t>(fft_.frame_count()), result.size());
            const std::size_t overlap_end = std::min(written, end);
            for (std::size_t i = start; i < overlap_end; ++i) result[i] += block[i - start];
            std::copy(block + (overlap_end - start), block + (end - start),
                      result.begin() + static_cast<std::ptrdiff_t>(overlap_end));
            written = end;
        }
    }

    /// Written out in real numbers: what std::complex does about NaN would cost as much as the transforms.
    void multiply(Bin* bins, const Bin* spectrum) const {
        auto* x = reinterpret_cast<float*>(bins);
        const auto* h = reinterpret_cast<const float*>(spectrum);
        for (int k = 0; k < 2 * fft_.bin_count(); k += 2) {
            const float re = x[k] * h[k] - x[k + 1] * h[k + 1];
            const float im = x[k] * h[k + 1] + x[k + 1] * h[k];
            x[k] = re;
            x[k + 1] = im;
        }
    }

    JobSamples& samples_;
    RealFft fft_;
    std::size_t hop_;
    std::vector<Workspace> workspaces_;
    std::vector<FftwBins> spectra_;
};

}  // namespace

std::int64_t overlap_add_transform_frames(std::int64_t tap_count) {
    return static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(2 * tap_count)));
}

void serve_overlap_add(const ConvolutionJob& job, std::istream& in, std::ostream& out) {
    JobSamples samples(job);
    OverlapAdd convolver(samples);
    serve(
        samples, convolver.description(),
        [&](Stopwatch& watch) {
            watch.start();
            convolver.run();
            watch.stop();
        },
        in, out);
}

}  // namespace tutti::bench
