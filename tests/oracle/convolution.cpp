#include "tests/oracle/convolution.hpp"

#include <algorithm>

#include "engine/fft.hpp"

namespace tutti::oracle {

std::vector<double> convolve_direct(std::span<const double> x, std::span<const double> h) {
    std::vector<double> y(x.size(), 0.0);
    for (std::size_t n = 0; n < x.size(); ++n) {
        for (std::size_t k = 0; k < std::min(n + 1, h.size()); ++k) y[n] += h[k] * x[n - k];
    }
    return y;
}

std::vector<double> convolve_end(std::span<const double> x, std::span<const double> h, std::size_t count) {
    const std::span<const double> seen = x.last(std::min(x.size(), h.size() - 1 + count));
    constexpr std::size_t quick = 1U << 18U;  // multiplications
    std::vector<double> y = seen.size() * h.size() <= quick ? convolve_direct(seen, h) : convolve(seen, h);
    y.resize(seen.size());
    return {y.end() - static_cast<std::ptrdiff_t>(count), y.end()};
}

}  // namespace tutti::oracle
