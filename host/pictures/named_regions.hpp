#pragma once

#include <functional>
#include <vector>

namespace tutti {

/// A rectangle of cells that bear the same label.
struct NamedRegion {
    int label = 0;
    int first_column = 0, column_count = 0;
    int first_row = 0, row_count = 0;
};

/// Cells a label's text needs.
struct TextCells {
    int columns = 1;
    int rows = 1;
};

/// Where names fit into a map: the greatest rectangles of one label that hold the label's text, the largest
/// first, no two overlapping, at most `most` and at most two of one label. `labels`: [row][column]; below 0:
/// none.
std::vector<NamedRegion> named_regions(std::vector<int> labels, int columns, int rows,
                                       const std::function<TextCells(int label)>& needs, int most);

}  // namespace tutti
