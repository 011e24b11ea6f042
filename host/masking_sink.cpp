#include "host/masking_sink.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "engine/errors.hpp"
#include "host/cached_excitation.hpp"
#include "host/half_float.hpp"

namespace tutti {

namespace {

constexpr int slices_per_s = 100;
constexpr int usual_tile_slices = 50;

constexpr std::array hops{10, 20, 50, 100, 200};
constexpr std::array sections{1000, 2000, 3000, 6000, 12000, 30000, 60000};

/// Of the 256 MiB.
constexpr std::uint64_t most_hop_bytes = 160U << 20U;
constexpr std::uint64_t most_section_bytes = 96U << 20U;

std::uint64_t bytes_per_hop(int object_count, int group_count, const MaskingGrid& grid) {
    const std::uint64_t bands = grid.display_band_count();
    // Margin and loudness in two bytes each, excitation of two ears in one byte each.
    return bands * (6 * static_cast<std::uint64_t>(object_count) + 4 * group_count);
}

std::uint64_t sums(std::uint64_t objects) { return 2 * objects * objects + (2 + audibility_count) * objects; }

std::uint64_t bytes_per_section(int object_count, int group_count, const MaskingGrid& grid) {
    return sizeof(float) * grid.group_count() * (sums(object_count) + sums(group_count));
}

int count_of(std::int64_t slices, int step) { return static_cast<int>((slices + step - 1) / step); }

template <typename Steps>
int finest(const Steps& steps, std::int64_t slices, std::uint64_t bytes_per_step, std::uint64_t most) {
    for (const int step : steps) {
        if (count_of(slices, step) * bytes_per_step <= most) return step;
    }
    return steps.back();
}

int in_slices(double seconds) { return std::max(1, static_cast<int>(std::lround(seconds * slices_per_s))); }

void add(std::vector<double>& sum, const std::vector<float>& values) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += values[i];
}

}  // namespace

MaskingSteps choose_masking_steps(std::int64_t slice_count, int object_count, int group_count,
                                  const MaskingGrid& grid, std::optional<double> hop_s,
                                  std::optional<double> section_s) {
    MaskingSteps steps;
    steps.hop_slices =
        hop_s ? in_slices(*hop_s)
              : finest(hops, slice_count, bytes_per_hop(object_count, group_count, grid), most_hop_bytes);
    steps.tile_slices = std::max(1, usual_tile_slices / steps.hop_slices) * steps.hop_slices;
    const int section = section_s
                            ? in_slices(*section_s)
                            : finest(sections, slice_count,
                                     bytes_per_section(object_count, group_count, grid), most_section_bytes);
    steps.section_slices = count_of(section, steps.tile_slices) * steps.tile_slices;
    steps.hop_count = count_of(slice_count, steps.hop_slices);
    steps.section_count = count_of(slice_count, steps.section_slices);
    return steps;
}

std::uint64_t masking_results_bytes(const MaskingSteps& steps, int object_count, int group_count,
                                    const MaskingGrid& grid) {
    const std::uint64_t section = bytes_per_section(object_count, group_count, grid);
    return steps.hop_count * bytes_per_hop(object_count, group_count, grid) + steps.section_count * section +
           2 * section;
}

MaskingCollector::MaskingCollector(const MaskingPlan& plan, const MaskingSteps& steps, bool keeps_excitation)
    : steps_(steps),
      objects_(static_cast<int>(plan.objects.size())),
      maskers_(plan.excitation_count),
      bands_(plan.grid.display_band_count()),
      groups_(plan.grid.group_count()),
      object_of_(plan.excitation_count, -1) {
    for (int object = 0; object < objects_; ++object) {
        for (const int excitation : plan.objects[object]) object_of_[excitation] = object;
    }
    const std::size_t cells = static_cast<std::size_t>(objects_) * steps.hop_count * bands_;
    view_.margin_db.resize(cells);
    view_.loudness.resize(cells);
    if (keeps_excitation) excitation_.resize(2 * cells);
    const std::size_t rows = static_cast<std::size_t>(groups_) * objects_;
    clash_.resize(rows * objects_);
    benefit_.resize(rows * objects_);
    self_cost_.resize(rows);
    partial_.resize(rows);
    audibility_.resize(rows * audibility_count);
    const auto reserve = [&](std::vector<float>& values, const std::vector<double>& section) {
        values.reserve(section.size() * steps.section_count);
    };
    reserve(view_.clash, clash_);
    reserve(view_.benefit, benefit_);
    reserve(view_.self_cost, self_cost_);
    reserve(view_.partial, partial_);
    reserve(view_.audibility, audibility_);
}

