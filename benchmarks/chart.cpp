#include "benchmarks/chart.hpp"

#include <cairo.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <string_view>

#include "benchmarks/table.hpp"
#include "engine/errors.hpp"

namespace tutti::bench {

namespace {

struct Colour {
    double red, green, blue;
};

Colour rgb(ChartColour colour) {
    switch (colour) {
        case ChartColour::orange:
            return {0.902, 0.624, 0.0};
        case ChartColour::sky:
            return {0.337, 0.706, 0.914};
        case ChartColour::green:
            return {0.0, 0.620, 0.451};
        case ChartColour::blue:
            return {0.0, 0.447, 0.698};
        case ChartColour::vermilion:
            return {0.835, 0.369, 0.0};
        case ChartColour::purple:
            return {0.8, 0.475, 0.655};
        case ChartColour::grey:
            return {0.45, 0.45, 0.45};
        case ChartColour::black:
            break;
    }
    return {0.1, 0.1, 0.1};
}

/// One axis: values to pixels, logarithmically, over at least a third of a decade; or linearly.
class Axis {
  public:
    Axis(double low, double high, double low_px, double high_px, bool is_linear = false)
        : is_linear_(is_linear), low_px_(low_px), high_px_(high_px) {
        const double least = is_linear ? 1.0 : 1.0 / 3.0;
        const double extent = scaled(high) - scaled(low);
        const double room = std::max(0.06 * extent, 0.5 * (least - extent));
        low_ = scaled(low) - room;
        high_ = scaled(high) + room;
    }

    double pixel(double value) const {
        return low_px_ + (high_px_ - low_px_) * (scaled(value) - low_) / (high_ - low_);
    }

    struct Tick {
        double value;
        bool labelled;
    };

    /// The fewer decades there are, the more digits have labels; all others are lines. Linearly: every whole
    /// number, with a label at fives.
    std::vector<Tick> ticks() const {
        std::vector<Tick> ticks;
        if (is_linear_) {
            for (int value = static_cast<int>(std::ceil(low_)); value <= high_; ++value) {
                ticks.push_back({static_cast<double>(value), value % 5 == 0});
            }
            return ticks;
        }
        const std::string_view labelled = labelled_digits();
        for (int decade = static_cast<int>(std::floor(low_)); decade <= static_cast<int>(high_); ++decade) {
            for (int digit = 1; digit <= 9; ++digit) {
                const double value = digit * std::pow(10.0, decade);
                if (std::log10(value) < low_ || std::log10(value) > high_) continue;
                ticks.push_back({value, labelled.find(static_cast<char>('0' + digit)) != labelled.npos});
            }
        }
        return ticks;
    }

  private:
    double scaled(double value) const { return is_linear_ ? value : std::log10(value); }

    std::string_view labelled_digits() const {
        const double decades = high_ - low_;
        return decades < 0.8 ? "123456789" : decades < 2.0 ? "1235" : decades < 3.2 ? "125" : "1";
    }

    bool is_linear_;
    double low_px_, high_px_;
    double low_ = 0.0, high_ = 0.0;  // decades, or values
};

enum class Anchor { start, middle, end };

/// A page to draw on, in pixels from the upper left.
class Page {
  public:
    Page()
        : surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, chart_width, chart_height)),
          cairo_(cairo_create(surface_.get())) {
        cairo_set_source_rgb(cairo_.get(), 1.0, 1.0, 1.0);
        cairo_paint(cairo_.get());
    }

    void colour(const Colour& c, double opacity = 1.0) {
        cairo_set_source_rgba(cairo_.get(), c.red, c.green, c.blue, opacity);
    }

