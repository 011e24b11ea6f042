#pragma once

#include <vector>

#include "viewer/field_cells.hpp"
#include "viewer/state.hpp"

namespace tutti::viewer {

/// Cells of a heatmap, [row][column], and what their colours go from and to.
struct HeatmapCells {
    int column_count = 0;
    int row_count = 0;
    std::vector<FieldCell> cells;
    float low = 0.0F;
    float high = 1.0F;
};

/// An object's heatmap: rows are display bands and columns hops; of harm, band groups and sections. Margins
/// in dB, in the range of the report's pictures; of loudness and harm the decimal logarithm, two decades up
/// to the greatest.
HeatmapCells heatmap_cells(const ReportView& view, int object, Shade shade);

/// [row][row] of clashes as decimal logarithms, three decades up to the greatest.
HeatmapCells matrix_cells(const std::vector<double>& clashes, int row_count);

/// Lanes of all rows over the hops: how much is hidden as value (0 ... 1), how loud it is as height.
HeatmapCells lane_cells(const ReportView& view, const std::vector<std::vector<int>>& rows);

/// A rectangle of band groups and sections in which one masker leads and the target is hidden a good part of
/// the time.
struct HiddenArea {
    int masker = 0;
    int first_section = 0;
    int section_count = 0;
    int first_group = 0;
    int group_count = 0;
};
std::vector<HiddenArea> hidden_areas(const ReportView& view, int target, double section_s);

}  // namespace tutti::viewer
