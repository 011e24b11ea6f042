#include "tests/signals.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numbers>
#include <random>

#include "engine/errors.hpp"

namespace tutti::tests {

Signal noise(int frame_count, std::uint32_t seed) {
    std::mt19937 random(seed);
    Signal x(frame_count);
    for (float& sample : x) sample = static_cast<float>(static_cast<std::int32_t>(random())) * 0x1p-31F;
    return x;
}

Signals noise_rows(int row_count, int frame_count, std::uint32_t seed) {
    Signals rows;
    for (int row = 0; row < row_count; ++row) rows.push_back(noise(frame_count, 1000 * seed + row));
    return rows;
}

Signal room(int tap_count, std::uint32_t seed) {
    Signal taps = noise(tap_count, seed);
    double energy = 0.0;
    for (int k = 0; k < tap_count; ++k) {
        taps[k] *= static_cast<float>(std::pow(10.0, -3.0 * k / tap_count));
        energy += taps[k] * taps[k];
    }
    for (float& tap : taps) tap /= static_cast<float>(std::sqrt(energy));
    return taps;
}

Signal impulse(int frame_count, int position) {
    Signal x(frame_count, 0.0F);
    x.at(position) = 1.0F;
    return x;
}

Signal sine(int frame_count, double cycles_per_frame, double phase_degrees, double amplitude) {
    Signal x(frame_count);
    for (int n = 0; n < frame_count; ++n) {
        const double turns = cycles_per_frame * n + phase_degrees / 360.0;
        x[n] = static_cast<float>(amplitude * std::sin(2.0 * std::numbers::pi * turns));
    }
    return x;
}

Signal delayed(const Signal& x, int delay) {
    Signal y(x.size(), 0.0F);
    std::copy(x.begin(), x.end() - delay, y.begin() + delay);
    return y;
}

std::string first_unequal(const Signals& expected, const Signals& found) {
    if (expected.size() != found.size()) return "not the same number of rows";
    for (std::size_t row = 0; row < expected.size(); ++row) {
        if (expected[row].size() != found[row].size()) return "rows not of the same length";
        const auto [e, f] = std::mismatch(expected[row].begin(), expected[row].end(), found[row].begin());
        if (e == expected[row].end()) continue;
        char text[128];
        std::snprintf(text, sizeof text, "row %zu, frame %td: expected %.9g, found %.9g", row,
                      e - expected[row].begin(), static_cast<double>(*e), static_cast<double>(*f));
        return text;
    }
    return "";
}

namespace {

double ratio_db(double error, double reference) {
    if (std::isnan(error)) return std::numeric_limits<double>::infinity();
    if (error == 0.0) return -std::numeric_limits<double>::infinity();
    return 20.0 * std::log10(error / reference);
}

}  // namespace

Difference difference(const Signals& expected, const Signals& found) {
    TUTTI_CHECK(expected.size() == found.size());
    Difference worst{ratio_db(0.0, 1.0), ratio_db(0.0, 1.0)};
    for (std::size_t row = 0; row < expected.size(); ++row) {
        TUTTI_CHECK(expected[row].size() == found[row].size());
        double error_energy = 0.0;
        double energy = 0.0;
        double error_peak = 0.0;
        double peak = 0.0;
        for (std::size_t n = 0; n < expected[row].size(); ++n) {
            const double error = static_cast<double>(found[row][n]) - expected[row][n];
            error_energy += error * error;
            energy += static_cast<double>(expected[row][n]) * expected[row][n];
            error_peak = std::max(error_peak, std::abs(error));
            peak = std::max(peak, std::abs(static_cast<double>(expected[row][n])));
        }
        worst.rms_db = std::max(worst.rms_db, ratio_db(std::sqrt(error_energy), std::sqrt(energy)));
        worst.peak_db = std::max(worst.peak_db, ratio_db(error_peak, peak));
    }
    return worst;
}

}  // namespace tutti::tests