    void text(double x, double y, const std::string& words, double size, Anchor anchor = Anchor::start,
              bool bold = false) {
        cairo_select_font_face(cairo_.get(), "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                               bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
        cairo_set_font_size(cairo_.get(), size);
        cairo_text_extents_t extents;
        cairo_text_extents(cairo_.get(), words.c_str(), &extents);
        const double shift =
            anchor == Anchor::start ? 0.0 : extents.x_advance * (anchor == Anchor::middle ? 0.5 : 1.0);
        cairo_move_to(cairo_.get(), x - shift, y);
        cairo_show_text(cairo_.get(), words.c_str());
    }

    /// Upwards, its middle at (x, y).
    void upright_text(double x, double y, const std::string& words, double size) {
        cairo_save(cairo_.get());
        cairo_translate(cairo_.get(), x, y);
        cairo_rotate(cairo_.get(), -M_PI / 2.0);
        text(0.0, 0.0, words, size, Anchor::middle);
        cairo_restore(cairo_.get());
    }

    void line(const std::vector<std::array<double, 2>>& points, double width, bool dashed = false) {
        const std::array<double, 2> dashes = {14.0, 9.0};
        cairo_set_dash(cairo_.get(), dashes.data(), dashed ? 2 : 0, 0.0);
        cairo_set_line_width(cairo_.get(), width);
        cairo_set_line_join(cairo_.get(), CAIRO_LINE_JOIN_ROUND);
        cairo_new_path(cairo_.get());
        for (const auto& [x, y] : points) cairo_line_to(cairo_.get(), x, y);
        cairo_stroke(cairo_.get());
    }

    void dot(double x, double y, double radius) {
        cairo_new_path(cairo_.get());
        cairo_arc(cairo_.get(), x, y, radius, 0.0, 2.0 * M_PI);
        cairo_fill(cairo_.get());
    }

    void write(const std::filesystem::path& file) {
        const std::string beside = file.string() + "." + std::to_string(getpid());
        const cairo_status_t status = cairo_surface_write_to_png(surface_.get(), beside.c_str());
        std::error_code error;
        if (status == CAIRO_STATUS_SUCCESS) std::filesystem::rename(beside, file, error);
        if (status == CAIRO_STATUS_SUCCESS && !error) return;
        std::error_code ignored;
        std::filesystem::remove(beside, ignored);
        throw InputError(file.string() + " cannot be written: " +
                         (error ? error.message() : std::string(cairo_status_to_string(status))));
    }

  private:
    struct Destroy {
        void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
        void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
    };
    std::unique_ptr<cairo_surface_t, Destroy> surface_;
    std::unique_ptr<cairo_t, Destroy> cairo_;
};

constexpr double left = 150.0;
constexpr double right = chart_width - 330.0;  // names of lines stand beside
constexpr double bottom = chart_height - 110.0;
constexpr double title_y = 60.0;
constexpr double note_step = 30.0;
constexpr double text_size = 22.0;
constexpr Colour ink = {0.1, 0.1, 0.1};

struct Range {
    double low = std::numeric_limits<double>::infinity();
    double high = 0.0;
    void add(double value) {
        low = std::min(low, value);
        high = std::max(high, value);
    }
};

/// "20 000": thousands apart.
std::string tick_text(double value) {
    std::string text = significant(value, 1);
    if (text.find('.') == std::string::npos && text.size() > 4) text.insert(text.size() - 3, " ");
    return text;
}

class ChartPainter {
  public:
    explicit ChartPainter(const Chart& chart)
        : chart_(chart),
          top_(title_y + note_step * static_cast<double>(chart.notes.size()) + 40.0),
          x_(range_of(true).low, range_of(true).high, left, right),
          y_(range_of(false).low, range_of(false).high, bottom, top_, chart.y_is_linear) {}

    void paint(const std::filesystem::path& file) {
        paint_titles();
        paint_grid();
        for (const ChartLine& line : chart_.lines) paint_line(line);
        paint_names();
        page_.write(file);
    }

  private:
    Range range_of(bool of_x) const {
        Range range;
        for (const ChartLine& line : chart_.lines) {
            for (const ChartPoint& point : line.points) {
                range.add(of_x ? point.x : point.low);
                range.add(of_x ? point.x : point.high);
            }
        }
        if (range.high == 0.0) throw InputError("there is nothing to draw: nobody was timed");
        return range;
    }

