#pragma once

#include <span>
#include <vector>

namespace tutti::oracle {

/// y[n] = sum over k of h[k] x[n - k], by its definition; as long as x.
std::vector<double> convolve_direct(std::span<const double> x, std::span<const double> h);

/// The last `count` values of convolve_direct(x, h). By the definition too while that is quick, else by an
/// FFT in double precision; only the last h.size() - 1 + count values of x take part.
std::vector<double> convolve_end(std::span<const double> x, std::span<const double> h, std::size_t count);

}  // namespace tutti::oracle
