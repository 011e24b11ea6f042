#pragma once

#include <string>
#include <vector>

#include "viewer/state.hpp"

namespace tutti::viewer {

/// A row of the matrix and of the overview: one object, or all of a collapsed group's.
struct Row {
    std::string name;
    std::string group;
    std::vector<int> objects;
    bool is_group = false;
};

/// Rows of one group that stand next to each other.
struct RowSpan {
    std::string group;
    int first = 0;
    int count = 0;
    bool is_collapsed = false;
};

struct RowList {
    std::vector<Row> rows;
    std::vector<RowSpan> spans;  ///< empty where rows are not ordered by group
};

/// The rows that the state asks for: ordered, searched, groups collapsed where they stand together.
RowList arrange_rows(const State& state);

/// [target row][masker row]: clashes of all pairs of their objects together, sone s.
std::vector<double> row_clashes(const ReportView& view, const std::vector<Row>& rows);

/// The row that holds an object; -1: none.
int row_of(const std::vector<Row>& rows, int object);

}  // namespace tutti::viewer
