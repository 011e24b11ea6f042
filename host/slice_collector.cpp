#include "host/slice_collector.hpp"

#include <algorithm>

#include "engine/errors.hpp"
#include "host/cached_excitation.hpp"

namespace tutti {

namespace {

/// So many say what a change does within a few per cent.
constexpr std::int64_t most_slices = 1500;
constexpr std::int64_t fewest_slices = 200;
constexpr std::uint64_t most_bytes = 32U << 20U;

std::uint64_t bytes_per_slice(int object_count) {
    return 2 * display_grid().band_hz.size() * static_cast<std::uint64_t>(object_count);
}

}  // namespace

std::vector<std::int64_t> spread_slices(std::int64_t slice_count, int object_count) {
    const auto affordable =
        static_cast<std::int64_t>(most_bytes / bytes_per_slice(std::max(1, object_count)));
    const std::int64_t count = std::min(slice_count, std::clamp(affordable, fewest_slices, most_slices));
    std::vector<std::int64_t> slices;
    std::uint32_t random = 1;
    for (std::int64_t part = 0; part < count; ++part) {
        const std::int64_t begin = part * slice_count / count;
        const std::int64_t size = (part + 1) * slice_count / count - begin;
        random = random * 1664525U + 1013904223U;  // Numerical Recipes
        slices.push_back(begin + (random >> 8U) % size);
    }
    return slices;
}

std::uint64_t spread_slices_bytes(std::size_t count, int object_count) {
    return count * bytes_per_slice(object_count);
}

SliceCollector::SliceCollector(const MaskingPlan& plan, int slice_count)
    : display_bands_(plan.grid.display_bands),
      parts_(plan.grid.display_band_count()),
      objects_(plan.objects),
      excitation_count_(plan.excitation_count),
      slice_count_(slice_count),
      slices_(spread_slices_bytes(slice_count, static_cast<int>(plan.objects.size()))) {
    for (const int display : display_bands_) parts_[display] += 1.0;
    for (double& part : parts_) part = part > 0.0 ? 1.0 / part : 0.0;
}

void SliceCollector::take(std::span<const float> excitation) {
    TUTTI_CHECK(slice_ < slice_count_);
    const std::size_t bands = display_bands_.size();
    std::vector<double> sums(parts_.size());
    for (int ear = 0; ear < 2; ++ear) {
        for (std::size_t object = 0; object < objects_.size(); ++object) {
            std::fill(sums.begin(), sums.end(), 0.0);
            for (const int member : objects_[object]) {
                const float* const from =
                    &excitation[(static_cast<std::size_t>(ear) * excitation_count_ + member) * bands];
                for (std::size_t band = 0; band < bands; ++band) sums[display_bands_[band]] += from[band];
            }
            const std::size_t row = (ear * objects_.size() + object) * slice_count_ + slice_;
            for (std::size_t display = 0; display < sums.size(); ++display)
                slices_[row * sums.size() + display] = level_byte(parts_[display] * sums[display]);
        }
    }
    ++slice_;
}

}  // namespace tutti
