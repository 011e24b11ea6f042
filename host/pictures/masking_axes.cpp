#include "host/pictures/masking_axes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "engine/masking_model.hpp"

namespace tutti {

namespace {

constexpr double lowest_hz = 20.0;
constexpr double highest_hz = 20000.0;
constexpr double tick_text_size = 11.0;

template <typename... Values>
std::string format(const char* pattern, Values... values) {
    char text[64];
    std::snprintf(text, sizeof text, pattern, values...);
    return text;
}

}  // namespace

std::string tick_clock_text(double seconds) {
    const long whole = std::lround(seconds);
    if (whole < 3600) return format("%ld:%02ld", whole / 60, whole % 60);
    return format("%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string amount_text(double amount) {
    if (!(amount > 0.0)) return "0";
    const int digits_before = static_cast<int>(std::floor(std::log10(amount))) + 1;
    if (digits_before <= 0) return format("%.1g", amount);
    const double step = std::pow(10.0, digits_before - 2);
    const double rounded = std::round(amount / step) * step;
    return format("%.*f", digits_before == 1 && rounded != std::round(rounded) ? 1 : 0, rounded);
}

std::string percent_text(double share) {
    if (share > 0.0 && share < 0.005) return "under 1 %";
    return format("%.0f %%", 100.0 * share);
}

double CamAxis::y(double hz) const {
    const double low = hz_to_cam(lowest_hz);
    return plot_.bottom - plot_.height() * (hz_to_cam(hz) - low) / (hz_to_cam(highest_hz) - low);
}

Box CamAxis::modelled() const {
    const std::vector<double> edges = band_group_edges_hz();
    return {plot_.left, y(edges.back()), plot_.right, y(edges.front())};
}

Box CamAxis::band_group(int group, double left, double right) const {
    const std::vector<double> edges = band_group_edges_hz();
    const auto at = static_cast<std::size_t>(group);
    return {left, y(edges[at + 1]), right, y(edges[at])};
}

void CamAxis::paint(Canvas& canvas) const {
    struct Tick {
        double hz;
        const char* label;  ///< of the lines that have none, none
    };
    static constexpr std::array ticks = {
        Tick{50, "50 Hz"},   Tick{100, "100 Hz"}, Tick{200, "200 Hz"},   Tick{300, nullptr},
        Tick{400, nullptr},  Tick{500, "500 Hz"}, Tick{700, nullptr},    Tick{1000, "1 kHz"},
        Tick{1500, nullptr}, Tick{2000, "2 kHz"}, Tick{3000, nullptr},   Tick{4000, nullptr},
        Tick{5000, "5 kHz"}, Tick{7000, nullptr}, Tick{10000, "10 kHz"}, Tick{20000, "20 kHz"}};
    const Box inside = modelled();
    canvas.hatch({plot_.left, plot_.top, plot_.right, inside.top});
    canvas.hatch({plot_.left, inside.bottom, plot_.right, plot_.bottom});
    for (const Tick& tick : ticks) {
        const double at = y(tick.hz);
        canvas.colour(ink, tick.label != nullptr ? 0.16 : 0.06);
        canvas.line({{plot_.left, at}, {plot_.right, at}}, 0.8);
        if (tick.label == nullptr) continue;
        canvas.colour(grey_ink);
        canvas.text(plot_.left - 8.0, at, tick.label, {tick_text_size, Anchor::end});
    }
    canvas.colour(grey_ink, 0.7);
    canvas.outline(plot_, 0.8);
}

double TimeAxis::x(double s) const {
    return plot_.left + plot_.width() * (s - results_.from_s) / std::max(results_.duration_s, 1e-9);
}

void TimeAxis::paint(Canvas& canvas) const {
    constexpr double least_apart = 64.0;
    static constexpr std::array steps_s = {1.0,  2.0,   5.0,   10.0,  15.0,   30.0,
                                           60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0};
    const auto fits = [&](double step_s) {
        return step_s * plot_.width() >= least_apart * results_.duration_s;
    };
    const auto found = std::find_if(steps_s.begin(), steps_s.end(), fits);
    const double step_s = found == steps_s.end() ? steps_s.back() : *found;
    const auto first = static_cast<long>(std::ceil(results_.from_s / step_s - 1e-9));
    for (long i = first; static_cast<double>(i) * step_s <= end_s() + 1e-6; ++i) {
        const double s = static_cast<double>(i) * step_s;
        canvas.colour(ink, 0.12);
        canvas.line({{x(s), plot_.top}, {x(s), plot_.bottom}}, 0.8);
        canvas.colour(grey_ink);
        canvas.line({{x(s), plot_.bottom}, {x(s), plot_.bottom + 4.0}}, 0.8);
        canvas.text(x(s), plot_.bottom + 14.0, tick_clock_text(s), {tick_text_size, Anchor::middle});
    }
    if (results_.tempo_bpm) paint_bars(canvas);
}

void TimeAxis::paint_bars(Canvas& canvas) const {
    constexpr double least_apart = 52.0;
    const double bar_s = results_.beats_per_bar * 60.0 / *results_.tempo_bpm;
    const double bars = results_.duration_s / bar_s;
    double step = 1.0;
    while (step * plot_.width() < least_apart * bars) step *= 2.0;
    const double first = std::ceil(results_.from_s / bar_s / step - 1e-9);
    canvas.colour(grey_ink);
    for (double i = first; i * step * bar_s <= end_s() + 1e-6; i += 1.0) {
        const double at = x(i * step * bar_s);
        const std::string label = (i == first ? "bar " : "") + std::to_string(std::lround(i * step) + 1);
        canvas.text(at, plot_.bottom + 31.0, label, {tick_text_size, Anchor::middle});
    }
}

void paint_margin_legend(Canvas& canvas, double left, double top, double width) {
    constexpr double height = 12.0;
    struct Class {
        const char* words;
        double from_db, to_db;
    };
    static constexpr std::array classes = {
        Class{"inaudible", least_shown_margin_db, 0.0}, Class{"heavily masked", 0.0, 6.0},
        Class{"partly masked", 6.0, 15.0}, Class{"clear", 15.0, greatest_shown_margin_db}};
    constexpr int steps = 256;
    std::vector<std::uint32_t> pixels;
    for (int i = 0; i < steps; ++i)
        pixels.push_back(to_pixel(colour_at(ColourMap::margin, (i + 0.5) / steps)));
    const Box bar{left, top, left + width, top + height};
    canvas.image(bar, steps, 1, pixels);
    const auto x = [&](double db) { return left + width * margin_place(db); };
    for (const Class& c : classes) {
        canvas.colour(grey_ink);
        if (c.from_db > least_shown_margin_db) {
            canvas.line({{x(c.from_db), bar.top - 2.0}, {x(c.from_db), bar.bottom + 5.0}}, 1.0);
            canvas.text(x(c.from_db), bar.top - 9.0, format("%.0f dB", c.from_db), {10.0, Anchor::middle});
        }
        canvas.text(0.5 * (x(c.from_db) + x(c.to_db)), bar.bottom + 12.0, c.words, {11.0, Anchor::middle});
    }
}

void paint_amount_legend(Canvas& canvas, double left, double top, double width, const AmountScale& scale,
                         const std::string& words, ColourMap map, double palest) {
    constexpr double height = 12.0;
    constexpr int steps = 256;
    std::vector<std::uint32_t> pixels;
    for (int i = 0; i < steps; ++i) {
        const double place = (i + 0.5) / steps;
        pixels.push_back(to_pixel(colour_at(map, palest + (1.0 - palest) * place)));
    }
    const Box bar{left, top, left + width, top + height};
    canvas.image(bar, steps, 1, pixels);
    canvas.colour(grey_ink, 0.6);
    canvas.outline(bar, 0.6);
    canvas.colour(grey_ink);
    for (int decade = 0; decade <= 2; ++decade) {
        const double amount = scale.greatest * std::pow(10.0, decade - 2);
        const double x = left + width * decade / 2.0;
        canvas.line({{x, bar.bottom}, {x, bar.bottom + 4.0}}, 1.0);
        canvas.text(x, bar.bottom + 12.0, amount_text(amount), {11.0, Anchor::middle});
    }
    canvas.text(bar.right + 24.0, bar.middle_y(), words, {11.0});
}

}  // namespace tutti
