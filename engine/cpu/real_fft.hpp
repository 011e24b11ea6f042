#pragma once

#include <memory>

namespace tutti::cpu {

/// Unnormalised real FFT in float32; the spectrum is size / 2 + 1 complex numbers (re, im, re, im, ...).
/// Running it is thread-safe; all pointers on cache-line borders.
class RealFft {
  public:
    explicit RealFft(int size);
    ~RealFft();
    RealFft(RealFft&&) noexcept;
    RealFft& operator=(RealFft&&) noexcept;

    int size() const;
    void forward(float* time, float* spectrum) const;

    /// Destroys the spectrum.
    void inverse(float* spectrum, float* time) const;

  private:
    struct Plans;
    std::unique_ptr<Plans> plans_;
};

}  // namespace tutti::cpu
