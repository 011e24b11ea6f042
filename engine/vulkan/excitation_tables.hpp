#pragma once

#include <cstdint>
#include <vector>

#include "engine/masking.hpp"
#include "shaders/layouts.h"

namespace tutti::vulkan {

/// One window as excitation_spectrum reads it.
struct SpectrumTable {
    std::uint32_t frame_count = 0;  ///< of the window
    std::uint32_t first_factor = 0;
    std::uint32_t factor_stride = 0;  ///< bins, in whole tiles
    std::uint32_t first_bin = 0;
    std::uint32_t bin_count = 0;
    std::uint32_t bins_per_invocation = 1;
    std::uint32_t tile_count = 0;  ///< workgroups that cover the bins

    std::uint32_t last_distance() const { return frame_count / 2; }
};

/// Windowed cosines and sines of a grid's bins, designed in double. Bins are numbered window by window.
struct SpectrumTables {
    SpectrumTables(const MaskingGrid& grid, int sample_rate_hz);

    std::vector<SpectrumTable> windows;
    std::uint32_t bin_count = 0;            ///< of all windows
    std::vector<float> factors;             ///< cosine and sine in turn
    std::vector<std::uint32_t> first_bins;  ///< [component], and the end

    std::uint32_t longest_window() const;
};

/// Which rows are analysed, and what for.
struct ObjectTables {
    explicit ObjectTables(const ExcitationPlan& plan);

    std::vector<std::uint32_t> rows;   ///< [slot]: analysed rows, ascending
    std::vector<std::uint32_t> slots;  ///< [ear][object]
    std::vector<float> weights;        ///< [ear][component][object], gains at the cochlea included
};

/// The auditory filters of a grid.
struct FilterTables {
    explicit FilterTables(const MaskingGrid& grid);

    std::vector<shaders::ExcitationReach> reaches;  ///< [component]: what makes the level around it
    std::vector<float> level_weights;               ///< [component that is heard][component around which]
    std::vector<shaders::ExcitationBand> bands;
    std::vector<float> component_hz;
    std::vector<float> upper_weights;  ///< [component][band]: at and above the band's centre, else 0
};

}  // namespace tutti::vulkan
