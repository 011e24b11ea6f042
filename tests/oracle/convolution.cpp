#include "tests/oracle/convolution.hpp"

#include <algorithm>

namespace tutti::oracle {

std::vector<double> convolve_direct(std::span<const double> x, std::span<const double> h) {
    std::vector<double> y(x.size(), 0.0);
    for (std::size_t n = 0; n < x.size(); ++n) {
        for (std::size_t k = 0; k < std::min(n + 1, h.size()); ++k) y[n] += h[k] * x[n - k];
    }
    return y;
}

}  // namespace tutti::oracle
