#include "viewer/heatmap_cells.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "host/half_float.hpp"
#include "host/pictures/colour_map.hpp"

namespace tutti::viewer {

namespace {

/// Levels this far under the session's loudest have no height left.
constexpr float level_range_db = 50.0F;

float log10_or_nothing(double value) {
    return value > 0.0 ? static_cast<float>(std::log10(value)) : std::numeric_limits<float>::quiet_NaN();
}

void set_decades(HeatmapCells& made, double greatest, float decades) {
    made.high = greatest > 0.0 ? static_cast<float>(std::log10(greatest)) : 0.0F;
    made.low = made.high - decades;
}

HeatmapCells band_cells(const ReportView& view, int object, Shade shade) {
    const MaskingShape& shape = view.shape;
    HeatmapCells made{shape.hops, shape.bands, {}};
    made.cells.resize(static_cast<std::size_t>(shape.hops) * shape.bands);
    const bool is_margin = shade == Shade::margin;
    const std::uint16_t* from =
        (is_margin ? view.view->margin_db : view.view->loudness).data() + shape.cell(object, 0, 0);
    double greatest = 0.0;
    for (int hop = 0; hop < shape.hops; ++hop) {
        for (int band = 0; band < shape.bands; ++band) {
            const std::uint16_t half = *from++;
            FieldCell& cell = made.cells[static_cast<std::size_t>(band) * shape.hops + hop];
            if (is_margin) {
                cell = full_height | half;
            } else {
                const double sone = from_half(half);
                greatest = std::max(greatest, sone);
                cell = cell_of(log10_or_nothing(sone));
            }
        }
    }
    made.low = static_cast<float>(least_shown_margin_db);
    made.high = static_cast<float>(greatest_shown_margin_db);
    if (!is_margin) set_decades(made, greatest, 2.0F);
    return made;
}

HeatmapCells harm_cells(const ReportView& view, int object) {
    const MaskingShape& shape = view.shape;
    HeatmapCells made{shape.sections, shape.groups, {}};
    made.cells.resize(static_cast<std::size_t>(shape.sections) * shape.groups);
    double greatest = 0.0;
    for (int section = 0; section < shape.sections; ++section) {
        for (int group = 0; group < shape.groups; ++group) {
            double sum = 0.0;
            for (int target = 0; target < shape.objects; ++target) {
                sum += view.view->clash[shape.pair(section, group, target, object)];
            }
            greatest = std::max(greatest, sum);
            made.cells[static_cast<std::size_t>(group) * shape.sections + section] =
                cell_of(log10_or_nothing(sum));
        }
    }
    set_decades(made, greatest, 2.0F);
    return made;
}

/// The masker that leads in a cell, where the target plays a fifth of the time or more and is hidden a third
/// of that; else -1. `cell`: all there is of it, in Cam seconds.
int leading_masker(const ReportView& view, int target, int section, int group, double cell) {
    const MaskingShape& shape = view.shape;
    const float* classes =
        view.view->audibility.data() + shape.sum(section, group, target) * audibility_count;
    const float active = classes[0] + classes[1] + classes[2] + classes[3];
    if (!(active >= 0.2 * cell) || active == 0.0F || classes[0] + classes[1] < active / 3.0F) return -1;
    const float* clash = view.view->clash.data() + shape.pair(section, group, target, 0);
    const float* greatest = std::max_element(clash, clash + shape.objects);
    return *greatest > 0.0F ? static_cast<int>(greatest - clash) : -1;
}

}  // namespace

HeatmapCells heatmap_cells(const ReportView& view, int object, Shade shade) {
    return shade == Shade::harm ? harm_cells(view, object) : band_cells(view, object, shade);
}

HeatmapCells matrix_cells(const std::vector<double>& clashes, int row_count) {
    HeatmapCells made{row_count, row_count, {}};
    double greatest = 0.0;
    for (const double clash : clashes) greatest = std::max(greatest, clash);
    for (const double clash : clashes) made.cells.push_back(cell_of(log10_or_nothing(clash)));
    set_decades(made, greatest, 3.0F);
    return made;
}

HeatmapCells lane_cells(const ReportView& view, const std::vector<std::vector<int>>& rows) {
    const int hops = view.shape.hops;
    float loudest_db = -std::numeric_limits<float>::infinity();
    for (const Lane& lane : view.lanes) {
        for (const float level : lane.level_db) loudest_db = std::max(loudest_db, level);
    }
    HeatmapCells made{hops, static_cast<int>(rows.size()), {}};
    made.cells.reserve(static_cast<std::size_t>(hops) * rows.size());
    for (const std::vector<int>& objects : rows) {
        for (int hop = 0; hop < hops; ++hop) {
            float hidden = 0.0F;
            int active = 0;
            float level_db = -std::numeric_limits<float>::infinity();
            for (const int object : objects) {
                const Lane& lane = view.lanes[object];
                level_db = std::max(level_db, lane.level_db[hop]);
                if (std::isnan(lane.hidden_share[hop])) continue;
                hidden += lane.hidden_share[hop];
                ++active;
            }
            const float height = std::clamp(1.0F + (level_db - loudest_db) / level_range_db, 0.0F, 1.0F);
            const float share =
                active == 0 ? std::numeric_limits<float>::quiet_NaN() : hidden / static_cast<float>(active);
            const auto tall = static_cast<std::uint32_t>(std::lround((0.15F + 0.85F * height) * 65535.0F));
            made.cells.push_back((cell_of(share) & 0xffffU) | tall << 16U);
        }
    }
    return made;
}

std::vector<HiddenArea> hidden_areas(const ReportView& view, int target, double section_s) {
    const MaskingShape& shape = view.shape;
    constexpr double display_band_cam = 0.5;
    const double cell = section_s * display_band_cam * shape.bands / std::max(1, shape.groups);
    std::vector<int> leaders(static_cast<std::size_t>(shape.sections) * shape.groups);
    const auto leader = [&](int section, int group) -> int& {
        return leaders[static_cast<std::size_t>(section) * shape.groups + group];
    };
    for (int section = 0; section < shape.sections; ++section) {
        for (int group = 0; group < shape.groups; ++group) {
            leader(section, group) = leading_masker(view, target, section, group, cell);
        }
    }
    std::vector<HiddenArea> areas;
    for (int section = 0; section < shape.sections; ++section) {
        for (int group = 0; group < shape.groups; ++group) {
            const int masker = leader(section, group);
            if (masker < 0) continue;
            HiddenArea area{masker, section, 1, group, 1};
            while (group + area.group_count < shape.groups &&
                   leader(section, group + area.group_count) == masker) {
                ++area.group_count;
            }
            const auto goes_on = [&](int at) {
                for (int i = 0; i < area.group_count; ++i) {
                    if (leader(at, group + i) != masker) return false;
                }
                return true;
            };
            while (section + area.section_count < shape.sections && goes_on(section + area.section_count)) {
                ++area.section_count;
            }
            for (int s = 0; s < area.section_count; ++s) {
                for (int g = 0; g < area.group_count; ++g) leader(section + s, group + g) = -1;
            }
            areas.push_back(area);
        }
    }
    return areas;
}

}  // namespace tutti::viewer
