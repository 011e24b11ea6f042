#include "engine/cpu/kernel_spectra.hpp"

#include <algorithm>
#include <complex>

#include "engine/cpu/multiversion.hpp"
#include "engine/fft.hpp"

namespace tutti::cpu {

KernelSpectra::KernelSpectra(std::span<const float> taps, int partition_frames)
    : stride_(spectrum_floats(partition_frames)),
      is_zero_((taps.size() + partition_frames - 1) / partition_frames),
      bins_(stride_ * is_zero_.size(), 0.0F) {
    DesignFft fft(2 * partition_frames);
    std::vector<double> time(fft.size());
    std::vector<std::complex<double>> spectrum(fft.bin_count());
    const double scale = 1.0 / fft.size();
    for (int index = 0; index < part_count(); ++index) {
        const std::size_t begin = static_cast<std::size_t>(index) * partition_frames;
        const auto part = taps.subspan(begin, std::min<std::size_t>(partition_frames, taps.size() - begin));
        is_zero_[index] = std::all_of(part.begin(), part.end(), [](float tap) { return tap == 0.0F; });
        std::fill(std::copy(part.begin(), part.end(), time.begin()), time.end(), 0.0);
        fft.forward(time, spectrum);
        float* out = bins_.data() + index * stride_;
        for (const std::complex<double>& bin : spectrum) {
            *out++ = static_cast<float>(bin.real() * scale);
            *out++ = static_cast<float>(bin.imag() * scale);
        }
    }
}

namespace {

using Vector = float __attribute__((vector_size(64)));
constexpr Vector conjugate_sign{-1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1};

}  // namespace

TUTTI_MULTIVERSION void multiply_accumulate(float* sum, const float* x, const float* h, std::size_t count,
                                            bool first) {
    auto* const sums = reinterpret_cast<Vector*>(sum);
    const auto* const xs = reinterpret_cast<const Vector*>(x);
    const auto* const hs = reinterpret_cast<const Vector*>(h);
    const Vector zero{};
    for (std::size_t i = 0; i < count / 16; ++i) {
        const Vector re =
            __builtin_shufflevector(hs[i], hs[i], 0, 0, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10, 12, 12, 14, 14);
        const Vector im =
            __builtin_shufflevector(hs[i], hs[i], 1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11, 13, 13, 15, 15);
        const Vector swapped =
            __builtin_shufflevector(xs[i], xs[i], 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
        sums[i] = (first ? zero : sums[i]) + xs[i] * re + swapped * (im * conjugate_sign);
    }
}

}  // namespace tutti::cpu
