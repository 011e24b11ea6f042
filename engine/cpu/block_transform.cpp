#include "engine/cpu/block_transform.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "engine/cpu/level.hpp"
#include "engine/errors.hpp"

namespace tutti::cpu {

namespace {

constexpr int smallest_frame_count = 2 * lane_count * lane_count;
constexpr int smallest_fine_frame_count = 1 << 16;

/// What is left when all factors of two are out.
int odd_part(int size) { return size >> std::countr_zero(static_cast<unsigned>(size)); }

/// From where on spectra are fetched ahead, and from where on they are written past the caches: with both
/// cores on one block, one took, in nanoseconds per frame (EPYC, Zen 5), in the caches and past them: 2^21
/// frames 1.15 and 1.33, 3 * 2^20 1.31 and 1.41, 2^22 1.54 and 1.48.
constexpr int fetched_frame_count = 1 << 18;
constexpr int far_frame_count = 1 << 22;

/// From where on several groups of columns are taken at once, and frames written past the caches, one line
/// alone being no good for that. With one group and with four, rows in memory: 2^18 frames 0.96 and 0.93,
/// 2^19 1.15 and 0.95, 3 * 2^18 1.23 and 0.98, 2^20 1.36 and 1.00; rows in a cache: 2^18 0.92 and 1.08,
/// 2^19 1.39 and 1.14.
constexpr int wide_frame_count = 1 << 18;
constexpr int near_wide_frame_count = 1 << 19;
constexpr int groups_at_once = 4;

/// exp(2 pi i turns).
Twiddle turn_by(double turns) {
    const double angle = 2.0 * std::numbers::pi * turns;
    return {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
}

/// Rows about as long as columns where both are short; then such that rows are in the second-level cache with
/// much room to spare, and columns, of which there are never many at a time, still are. Columns that begin
/// with a 4 and a 5 are to have sixteen positions left.
int row_size_for(int bin_count) {
    const int power = std::countr_zero(static_cast<unsigned>(bin_count));
    const int odd = odd_part(bin_count);
    const int width = std::bit_width(static_cast<unsigned>(bin_count)) - (odd == 3 || odd == 5 ? 1 : 0);
    const int half = 1 << std::min(width / 2, power - 4);
    return std::min(half, bin_count <= (1 << 16) ? 256 : bin_count <= (1 << 19) ? 512 : 1024);
}

/// Rows that one pass of 4 leaves in pieces too long, where two would have to go through all of it.
constexpr int long_row = 512;

/// Pieces of rows: with a kernel's and a past block's they still have room in the first-level cache.
constexpr int piece_limit = near_bins;

/// As many 8 as go, after a 2, a 4 or two. Long columns begin with a 3 or a 4: in that pass they fetch or put
/// frames, from and to twice as many places at once, and with an 8 blocks took a tenth to a quarter longer.
/// Long rows begin with an 8, and are in pieces then that fit into the first-level cache.
std::vector<int> radices_of(int size, bool is_column) {
    std::vector<int> radices;
    int power = std::countr_zero(static_cast<unsigned>(size));
    if (size % 3 == 0) {
        radices.push_back(3);
    } else if (is_column && size > short_column) {
        radices.push_back(4);
        power -= 2;
    }
    if (size % 5 == 0) radices.push_back(5);
    if (power == 1) {
        radices.push_back(2);
    } else if (power % 3 != 0) {
        const int fours = power % 3 == 1 ? 2 : 1;
        radices.insert(radices.end(), fours, 4);
        power -= 2 * fours;
    }
    radices.insert(radices.end(), power / 3, 8);
    if (!is_column && size > long_row) std::reverse(radices.begin(), radices.end());
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

BlockTransform::LaneFft::LaneFft(int size, bool is_column) : bin_at(static_cast<std::size_t>(size)) {
    tables.size = size;
    int group = size;
    for (const int radix : radices_of(size, is_column)) {
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
    const int odd = odd_part(frame_count);
    return odd == 1 || odd == 3 || ((odd == 5 || odd == 15) && frame_count >= smallest_fine_frame_count);
}

BlockTransform::BlockTransform(int frame_count, bool rows_stay_near)
    : kernels_(block_transform_kernels()),
      column_(frame_count / 2 / row_size_for(frame_count / 2), true),
      row_(row_size_for(frame_count / 2), false) {
    TUTTI_CHECK(is_size(frame_count));
    const int column_size = column_.tables.size;
    const int row_size = row_.tables.size;
    const double bins = static_cast<double>(column_size) * row_size;
    // exp(i pi n / (2 M)) at n = a row_size + b, split in a factor of a and one of b; the latter turns along
    // with the twiddle exp(-2 pi i b k / M). Positions of sixteen hold the bins of the first sixteen, all
    // further on by the same number, so that its table need not have all of them.
    for (int n = 0; n < column_size; ++n) twist_.push_back(turn_by(n / (4.0 * column_size)));
    lane_turns_.resize(static_cast<std::size_t>(row_size));
    for (int column = 0; column < row_size; ++column) {
        for (int lane = 0; lane < lane_count; ++lane) {
            const Twiddle w = turn_by(-static_cast<double>(column) * column_.bin_at[lane] / bins);
            lane_turns_[column].re[lane] = w.re;
            lane_turns_[column].im[lane] = w.im;
        }
    }
    for (int position = 0; position < column_size; position += lane_count) {
        for (int column = 0; column < row_size; ++column) {
            row_turns_.push_back(turn_by(-column * (column_.bin_at[position] - 0.25) / bins));
        }
    }
    const bool is_wide = frame_count >= (rows_stay_near ? near_wide_frame_count : wide_frame_count);
    tables_ = {column_size,
               row_size,
               column_.tables,
               row_.tables,
               twist_.data(),
               lane_turns_.data(),
               row_turns_.data(),
               is_wide ? groups_at_once : 1,
               0,
               row_size,
               frame_count >= fetched_frame_count,
               frame_count >= far_frame_count,
               is_wide && !rows_stay_near};
    while (tables_.piece_size > piece_limit) {
        tables_.piece_size /= row_.tables.radix[tables_.row_passes++];
    }
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
