#include "engine/vulkan/excitation_tables.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "engine/errors.hpp"
#include "engine/masking_model.hpp"
#include "engine/vulkan/pipeline.hpp"

namespace tutti::vulkan {

namespace {

/// To fetch frames costs a workgroup about as much as one bin of each invocation.
void choose_tiles(SpectrumTable& table) {
    std::uint32_t least_cost = 0;
    for (std::uint32_t bins = 1; bins <= shaders::most_bins_per_invocation; ++bins) {
        const std::uint32_t tiles = groups_for(table.bin_count, bins * shaders::spectrum_bin_lanes);
        const std::uint32_t cost = tiles * (1 + bins);
        if (bins > 1 && cost > least_cost) continue;
        least_cost = cost;
        table.tile_count = tiles;
        table.bins_per_invocation = bins;
    }
    table.factor_stride = table.tile_count * table.bins_per_invocation * shaders::spectrum_bin_lanes;
}

/// Factors on which the bins' powers come out as |sum|^2 of folded frames.
void add_factors(SpectrumTables& tables, const SpectrumTable& table, const SpectrumWindow& window,
                 int sample_rate_hz) {
    const auto frames = static_cast<int>(table.frame_count);
    double square_sum = 0.0;
    for (int d = -(frames / 2); d <= frames / 2; ++d) {
        square_sum += window_value(d, frames) * window_value(d, frames);
    }
    const double scale = std::sqrt(2.0 * window.bin_spacing_hz / (sample_rate_hz * square_sum));
    const std::uint32_t distances = shaders::spectrum_distance_tile *
                                    groups_for(table.last_distance() + 1, shaders::spectrum_distance_tile);
    tables.factors.resize(tables.factors.size() + std::size_t{2} * distances * table.factor_stride);
    float* next = &tables.factors[std::size_t{2} * table.first_factor];
    for (std::uint32_t d = 0; d <= table.last_distance(); ++d, next += 2 * table.factor_stride) {
        // The frame at the centre is folded onto itself.
        const double w = scale * window_value(static_cast<int>(d), frames) * (d == 0 ? 0.5 : 1.0);
        for (std::size_t bin = 0; bin < window.bin_hz.size(); ++bin) {
            const double turns = std::fmod(window.bin_hz[bin] * d / sample_rate_hz, 1.0);
            next[2 * bin] = static_cast<float>(w * std::cos(2.0 * std::numbers::pi * turns));
            next[2 * bin + 1] = static_cast<float>(w * std::sin(2.0 * std::numbers::pi * turns));
        }
    }
}

}  // namespace

SpectrumTables::SpectrumTables(const MaskingGrid& grid, int sample_rate_hz) {
    std::vector<int> components;
    for (const SpectrumWindow& window : grid.windows) {
        TUTTI_CHECK(sample_rate_hz > 0 && !window.bin_hz.empty());
        SpectrumTable table;
        table.frame_count = static_cast<std::uint32_t>(window_frames(window, sample_rate_hz));
        table.first_factor = static_cast<std::uint32_t>(factors.size() / 2);
        table.first_bin = bin_count;
        table.bin_count = static_cast<std::uint32_t>(window.bin_hz.size());
        choose_tiles(table);
        windows.push_back(table);
        bin_count += table.bin_count;
        add_factors(*this, table, window, sample_rate_hz);
        components.insert(components.end(), window.components.begin(), window.components.end());
    }
    TUTTI_CHECK(components.size() == bin_count && std::is_sorted(components.begin(), components.end()));
    for (int component = 0; component <= grid.component_count(); ++component) {
        const auto first = std::lower_bound(components.begin(), components.end(), component);
        first_bins.push_back(static_cast<std::uint32_t>(first - components.begin()));
    }
    TUTTI_CHECK(first_bins.back() == bin_count);
}

std::uint32_t SpectrumTables::longest_window() const {
    std::uint32_t longest = 0;
    for (const SpectrumTable& window : windows) longest = std::max(longest, window.frame_count);
    return longest;
}

ObjectTables::ObjectTables(const ExcitationPlan& plan) {
    if (plan.grid.windows.empty()) return;
    const std::size_t objects = plan.objects.size();
    const std::size_t components = plan.cochlea_gains.size();
    TUTTI_CHECK(static_cast<int>(components) == plan.grid.component_count());
    for (const ExcitationObject& object : plan.objects) {
        for (const int row : object.rows) {
            if (row >= 0) rows.push_back(static_cast<std::uint32_t>(row));
        }
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    weights.resize(2 * components * objects);
    for (std::size_t ear = 0; ear < 2; ++ear) {
        for (std::size_t o = 0; o < objects; ++o) {
            const int row = plan.objects[o].rows[ear];
            const std::vector<float>& own = plan.objects[o].weights[ear];
            TUTTI_CHECK(own.empty() || own.size() == components);
            const auto slot = std::lower_bound(rows.begin(), rows.end(), static_cast<std::uint32_t>(row));
            slots.push_back(row < 0 ? shaders::no_slot : static_cast<std::uint32_t>(slot - rows.begin()));
            for (std::size_t k = 0; k < components; ++k) {
                weights[(ear * components + k) * objects + o] =
                    static_cast<float>(plan.cochlea_gains[k] * (own.empty() ? 1.0 : own[k]));
            }
        }
    }
}

FilterTables::FilterTables(const MaskingGrid& grid) {
    const std::vector<double>& hz = grid.component_hz;
    const std::size_t components = hz.size();
    TUTTI_CHECK(components > 0 && std::is_sorted(hz.begin(), hz.end()) &&
                std::is_sorted(grid.band_hz.begin(), grid.band_hz.end()));
    level_weights.resize(components * components);
    for (std::size_t k = 0; k < components; ++k) {
        shaders::ExcitationReach reach{static_cast<std::uint32_t>(k), static_cast<std::uint32_t>(k)};
        for (std::size_t j = 0; j < components; ++j) {
            const double g = std::abs(hz[j] - hz[k]) / hz[k];
            if (g > roex_reach) continue;
            const double weight = roex_weight(roex_upper_slope(hz[k]), g);
            level_weights[j * components + k] = static_cast<float>(weight);
            reach.begin = std::min(reach.begin, static_cast<std::uint32_t>(j));
            reach.end = static_cast<std::uint32_t>(j + 1);
        }
        reaches.push_back(reach);
        component_hz.push_back(static_cast<float>(hz[k]));
    }
    for (const double centre_hz : grid.band_hz) {
        // Below its least value the lower slope is a straight line over the level.
        const double slope_51 = roex_lower_slope(centre_hz, 51.0);
        shaders::ExcitationBand band;
        band.inverse_hz = static_cast<float>(1.0 / centre_hz);
        band.slope_51 = static_cast<float>(slope_51);
        band.slope_per_db = static_cast<float>(roex_lower_slope(centre_hz, 50.0) - slope_51);
        band.least_slope = static_cast<float>(roex_lower_slope(centre_hz, 1e6));
        band.first_upper =
            static_cast<std::uint32_t>(std::lower_bound(hz.begin(), hz.end(), centre_hz) - hz.begin());
        band.end = static_cast<std::uint32_t>(
            std::upper_bound(hz.begin(), hz.end(), (1.0 + roex_reach) * centre_hz) - hz.begin());
        bands.push_back(band);
    }
    upper_weights.resize(components * bands.size());
    for (std::size_t b = 0; b < bands.size(); ++b) {
        const double centre_hz = grid.band_hz[b];
        for (std::size_t k = bands[b].first_upper; k < bands[b].end; ++k) {
            upper_weights[k * bands.size() + b] =
                static_cast<float>(roex_weight(roex_upper_slope(centre_hz), (hz[k] - centre_hz) / centre_hz));
        }
    }
}

}  // namespace tutti::vulkan
