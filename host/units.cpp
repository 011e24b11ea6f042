#include "host/units.hpp"

#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string_view>

#include "engine/errors.hpp"

namespace tutti {

namespace {

/// A plain non-negative decimal number and nothing else.
std::optional<double> parse_number(std::string_view text) {
    double value = 0.0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc() || end != text.data() + text.size() || !(value >= 0.0) || !std::isfinite(value))
        return {};
    return value;
}

}  // namespace

double parse_time_s(const std::string& text, const std::string& what) {
    double seconds = 0.0;
    std::string_view rest(text);
    for (int part = 0; part < 3; ++part) {
        const std::size_t colon = rest.find(':');
        const std::optional<double> value = parse_number(rest.substr(0, colon));
        const bool is_last = colon == std::string_view::npos;
        const bool fits = value && (part == 0 || *value < 60.0) && (is_last || *value == std::floor(*value));
        if (!fits) break;
        seconds = seconds * 60.0 + *value;
        if (is_last) return seconds;
        rest.remove_prefix(colon + 1);
    }
    throw InputError(what + ": '" + text + "' is no time; allowed: seconds (90.5), m:ss (1:30.5) or h:mm:ss");
}

std::uint64_t parse_bytes(const std::string& text, const std::string& what) {
    constexpr std::string_view units = "KMGT";
    std::size_t end = text.size();
    while (end > 0 && std::isdigit(static_cast<unsigned char>(text[end - 1])) == 0) --end;
    std::string unit;
    for (const char c : text.substr(end)) {
        if (c != ' ') unit += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    const std::optional<double> value = parse_number(std::string_view(text).substr(0, end));
    const std::size_t power = unit.empty() || unit == "B" ? 0 : units.find(unit[0]) + 1;
    const bool is_unit = unit.size() <= 1 || unit.substr(1) == "B" || unit.substr(1) == "IB";
    const bool is_known =
        unit.empty() || unit == "B" || (units.find(unit[0]) != std::string_view::npos && is_unit);
    if (!value || !is_known || *value * std::pow(1024.0, power) > 1e18 || *value <= 0.0) {
        throw InputError(what + ": '" + text +
                         "' is no size; allowed: bytes, or a number with KiB, MiB, GiB or TiB");
    }
    return static_cast<std::uint64_t>(*value * std::pow(1024.0, power));
}

std::string bytes_text(std::uint64_t bytes) {
    constexpr const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = static_cast<double>(bytes);
    int unit = 0;
    while (value >= 1024.0 && unit < 4) {
        value /= 1024.0;
        ++unit;
    }
    char text[32];
    std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    return text;
}

}  // namespace tutti
