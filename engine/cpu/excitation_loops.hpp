// The loops of Excitation; see lane_vector.hpp for how they are compiled.
#include "engine/cpu/excitation_kernels.hpp"
#include "engine/cpu/lane_vector.hpp"

namespace tutti::cpu::TUTTI_LEVEL {

namespace {

void fold(const float* centre, int first, int count, float* out) {
    int i = 0;
    for (; i + width <= count; i += width) {
        const Vector after = load_anywhere(centre + first + i);
        const Vector before = reversed(load_anywhere(centre - first - i - (width - 1)));
        const Vector even = after + before;
        const Vector odd = after - before;
        store(out + 2 * i, interleaved<0>(even, odd));
        store(out + 2 * i + width, interleaved<1>(even, odd));
    }
    for (; i < count; ++i) {
        const float after = centre[first + i];
        const float before = centre[-first - i];
        out[2 * i] = after + before;
        out[2 * i + 1] = after - before;
    }
}

void powers(const float* sums, int count, float* out) {
    for (int i = 0; i < count; ++i) out[i] = sums[2 * i] * sums[2 * i] + sums[2 * i + 1] * sums[2 * i + 1];
}

/// (1 + p g) exp(-p g) of the bands above a component.
TUTTI_INLINE Vector lower_weights(const FilterShapes& shapes, int component, int band) {
    constexpr float per_log2 = 1.44269504F;
    const Vector g = 1.0F - shapes.component_hz[component] * load(shapes.per_hz + band);
    const Vector slope =
        greatest(load(shapes.slopes + band) * shapes.steepness[component], splat(shapes.least_slope));
    const Vector x = slope * g;
    return (1.0F + x) * exp2(x * -per_log2);
}

void shape_filters(const FilterShapes& shapes) {
    float* out = shapes.weights;
    for (int begin = 0; begin < shapes.band_count; begin += shapes.panel_columns) {
        const int rest = shapes.band_count - begin;
        const int end = begin + (rest < shapes.panel_columns ? rest : shapes.panel_columns);
        for (int c = 0; c < shapes.component_count; ++c) {
            const float* const upper = shapes.upper + static_cast<std::size_t>(c) * shapes.band_count;
            const int first = shapes.first_lower[c];
            for (int band = begin; band < end; band += width) {
                Vector w = load(upper + band);
                if (band + width > first) {
                    const Vector lower = lower_weights(shapes, c, band);
                    const Vector is_above = load(shapes.per_hz + band) * shapes.component_hz[c];
                    w = band >= first ? lower : select(is_above < 1.0F, lower, w);
                }
                store(out, w);
                out += width;
            }
        }
    }
}

inline constexpr ExcitationKernels excitation{fold, powers, shape_filters};

}  // namespace

}  // namespace tutti::cpu::TUTTI_LEVEL
