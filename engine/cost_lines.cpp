#include "engine/cost_lines.hpp"

#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>

namespace tutti {

namespace {

/// Takes one line's number off the front of `text`; 0, which is no cost, when there is none.
double take_number(std::string_view& text) {
    double number = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end == text.data() + text.size() || *end != '\n') return 0.0;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    return number > 0.0 && number < 60.0 ? number : 0.0;
}

}  // namespace

std::vector<std::byte> to_cost_lines(std::span<const double> costs) {
    std::string text;
    for (const double cost : costs) {
        char line[32];
        std::snprintf(line, sizeof line, "%.9e\n", cost);
        text += line;
    }
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

std::optional<std::vector<double>> costs_from_lines(std::span<const std::byte> bytes, std::size_t count) {
    std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    std::vector<double> costs;
    for (std::size_t i = 0; i < count; ++i) {
        costs.push_back(take_number(text));
        if (costs.back() == 0.0) return std::nullopt;
    }
    if (!text.empty()) return std::nullopt;
    return costs;
}

}  // namespace tutti
