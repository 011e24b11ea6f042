#include "engine/convolver_costs.hpp"

#include "engine/cost_lines.hpp"

namespace tutti {

std::vector<std::byte> to_bytes(const ConvolverCosts& costs) {
    std::vector<double> numbers{costs.product_s, costs.streamed_bin_s};
    for (const ConvolverCosts::Transform& transform : costs.transforms) numbers.push_back(transform.seconds);
    return to_cost_lines(numbers);
}

std::optional<ConvolverCosts> convolver_costs_from(std::span<const std::byte> bytes,
                                                   std::span<const int> sizes) {
    const auto numbers = costs_from_lines(bytes, 2 + sizes.size());
    if (!numbers) return std::nullopt;
    ConvolverCosts costs;
    costs.product_s = (*numbers)[0];
    costs.streamed_bin_s = (*numbers)[1];
    for (std::size_t i = 0; i < sizes.size(); ++i) costs.transforms.push_back({sizes[i], (*numbers)[2 + i]});
    return costs;
}

}  // namespace tutti
