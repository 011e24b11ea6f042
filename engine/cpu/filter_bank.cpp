#include "engine/cpu/filter_bank.hpp"

#include <algorithm>
#include <cmath>

#include "engine/cpu/multiversion.hpp"
#include "engine/masking_model.hpp"

namespace tutti::cpu {

namespace {

constexpr float least_power = 1e-20F;  ///< far below every threshold: its level is the lowest there is
constexpr double least_lower_slope = 0.1;

TUTTI_MULTIVERSION void add(float* __restrict sum, const float* __restrict more, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) sum[i] += more[i];
}

/// How much of component j counts in the level per ERB around component c.
double share(const MaskingGrid& grid, std::size_t c, std::size_t j) {
    const double hz = grid.component_hz[c];
    const double other_hz = grid.component_hz[j];
    const double g = std::abs(other_hz - hz) / hz;
    return g <= roex_reach ? roex_weight(roex_upper_slope(hz), g) : 0.0;
}

TUTTI_MULTIVERSION void add_scaled(float* __restrict sum, const float* __restrict more, float scale,
                                   std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) sum[i] += scale * more[i];
}

}  // namespace

FilterBank::FilterBank(const MaskingGrid& grid)
    : kernels_(masking_kernels()),
      component_stride_(padded(grid.component_hz.size())),
      band_stride_(padded(grid.band_hz.size())),
      slopes_(band_stride_, 1.0F),
      per_hz_(band_stride_, 1.0F),
      component_hz_(component_stride_, 1.0F),
      shares_(grid.component_hz.size() * component_stride_, 0.0F),
      upper_(grid.component_hz.size() * band_stride_, 0.0F) {
    std::copy(grid.component_hz.begin(), grid.component_hz.end(), component_hz_.begin());
    for (std::size_t band = 0; band < grid.band_hz.size(); ++band) {
        slopes_[band] = static_cast<float>(roex_upper_slope(grid.band_hz[band]));
        per_hz_[band] = static_cast<float>(1.0 / grid.band_hz[band]);
    }
    for (std::size_t c = 0; c < grid.component_hz.size(); ++c) {
        const double hz = grid.component_hz[c];
        const auto above = std::upper_bound(grid.band_hz.begin(), grid.band_hz.end(), hz);
        first_lower_.push_back(above == grid.band_hz.end() ? static_cast<int>(band_stride_)
                                                           : static_cast<int>(above - grid.band_hz.begin()));
        for (std::size_t band = 0; band < grid.band_hz.size() && grid.band_hz[band] <= hz; ++band) {
            const double centre = grid.band_hz[band];
            const double g = (hz - centre) / centre;
            if (g > roex_reach) continue;
            upper_[c * band_stride_ + band] = static_cast<float>(roex_weight(roex_upper_slope(centre), g));
        }
        for (std::size_t j = 0; j < grid.component_hz.size(); ++j) {
            shares_[j * component_stride_ + c] = static_cast<float>(share(grid, c, j));
        }
    }
    const std::size_t panel = kernels_.product.panel_columns;
    for (std::size_t begin = 0; begin < band_stride_; begin += panel) {
        const std::size_t last = std::min(begin + panel, grid.band_hz.size()) - 1;
        const double furthest = grid.band_hz[last] * (1.0 + roex_reach) * (1.0 + 1e-9);
        panel_depth_.push_back(
            static_cast<int>(std::upper_bound(grid.component_hz.begin(), grid.component_hz.end(), furthest) -
                             grid.component_hz.begin()));
    }
}

FilterBank::Workspace FilterBank::make_workspace(int object_count) const {
    const auto objects = static_cast<std::size_t>(object_count);
    Workspace work;
    work.powers.resize(objects * component_stride_);
    work.total.resize(component_stride_);
    work.steepness.resize(component_stride_);
    work.weights.resize(first_lower_.size() * band_stride_);
    work.sounding.reserve(objects);
    work.a.resize(objects);
    work.c.resize(objects);
    return work;
}

void FilterBank::process(int object_count, float* excitations, Workspace& work, StageTimer& timer) const {
    add_up(object_count, work);
    std::size_t count = 0;
    for (int i = 0; i < object_count; ++i) {
        float* const bands = excitations + i * band_stride_;
        const float* const powers = work.powers.data() + i * component_stride_;
        const bool sounds =
            std::any_of(powers, powers + first_lower_.size(), [](float p) { return p > 0.0F; });
        if (!sounds) {
            std::fill_n(bands, band_stride_, 0.0F);
            continue;
        }
        work.a[count] = powers;
        work.c[count++] = bands;
    }
    if (count == 0) return;
    shape_filters(work);
    timer.end(Stage::excitation_filters, sizeof(float) * (2 * work.powers.size() + work.weights.size()));
    const int panel = kernels_.product.panel_columns;
    const auto band_count = static_cast<int>(band_stride_);
    MatrixProduct product;
    product.row_count = static_cast<int>(count);
    product.a = work.a.data();
    product.c = work.c.data();
    product.b = work.weights.data();
    for (int begin = 0; begin < band_count; begin += panel) {
        product.column_count = std::min(panel, band_count - begin);
        product.depth = panel_depth_[begin / panel];
        kernels_.product.multiply(product);
        product.b += first_lower_.size() * product.column_count;
        for (std::size_t i = 0; i < count; ++i) work.c[i] += product.column_count;
    }
    timer.end(Stage::excitation_product,
              sizeof(float) * (work.powers.size() + work.weights.size() + count * band_stride_));
}

void FilterBank::add_up(int object_count, Workspace& work) const {
    std::fill(work.total.begin(), work.total.end(), 0.0F);
    for (int i = 0; i < object_count; ++i) {
        add(work.total.data(), work.powers.data() + i * component_stride_, component_stride_);
    }
}

/// Lower slopes from the level per ERB of everything together, around every component.
void FilterBank::shape_filters(Workspace& work) const {
    const double per_db = 0.35 / roex_upper_slope(1000.0);
    std::fill(work.steepness.begin(), work.steepness.end(), 0.0F);
    for (std::size_t j = 0; j < first_lower_.size(); ++j) {
        if (work.total[j] == 0.0F) continue;
        add_scaled(work.steepness.data(), shares_.data() + j * component_stride_, work.total[j],
                   component_stride_);
    }
    for (std::size_t c = 0; c < first_lower_.size(); ++c) {
        const double level_db = 10.0 * std::log10(std::max(work.steepness[c], least_power));
        work.steepness[c] = static_cast<float>(1.0 - per_db * (level_db - 51.0));
    }
    FilterShapes shapes;
    shapes.component_count = static_cast<int>(first_lower_.size());
    shapes.band_count = static_cast<int>(band_stride_);
    shapes.slopes = slopes_.data();
    shapes.per_hz = per_hz_.data();
    shapes.upper = upper_.data();
    shapes.component_hz = component_hz_.data();
    shapes.steepness = work.steepness.data();
    shapes.first_lower = first_lower_.data();
    shapes.least_slope = static_cast<float>(least_lower_slope);
    shapes.panel_columns = kernels_.product.panel_columns;
    shapes.weights = work.weights.data();
    kernels_.excitation.shape_filters(shapes);
}

}  // namespace tutti::cpu
