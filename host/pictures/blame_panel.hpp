#pragma once

#include <string>
#include <vector>

#include "host/pictures/canvas.hpp"

namespace tutti {

/// A line of a list beside a picture.
struct PanelLine {
    std::string name;
    double amount = 0.0;
    std::string amount_words;
};

/// A list with a bar per line, as many as there is room for, the first lines first.
void paint_panel(Canvas& canvas, const Box& box, const std::string& title,
                 const std::vector<PanelLine>& lines);

}  // namespace tutti
