#pragma once

#include "viewer/panels/panel.hpp"

namespace tutti::viewer {

/// The matrix as it is laid out in this frame.
struct MatrixGrid {
    Rect plot;
    MatrixPart part;

    float cell_width() const {
        return plot.width() / static_cast<float>(part.last_masker - part.first_masker);
    }
    float cell_height() const {
        return plot.height() / static_cast<float>(part.last_target - part.first_target);
    }
    float x_of(double masker) const {
        return plot.left + static_cast<float>(masker - part.first_masker) * cell_width();
    }
    float y_of(double target) const {
        return plot.top + static_cast<float>(target - part.first_target) * cell_height();
    }
    double masker_at(float x) const { return part.first_masker + (x - plot.left) / cell_width(); }
    double target_at(float y) const { return part.first_target + (y - plot.top) / cell_height(); }
};

/// Names of rows at the left and above, where rows are too small those of groups, and what folds a group.
void show_matrix_names(const Panel& panel, const MatrixGrid& grid, float gutter, float heading);

}  // namespace tutti::viewer
