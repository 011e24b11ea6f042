#include "host/pictures/canvas.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "host/pictures/png_file.hpp"

namespace tutti {

namespace {

/// Where every character of a UTF-8 text begins, and its end.
std::vector<std::size_t> character_starts(const std::string& text) {
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U) starts.push_back(i);
    }
    starts.push_back(text.size());
    return starts;
}

}  // namespace

std::uint32_t to_pixel(const Colour& colour) {
    const auto byte = [](double part) {
        return static_cast<std::uint32_t>(std::lround(255.0 * std::clamp(part, 0.0, 1.0)));
    };
    return 0xff000000U | (byte(colour.red) << 16) | (byte(colour.green) << 8) | byte(colour.blue);
}

Canvas::Canvas(double width, double height, double scale)
    : width_(width),
      height_(height),
      scale_(scale),
      surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(std::ceil(width * scale)),
                                          static_cast<int>(std::ceil(height * scale)))),
      cairo_(cairo_create(surface_.get())) {
    cairo_scale(cairo_.get(), scale, scale);
    colour(paper);
    cairo_paint(cairo_.get());
    // Letters stand where the layout puts them at every scale.
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_set_font_options(cairo_.get(), options);
    cairo_font_options_destroy(options);
}

void Canvas::colour(const Colour& c, double opacity) {
    cairo_set_source_rgba(cairo_.get(), c.red, c.green, c.blue, opacity);
}

void Canvas::fill(const Box& box) {
    cairo_rectangle(cairo_.get(), box.left, box.top, box.width(), box.height());
    cairo_fill(cairo_.get());
}

void Canvas::outline(const Box& box, double width) {
    cairo_set_line_width(cairo_.get(), width);
    cairo_rectangle(cairo_.get(), box.left, box.top, box.width(), box.height());
    cairo_stroke(cairo_.get());
}

void Canvas::line(const std::vector<std::array<double, 2>>& points, double width) {
    cairo_set_line_width(cairo_.get(), width);
    cairo_new_path(cairo_.get());
    for (const auto& [x, y] : points) cairo_line_to(cairo_.get(), x, y);
    cairo_stroke(cairo_.get());
}

void Canvas::polygon(const std::vector<std::array<double, 2>>& points) {
    cairo_new_path(cairo_.get());
    for (const auto& [x, y] : points) cairo_line_to(cairo_.get(), x, y);
    cairo_close_path(cairo_.get());
    cairo_fill(cairo_.get());
}

void Canvas::hatch(const Box& box) {
    constexpr double step = 6.0;
    cairo_save(cairo_.get());
    colour({0.93, 0.93, 0.94});
    fill(box);
    cairo_rectangle(cairo_.get(), box.left, box.top, box.width(), box.height());
    cairo_clip(cairo_.get());
    colour({0.7, 0.7, 0.73});
    for (double x = box.left - box.height(); x < box.right; x += step)
        line({{x, box.bottom}, {x + box.height(), box.top}}, 0.8);
    cairo_restore(cairo_.get());
}

void Canvas::image(const Box& box, int columns, int rows, std::span<const std::uint32_t> pixels) {
    if (columns <= 0 || rows <= 0) return;
    const std::unique_ptr<cairo_surface_t, Destroy> cells(
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, columns, rows));
    cairo_surface_flush(cells.get());
    unsigned char* bytes = cairo_image_surface_get_data(cells.get());
    const int stride = cairo_image_surface_get_stride(cells.get());
    for (int row = 0; row < rows; ++row) {
        const auto line = pixels.subspan(static_cast<std::size_t>(row) * static_cast<std::size_t>(columns),
                                         static_cast<std::size_t>(columns));
        std::copy(line.begin(), line.end(),
                  reinterpret_cast<std::uint32_t*>(bytes + static_cast<std::ptrdiff_t>(row) * stride));
    }
    cairo_surface_mark_dirty(cells.get());
    cairo_save(cairo_.get());
    cairo_translate(cairo_.get(), box.left, box.top);
    cairo_scale(cairo_.get(), box.width() / columns, box.height() / rows);
    cairo_set_source_surface(cairo_.get(), cells.get(), 0.0, 0.0);
    cairo_pattern_set_filter(cairo_get_source(cairo_.get()), CAIRO_FILTER_NEAREST);
    cairo_rectangle(cairo_.get(), 0.0, 0.0, columns, rows);
    cairo_fill(cairo_.get());
    cairo_restore(cairo_.get());
}

void Canvas::use(const TextStyle& style) {
    cairo_select_font_face(cairo_.get(), "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                           style.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cairo_.get(), style.size);
}

double Canvas::text_width(const std::string& words, const TextStyle& style) {
    use(style);
    cairo_text_extents_t extents;
    cairo_text_extents(cairo_.get(), words.c_str(), &extents);
    return extents.x_advance;
}

std::string Canvas::shortened(const std::string& words, const TextStyle& style, double width) {
    if (text_width(words, style) <= width) return words;
    const std::vector<std::size_t> starts = character_starts(words);
    const std::size_t characters = starts.size() - 1;
    for (std::size_t kept = characters - 1; kept >= 2; --kept) {
        const std::size_t ending = kept * 2 / 5;
        const std::string text =
            words.substr(0, starts[kept - ending]) + "\u2026" + words.substr(starts[characters - ending]);
        if (text_width(text, style) <= width) return text;
    }
    return "\u2026";
}

double Canvas::shift_of(const std::string& words, const TextStyle& style) {
    const double part = style.anchor == Anchor::start ? 0.0 : style.anchor == Anchor::middle ? 0.5 : 1.0;
    return part * text_width(words, style);
}

void Canvas::text(double x, double y, const std::string& words, const TextStyle& style) {
    // Half of a small letter's height, 0.547 of DejaVu's size, and a little for the ascenders.
    cairo_move_to(cairo_.get(), x - shift_of(words, style), y + 0.35 * style.size);
    cairo_show_text(cairo_.get(), words.c_str());
}

void Canvas::upright_text(double x, double y, const std::string& words, const TextStyle& style) {
    cairo_save(cairo_.get());
    cairo_translate(cairo_.get(), x, y);
    cairo_rotate(cairo_.get(), -0.5 * std::numbers::pi);
    text(0.0, 0.0, words, style);
    cairo_restore(cairo_.get());
}

void Canvas::text_on_colours(double x, double y, const std::string& words, const TextStyle& style) {
    cairo_save(cairo_.get());
    cairo_move_to(cairo_.get(), x - shift_of(words, style), y + 0.35 * style.size);
    cairo_text_path(cairo_.get(), words.c_str());
    cairo_set_line_width(cairo_.get(), 0.28 * style.size);
    cairo_set_line_join(cairo_.get(), CAIRO_LINE_JOIN_ROUND);
    colour({0.05, 0.0, 0.1}, 0.75);
    cairo_stroke_preserve(cairo_.get());
    colour(paper);
    cairo_fill(cairo_.get());
    cairo_restore(cairo_.get());
}

void Canvas::write(const std::filesystem::path& file) {
    cairo_surface_flush(surface_.get());
    const int columns = cairo_image_surface_get_width(surface_.get());
    const int rows = cairo_image_surface_get_height(surface_.get());
    const int stride = cairo_image_surface_get_stride(surface_.get());
    const unsigned char* bytes = cairo_image_surface_get_data(surface_.get());
    write_png(file, columns, rows, [&](int row) {
        return std::span(
            reinterpret_cast<const std::uint32_t*>(bytes + static_cast<std::ptrdiff_t>(row) * stride),
            static_cast<std::size_t>(columns));
    });
}

}  // namespace tutti
