#include "host/partial_loudness_table.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/masking_grid.hpp"
#include "engine/masking_model.hpp"
#include "engine/threads.hpp"

namespace tutti {

namespace {

constexpr int lowest_level_db = -20;
constexpr int target_count = 128;
constexpr int masker_count = 151;

/// [display band][level of target][level of masker]
std::vector<float> make_table() {
    const std::vector<double> band_hz = display_band_hz();
    constexpr std::size_t size = static_cast<std::size_t>(target_count) * masker_count;
    std::vector<float> table(band_hz.size() * size);
    parallel_for(static_cast<int>(band_hz.size()), [&](int band) {
        const BandConstants constants = band_constants(band_hz[band]);
        float* to = &table[band * size];
        for (int t = 0; t < target_count; ++t) {
            const double target = std::pow(10.0, (lowest_level_db + t) / 10.0);
            for (int m = 0; m < masker_count; ++m) {
                const double masker = std::pow(10.0, (lowest_level_db + m) / 10.0);
                *to++ = static_cast<float>(partial_loudness(target, masker, constants));
            }
        }
    });
    return table;
}

}  // namespace

double tabulated_partial_loudness(int display_band, double target, double masker) {
    static const std::vector<float> table = make_table();
    if (target <= 0.0) return 0.0;
    const long target_step = std::lround(10.0 * std::log10(target)) - lowest_level_db;
    const double masker_db = 10.0 * std::log10(std::max(masker, 1e-30));
    const double place = std::clamp(masker_db - lowest_level_db, 0.0, masker_count - 1.001);
    const int below = static_cast<int>(place);
    const auto row = static_cast<std::size_t>(display_band) * target_count +
                     static_cast<std::size_t>(std::clamp(target_step, 0L, target_count - 1L));
    const float* const at = &table[row * masker_count + static_cast<std::size_t>(below)];
    return at[0] + (place - below) * (at[1] - at[0]);
}

}  // namespace tutti
