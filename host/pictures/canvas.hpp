#pragma once

#include <cairo.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "host/pictures/colour_map.hpp"

namespace tutti {

struct Box {
    double left = 0.0, top = 0.0, right = 0.0, bottom = 0.0;

    double width() const { return right - left; }
    double height() const { return bottom - top; }
    double middle_x() const { return 0.5 * (left + right); }
    double middle_y() const { return 0.5 * (top + bottom); }
};

enum class Anchor { start, middle, end };

/// How text looks: its height in units of the layout, which of its points is placed, bold or not.
struct TextStyle {
    double size = 12.0;
    Anchor anchor = Anchor::start;
    bool bold = false;
};

inline constexpr Colour ink = {0.1, 0.1, 0.12};
inline constexpr Colour grey_ink = {0.38, 0.38, 0.42};
inline constexpr Colour paper = {1.0, 1.0, 1.0};

/// A white page to draw on, in units of the layout from the upper left; `scale` pixels per unit. May be used
/// by one thread at a time; different ones at once.
class Canvas {
  public:
    Canvas(double width, double height, double scale);

    double width() const { return width_; }
    double height() const { return height_; }
    double scale() const { return scale_; }

    void colour(const Colour& colour, double opacity = 1.0);
    void fill(const Box& box);
    void outline(const Box& box, double width);
    void line(const std::vector<std::array<double, 2>>& points, double width);
    void polygon(const std::vector<std::array<double, 2>>& points);

    /// Slanted lines: what is not modelled.
    void hatch(const Box& box);

    /// `pixels`: [row][column] 0xAARRGGBB, drawn without smoothing over the box.
    void image(const Box& box, int columns, int rows, std::span<const std::uint32_t> pixels);

    double text_width(const std::string& words, const TextStyle& style);

    /// The words, or as many of them as fit into the width, with an ellipsis in the middle: endings tell
    /// pairs apart. Cut between characters.
    std::string shortened(const std::string& words, const TextStyle& style, double width);

    /// `y`: of the middle of small letters.
    void text(double x, double y, const std::string& words, const TextStyle& style);
    /// Upwards, its anchor at (x, y).
    void upright_text(double x, double y, const std::string& words, const TextStyle& style);
    /// White with a dark edge, readable on any colour.
    void text_on_colours(double x, double y, const std::string& words, const TextStyle& style);

    /// Writes a PNG file that appears when it is complete. Throws InputError with the system's reason.
    void write(const std::filesystem::path& file);

  private:
    struct Destroy {
        void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
        void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
    };

    void use(const TextStyle& style);
    double shift_of(const std::string& words, const TextStyle& style);

    double width_, height_, scale_;
    std::unique_ptr<cairo_surface_t, Destroy> surface_;
    std::unique_ptr<cairo_t, Destroy> cairo_;
};

/// A colour as Canvas::image() takes it.
std::uint32_t to_pixel(const Colour& colour);

}  // namespace tutti
