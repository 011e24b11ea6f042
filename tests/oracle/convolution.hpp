#pragma once

#include <span>
#include <vector>

namespace tutti::oracle {

/// y[n] = sum over k of h[k] x[n - k], by its definition; as long as x.
std::vector<double> convolve_direct(std::span<const double> x, std::span<const double> h);

}  // namespace tutti::oracle
