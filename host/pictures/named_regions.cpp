#include "host/pictures/named_regions.hpp"

#include <algorithm>
#include <map>

namespace tutti {

namespace {

/// The largest rectangle of a label that is wide and high enough; its counts are 0 when there is none.
/// Every row in turn is the lower edge, with the heights of what stands on it.
NamedRegion largest_region(const std::vector<int>& labels, int columns, int rows, int label,
                           TextCells needs) {
    NamedRegion best{label};
    std::vector<int> heights(static_cast<std::size_t>(columns), 0);
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            int& height = heights[static_cast<std::size_t>(column)];
            height = labels[static_cast<std::size_t>(row * columns + column)] == label ? height + 1 : 0;
        }
        for (int first = 0; first < columns; ++first) {
            int height = heights[static_cast<std::size_t>(first)];
            for (int end = first + 1; height >= needs.rows; ++end) {
                const int width = end - first;
                if (width >= needs.columns && width * height > best.column_count * best.row_count)
                    best = {label, first, width, row - height + 1, height};
                if (end == columns) break;
                height = std::min(height, heights[static_cast<std::size_t>(end)]);
            }
        }
    }
    return best;
}

}  // namespace

std::vector<NamedRegion> named_regions(std::vector<int> labels, int columns, int rows,
                                       const std::function<TextCells(int label)>& needs, int most) {
    constexpr int most_of_one = 2;
    std::map<int, int> cells;
    for (const int label : labels) {
        if (label >= 0) ++cells[label];
    }
    std::vector<NamedRegion> candidates;
    for (const auto& [label, count] : cells) {
        const TextCells needed = needs(label);
        for (int i = 0; i < most_of_one && count >= needed.columns * needed.rows; ++i) {
            const NamedRegion region = largest_region(labels, columns, rows, label, needed);
            if (region.column_count == 0) break;
            candidates.push_back(region);
            for (int row = region.first_row; row < region.first_row + region.row_count; ++row) {
                const auto begin = labels.begin() + row * columns + region.first_column;
                std::fill(begin, begin + region.column_count, -1);
            }
        }
    }
    std::stable_sort(candidates.begin(), candidates.end(), [](const NamedRegion& a, const NamedRegion& b) {
        return a.column_count * a.row_count > b.column_count * b.row_count;
    });
    if (static_cast<int>(candidates.size()) > most) candidates.resize(static_cast<std::size_t>(most));
    return candidates;
}

}  // namespace tutti
