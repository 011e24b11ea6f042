#include "host/pictures/blame_panel.hpp"

#include <algorithm>

namespace tutti {

void paint_panel(Canvas& canvas, const Box& box, const std::string& title,
                 const std::vector<PanelLine>& lines) {
    constexpr double line_height = 34.0;
    constexpr double title_height = 26.0;
    canvas.colour(ink);
    canvas.text(box.left, box.top + 7.0, title, {13.0, Anchor::start, true});
    double greatest = 0.0;
    for (const PanelLine& line : lines) greatest = std::max(greatest, line.amount);
    double top = box.top + title_height;
    for (const PanelLine& line : lines) {
        if (top + line_height > box.bottom) return;
        const TextStyle small{11.0, Anchor::end};
        const double room = box.width() - canvas.text_width(line.amount_words, small) - 10.0;
        canvas.colour(ink);
        canvas.text(box.left, top + 6.0, canvas.shortened(line.name, {12.0}, room), {12.0});
        canvas.colour(grey_ink);
        canvas.text(box.right, top + 6.0, line.amount_words, small);
        canvas.colour({0.88, 0.88, 0.9});
        canvas.fill({box.left, top + 16.0, box.right, top + 21.0});
        canvas.colour(colour_at(ColourMap::amount, 0.72));
        canvas.fill({box.left, top + 16.0, box.left + box.width() * line.amount / greatest, top + 21.0});
        top += line_height;
    }
}

}  // namespace tutti
