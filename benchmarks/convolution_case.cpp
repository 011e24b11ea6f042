#include "benchmarks/convolution_case.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace tutti::bench {

namespace {

/// 112,561 taps: a concert hall of 2.3 s, the kernel of job J1.
constexpr double hall_seconds = 112561.0 / case_rate_hz;

}  // namespace

std::string ConvolutionCase::text() const {
    std::ostringstream text;
    text.precision(4);
    text << row_count << (row_count == 1 ? " row x " : " rows x ") << seconds << " s x " << kernel_seconds
         << " s";
    return text.str();
}

std::int64_t to_frames(double seconds) {
    return std::max<std::int64_t>(1, std::llround(seconds * case_rate_hz));
}

std::vector<ConvolutionCase> default_cases() { return combinations({16}, {20.0}, {0.1, hall_seconds}); }

std::vector<ConvolutionCase> full_cases() {
    return combinations({256}, {60.0}, {0.1, 0.6, hall_seconds, 9.0});
}

std::vector<ConvolutionCase> combinations(const std::vector<int>& rows, const std::vector<double>& seconds,
                                          const std::vector<double>& kernel_seconds) {
    std::vector<ConvolutionCase> cases;
    for (const int row_count : rows) {
        for (const double length : seconds) {
            for (const double kernel_length : kernel_seconds)
                cases.push_back({row_count, length, kernel_length});
        }
    }
    return cases;
}

}  // namespace tutti::bench
