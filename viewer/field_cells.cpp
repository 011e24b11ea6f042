#include "viewer/field_cells.hpp"

#include <algorithm>
#include <cmath>

#include "host/half_float.hpp"

namespace tutti::viewer {

namespace {

FieldCell mean_cell(FieldCell a, FieldCell b) {
    const std::uint32_t height = std::max(a >> 16U, b >> 16U);
    const auto is_value = [](FieldCell cell) { return (cell & 0x7fffU) <= 0x7c00U; };
    const auto value_of = [](FieldCell cell) {
        return from_half(static_cast<std::uint16_t>(cell & 0xffffU));
    };
    std::uint32_t half = is_value(a) ? a & 0xffffU : b & 0xffffU;
    if (is_value(a) && is_value(b)) half = to_half(0.5F * (value_of(a) + value_of(b)));
    return half | height << 16U;
}

}  // namespace

FieldCell cell_of(float value) { return std::isnan(value) ? no_value : full_height | to_half(value); }

std::vector<FieldCell> halve_columns(std::span<const FieldCell> cells, int column_count, int row_count) {
    const int half_count = (column_count + 1) / 2;
    std::vector<FieldCell> halved(static_cast<std::size_t>(half_count) * row_count);
    for (int row = 0; row < row_count; ++row) {
        const FieldCell* from = cells.data() + static_cast<std::size_t>(row) * column_count;
        FieldCell* to = halved.data() + static_cast<std::size_t>(row) * half_count;
        for (int i = 0; i < half_count; ++i) {
            const bool is_alone = 2 * i + 1 == column_count;
            to[i] = is_alone ? from[2 * i] : mean_cell(from[2 * i], from[2 * i + 1]);
        }
    }
    return halved;
}

}  // namespace tutti::viewer
