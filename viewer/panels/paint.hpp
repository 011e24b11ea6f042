#pragma once

#include <string>

#include "viewer/axes.hpp"
#include "viewer/panels/panel.hpp"

namespace tutti::viewer {

/// The name cut in its middle to fit, since endings tell pairs apart; empty when not even the `fewest`
/// letters of it fit.
std::string fitted(const std::string& name, float width_px, ImFont* font = nullptr, int fewest = 3);

enum class Anchor { start, middle, end };

/// Text with its left, middle or right at x and its middle at y.
void draw_text(ImDrawList& list, ImFont* font, float x, float y, ImU32 colour, const std::string& text,
               Anchor anchor = Anchor::start);

/// Text that reads upwards: its start at the bottom, y; its middle at x.
void draw_upright_text(ImDrawList& list, ImFont* font, float x, float y, ImU32 colour,
                       const std::string& text);

/// Text on a dark plate, its middle at (x, y): readable over any picture.
void draw_label(ImDrawList& list, ImFont* font, float x, float y, const std::string& text);

/// Slanting lines: not modelled.
void draw_hatch(ImDrawList& list, const Rect& where, ImU32 colour, float step_px);

/// Places of a time and of a position on the Cam scale in a plot, and back.
float time_to_x(const Stretch& shown, const Rect& plot, double time_s);
double x_to_time(const Stretch& shown, const Rect& plot, float x);
float cam_to_y(const Stretch& shown, const Rect& plot, double cam);
double y_to_cam(const Stretch& shown, const Rect& plot, float y);

/// Where in the time of a plot is being played, when something is.
void draw_playhead(const Panel& panel, const Rect& plot);

/// Zooms with the wheel and pans with the middle or right button, over a plot that the mouse is on; what
/// lies under the mouse stays there. Shift: frequency.
void zoom_and_pan(const Panel& panel, const Rect& plot, bool left_button_pans);

/// A strip of the colours, and a line of text below it at its left, middle and right.
void draw_legend(const Panel& panel, const Rect& strip, const ColourTable& colours, const std::string& low,
                 const std::string& middle, const std::string& high);

/// A small button beside what was shown last, or below it where the line is full; lit where it is the chosen
/// one. True when it was clicked.
bool show_choice(const std::string& label, bool is_chosen);

/// "41 %"; "< 1 %" where something is left.
std::string share_text(double share);

/// Texts of actions that carry a stretch.
Action time_action(const Stretch& stretch);
Action bands_action(const Stretch& stretch);

}  // namespace tutti::viewer