    void paint_titles() {
        page_.colour(ink);
        page_.text(left, title_y, chart_.title, 32.0, Anchor::start, true);
        for (std::size_t i = 0; i < chart_.notes.size(); ++i) {
            page_.text(left, title_y + note_step * static_cast<double>(i + 1) + 6.0, chart_.notes[i],
                       text_size);
        }
        page_.text(0.5 * (left + right), chart_height - 30.0, chart_.x_title, text_size + 2.0,
                   Anchor::middle);
        page_.upright_text(45.0, 0.5 * (top_ + bottom), chart_.y_title, text_size + 2.0);
    }

    void paint_grid() {
        for (const auto& [value, labelled] : x_.ticks()) {
            const double at = x_.pixel(value);
            page_.colour(ink, labelled ? 0.22 : 0.08);
            page_.line({{at, top_}, {at, bottom}}, 1.5);
            page_.colour(ink);
            if (labelled) page_.text(at, bottom + 32.0, tick_text(value), text_size, Anchor::middle);
        }
        for (const auto& [value, labelled] : y_.ticks()) {
            const double at = y_.pixel(value);
            page_.colour(ink, labelled ? 0.22 : 0.08);
            page_.line({{left, at}, {right, at}}, 1.5);
            page_.colour(ink);
            const std::string text =
                chart_.y_is_linear ? std::to_string(std::lround(value)) : tick_text(value);
            if (labelled) page_.text(left - 14.0, at + 8.0, text, text_size, Anchor::end);
        }
        page_.colour(ink, 0.6);
        page_.line({{left, top_}, {left, bottom}, {right, bottom}}, 2.0);
    }

    void paint_line(const ChartLine& line) {
        page_.colour(rgb(line.colour));
        std::vector<std::array<double, 2>> corners;
        for (const ChartPoint& point : line.points) corners.push_back({x_.pixel(point.x), y_.pixel(point.y)});
        page_.line(corners, line.bold ? 5.0 : 3.0, line.dashed);
        for (const ChartPoint& point : line.points) {
            const double x = x_.pixel(point.x);
            if (line.points.size() == 1 || !line.dashed) {
                page_.line({{x, y_.pixel(point.low)}, {x, y_.pixel(point.high)}}, 2.0);
                page_.dot(x, y_.pixel(point.y), line.bold ? 8.0 : 6.0);
            }
        }
    }

    /// Each name at the height of its line's last point, or as near as the others leave room for.
    void paint_names() {
        struct Name {
            const ChartLine* line;
            double at;
        };
        std::vector<Name> names;
        for (const ChartLine& line : chart_.lines) {
            if (!line.points.empty()) names.push_back({&line, y_.pixel(line.points.back().y)});
        }
        std::sort(names.begin(), names.end(), [](const Name& a, const Name& b) { return a.at < b.at; });
        constexpr double step = text_size + 7.0;
        // Down where they overlap, then up again from the lower edge.
        for (std::size_t i = 1; i < names.size(); ++i)
            names[i].at = std::max(names[i].at, names[i - 1].at + step);
        double limit = bottom;
        for (std::size_t i = names.size(); i-- > 0; limit -= step) names[i].at = std::min(names[i].at, limit);
        for (const Name& name : names) {
            const ChartPoint& last = name.line->points.back();
            const double x = x_.pixel(last.x);
            page_.colour(rgb(name.line->colour), 0.6);
            page_.line({{x + 10.0, y_.pixel(last.y)}, {right + 6.0, name.at}, {right + 14.0, name.at}}, 1.2);
            page_.colour(rgb(name.line->colour));
            page_.dot(right + 22.0, name.at, 6.0);
            page_.colour(ink);
            page_.text(right + 36.0, name.at + 8.0, name.line->name, text_size, Anchor::start,
                       name.line->bold);
        }
    }

    const Chart& chart_;
    double top_;
    Axis x_;
    Axis y_;
    Page page_;
};

}  // namespace

void write_chart(const std::filesystem::path& file, const Chart& chart) { ChartPainter(chart).paint(file); }

}  // namespace tutti::bench
