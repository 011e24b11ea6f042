#pragma once

#include <complex>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace tutti {

/// Real FFT in double precision for designing kernels and tables; not for the samples of a render. Any size
/// of two or more. One object per thread. Making one is thread-safe.
class DesignFft {
  public:
    explicit DesignFft(int size);
    ~DesignFft();
    DesignFft(DesignFft&&) noexcept;
    DesignFft& operator=(DesignFft&&) noexcept;

    int size() const;
    int bin_count() const { return size() / 2 + 1; }

    /// X[k] = sum over n of x[n] exp(-2 pi i k n / size). `signal`: [size], `spectrum`: [bin_count].
    void forward(std::span<const double> signal, std::span<std::complex<double>> spectrum);

    /// x[n] = 1/size sum over all size bins: the exact inverse of forward().
    void inverse(std::span<const std::complex<double>> spectrum, std::span<double> signal);

  private:
    friend std::vector<double> convolve(std::span<const double> a, std::span<const double> b);
    struct Plans;
    std::unique_ptr<Plans> plans_;
};

/// Linear convolution in double precision: a.size() + b.size() - 1 values.
std::vector<double> convolve(std::span<const double> a, std::span<const double> b);

/// Memory that it takes beside its arguments, its result included.
std::uint64_t convolve_bytes(std::size_t a_size, std::size_t b_size);

}  // namespace tutti
