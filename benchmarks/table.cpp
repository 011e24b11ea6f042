#include "benchmarks/table.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>

namespace tutti::bench {

namespace {

/// Characters, not bytes, of UTF-8.
std::size_t width_of(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

std::string table_text(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths(rows.front().size(), 3);
    for (const std::vector<std::string>& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
    }
    std::string text;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const std::string gap(widths[i] - width_of(rows[r][i]), ' ');
            text += i == 0 ? "| " + rows[r][i] + gap : " | " + gap + rows[r][i];
        }
        text += " |\n";
        if (r > 0) continue;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            text +=
                i == 0 ? "|" + std::string(widths[i] + 2, '-') : "|" + std::string(widths[i] + 1, '-') + ":";
        }
        text += "|\n";
    }
    return text;
}

std::string significant(double value, int digits) {
    if (value == 0.0) return "0";
    const auto digits_before_point = [](double v) {
        return static_cast<int>(std::floor(std::log10(std::abs(v)))) + 1;
    };
    const double step = std::pow(10.0, digits_before_point(value) - digits);
    const double rounded = std::round(value / step) * step;
    std::ostringstream text;
    text << std::fixed
         << std::setprecision(std::max(0, digits - digits_before_point(rounded * (1.0 + 1e-12)))) << rounded;
    return text.str();
}

}  // namespace tutti::bench
