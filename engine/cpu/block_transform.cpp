#include "engine/cpu/block_transform.hpp"

#include <bit>
#include <cmath>
#include <numbers>

#include "engine/cpu/level.hpp"
#include "engine/errors.hpp"

namespace tutti::cpu {

namespace {

constexpr int smallest_frame_count = 2 * lane_count * lane_count;

/// exp(2 pi i turns).
Twiddle turn_by(double turns) {
    const double angle = 2.0 * std::numbers::pi * turns;
    return {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
}

/// Rows that stay in the first-level cache with their lanes, or about as long as columns where columns would
/// no longer stay in the second.
int row_size_for(int bin_count) {
    const int power = std::countr_zero(static_cast<unsigned>(bin_count));
    const int half = 1 << std::min((power + 1) / 2, power - 4);
    return std::min(half, bin_count <= (1 << 16) ? 256 : bin_count <= (1 << 20) ? 512 : 1 << 12);
}

/// 3, then as many 8 as go, then 4 and 2.
std::vector<int> radices_of(int size) {
    std::vector<int> radices;
    if (size % 3 == 0) radices.push_back(3);
    const int power = std::countr_zero(static_cast<unsigned>(size));
    const int eights = power % 3 == 1 && power > 3 ? power / 3 - 1 : power / 3;
    radices.insert(radices.end(), eights, 8);
    switch (power - 3 * eights) {
        case 1:
            radices.push_back(2);
            break;
        case 2:
            radices.push_back(4);
            break;
        case 4:
            radices.insert(radices.end(), 2, 4);
            break;
        default:
            break;
    }
    return radices;
}

}  // namespace

const BlockTransformKernels& block_transform_kernels() {
#ifdef TUTTI_X86_64_LEVELS
    if (processor_level() == Level::v4) return block_transform_kernels_v4;
    if (processor_level() == Level::v3) return block_transform_kernels_v3;
#endif
    return block_transform_kernels_baseline;
}

BlockTransform::LaneFft::LaneFft(int size) : bin_at(static_cast<std::size_t>(size)) {
    tables.size = size;
    int group = size;
    for (const int radix : radices_of(size)) {
        std::vector<Twiddle>& w = twiddles.emplace_back();
        for (int j = 0; j < group / radix; ++j) {
            for (int r = 1; r < radix; ++r) w.push_back(turn_by(-static_cast<double>(j) * r / group));
        }
        TUTTI_CHECK(tables.pass_count < LaneFftTables::pass_limit);
        tables.radix[tables.pass_count] = radix;
        tables.twiddles[tables.pass_count++] = w.data();
        group /= radix;
    }
    // Position d0 size / r0 + d1 size / (r0 r1) + ... holds bin d0 + r0 d1 + r0 r1 d2 + ...
    for (int position = 0; position < size; ++position) {
        int rest = position;
        int span = size;
        int weight = 1;
        for (int pass = 0; pass < tables.pass_count; ++pass) {
            span /= tables.radix[pass];
            bin_at[position] += rest / span * weight;
            rest %= span;
            weight *= tables.radix[pass];
        }
    }
}

bool BlockTransform::is_size(int frame_count) {
    if (frame_count < smallest_frame_count || frame_count % smallest_frame_count != 0) return false;
    const int odd = frame_count >> std::countr_zero(static_cast<unsigned>(frame_count));
    return odd == 1 || odd == 3;
}

BlockTransform::BlockTransform(int frame_count)
    : kernels_(block_transform_kernels()),
      column_(frame_count / 2 / row_size_for(frame_count / 2)),
      row_(row_size_for(frame_count / 2)) {
    TUTTI_CHECK(is_size(frame_count));
    const int column_size = column_.tables.size;
    const int row_size = row_.tables.size;
    const double bins = static_cast<double>(column_size) * row_size;
    // exp(i pi n / (2 M)) at n = a row_size + b, split in a factor of a and one of b; the latter turns along
    // with the twiddle exp(-2 pi i b k / M).
    const auto phase = [&](int position, int column) {
        return turn_by(-column * (column_.bin_at[position] - 0.25) / bins);
    };
    for (int n = 0; n < column_size; ++n) twist_.push_back(turn_by(n / (4.0 * column_size)));
    column_phase_.resize(static_cast<std::size_t>(column_size));
    for (int position = 0; position < column_size; ++position) {
        for (int lane = 0; lane < lane_count; ++lane) {
            const Twiddle w = phase(position, lane);
            column_phase_[position].re[lane] = w.re;
            column_phase_[position].im[lane] = w.im;
        }
    }
    for (int group = 0; group < row_size / lane_count; ++group) {
        for (int position = 0; position < column_size; ++position) {
            group_phase_.push_back(phase(position, group * lane_count));
        }
    }
    tables_ = {column_size,          row_size,           column_.tables, row_.tables, twist_.data(),
               column_phase_.data(), group_phase_.data()};
}

std::vector<std::uint32_t> BlockTransform::bin_places() const {
    std::vector<std::uint32_t> places(static_cast<std::size_t>(frame_count()) / 2);
    for (int position = 0; position < tables_.column_size; ++position) {
        for (int index = 0; index < tables_.row_size; ++index) {
            const int bin = column_.bin_at[position] + tables_.column_size * row_.bin_at[index];
            const int row = position / lane_count;
            places[bin] = static_cast<std::uint32_t>((row * tables_.row_size + index) * lane_count +
                                                     position % lane_count);
        }
    }
    return places;
}

}  // namespace tutti::cpu
