#include "benchmarks/convolution_case.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace tutti::bench {

std::string ConvolutionCase::rows_text() const {
    std::ostringstream text;
    text.precision(4);
    text << row_count << (row_count == 1 ? " row of " : " rows of ") << seconds << " s";
    return text.str();
}

std::string ConvolutionCase::text() const {
    std::ostringstream text;
    text.precision(4);
    text << rows_text() << " with kernels of " << kernel_seconds << " s";
    return text.str();
}

std::int64_t to_frames(double seconds) {
    return std::max<std::int64_t>(1, std::llround(seconds * case_rate_hz));
}

std::vector<ConvolutionCase> default_cases(Level level) {
    if (level == Level::files) return {{level, 32, 10.0, hall_seconds}};
    return combinations(level, {16}, {20.0}, {0.1, hall_seconds});
}

std::vector<ConvolutionCase> full_cases(Level level) {
    if (level == Level::files) return {{level, 256, 60.0, hall_seconds}};
    return combinations(level, {256}, {60.0}, {0.1, 0.6, hall_seconds, 9.0});
}

std::vector<ConvolutionCase> combinations(Level level, const std::vector<int>& rows,
                                          const std::vector<double>& seconds,
                                          const std::vector<double>& kernel_seconds) {
    std::vector<ConvolutionCase> cases;
    for (const int row_count : rows) {
        for (const double length : seconds) {
            for (const double kernel_length : kernel_seconds) {
                cases.push_back({level, row_count, length, kernel_length});
            }
        }
    }
    return cases;
}

}  // namespace tutti::bench