void MaskingCollector::take(const MaskingTile& tile) {
    TUTTI_CHECK(hop_ + tile.hop_count <= steps_.hop_count);
    take_hops(tile);
    if (!excitation_.empty()) take_excitation(tile);
    hop_ += tile.hop_count;
    take_sums(tile);
    ++tiles_in_section_;
    if (tiles_in_section_ * steps_.tile_slices == steps_.section_slices) end_section();
}

void MaskingCollector::take_hops(const MaskingTile& tile) {
    for (int hop = 0; hop < tile.hop_count; ++hop) {
        for (int object = 0; object < objects_; ++object) {
            const std::size_t from = (static_cast<std::size_t>(hop) * objects_ + object) * bands_;
            const std::size_t to =
                (static_cast<std::size_t>(object) * steps_.hop_count + hop_ + hop) * bands_;
            for (int band = 0; band < bands_; ++band) {
                view_.margin_db[to + band] = to_half(tile.margin_db[from + band]);
                view_.loudness[to + band] = to_half(tile.loudness[from + band]);
            }
        }
    }
}

void MaskingCollector::take_excitation(const MaskingTile& tile) {
    std::vector<double> sum(static_cast<std::size_t>(objects_) * bands_);
    for (int hop = 0; hop < tile.hop_count; ++hop) {
        for (int ear = 0; ear < 2; ++ear) {
            std::fill(sum.begin(), sum.end(), 0.0);
            const float* from =
                tile.excitation.data() + (static_cast<std::size_t>(hop) * 2 + ear) * maskers_ * bands_;
            for (int masker = 0; masker < maskers_; ++masker, from += bands_) {
                double* const to = sum.data() + static_cast<std::size_t>(object_of_[masker]) * bands_;
                for (int band = 0; band < bands_; ++band) to[band] += from[band];
            }
            for (int object = 0; object < objects_; ++object) {
                std::uint8_t* const to =
                    excitation_.data() +
                    ((static_cast<std::size_t>(ear) * objects_ + object) * steps_.hop_count + hop_ + hop) *
                        bands_;
                for (int band = 0; band < bands_; ++band)
                    to[band] = level_byte(sum[static_cast<std::size_t>(object) * bands_ + band]);
            }
        }
    }
}

void MaskingCollector::take_sums(const MaskingTile& tile) {
    const std::size_t rows = static_cast<std::size_t>(groups_) * objects_;
    for (std::size_t row = 0; row < rows; ++row) {
        for (int masker = 0; masker < maskers_; ++masker) {
            const std::size_t to = row * objects_ + object_of_[masker];
            clash_[to] += tile.clash[row * maskers_ + masker];
            benefit_[to] += tile.benefit[row * maskers_ + masker];
        }
    }
    add(self_cost_, tile.self_cost);
    add(partial_, tile.partial);
    add(audibility_, tile.audibility);
}

void MaskingCollector::end_section() {
    const auto move_on = [](std::vector<double>& section, std::vector<float>& all) {
        all.insert(all.end(), section.begin(), section.end());
        std::fill(section.begin(), section.end(), 0.0);
    };
    move_on(clash_, view_.clash);
    move_on(benefit_, view_.benefit);
    move_on(self_cost_, view_.self_cost);
    move_on(partial_, view_.partial);
    move_on(audibility_, view_.audibility);
    tiles_in_section_ = 0;
    ++section_;
}

void MaskingCollector::finish(MaskingView& view) {
    if (tiles_in_section_ > 0) end_section();
    TUTTI_CHECK(hop_ == steps_.hop_count && section_ == steps_.section_count);
    view_.objects = std::move(view.objects);
    view = std::move(view_);
}

}  // namespace tutti
