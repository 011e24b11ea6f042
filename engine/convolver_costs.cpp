#include "engine/convolver_costs.hpp"

#include <charconv>
#include <cstdio>
#include <string>

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

std::vector<std::byte> to_bytes(const ConvolverCosts& costs) {
    std::string text;
    const auto add = [&](double number) {
        char line[32];
        std::snprintf(line, sizeof line, "%.9e\n", number);
        text += line;
    };
    add(costs.product_s);
    add(costs.streamed_bin_s);
    for (const ConvolverCosts::Transform& transform : costs.transforms) add(transform.seconds);
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

std::optional<ConvolverCosts> convolver_costs_from(std::span<const std::byte> bytes,
                                                   std::span<const int> sizes) {
    std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    ConvolverCosts costs;
    costs.product_s = take_number(text);
    costs.streamed_bin_s = take_number(text);
    bool good = costs.product_s > 0.0 && costs.streamed_bin_s > 0.0;
    for (const int size : sizes) {
        costs.transforms.push_back({size, take_number(text)});
        good = good && costs.transforms.back().seconds > 0.0;
    }
    if (!good || !text.empty()) return std::nullopt;
    return costs;
}

}  // namespace tutti
