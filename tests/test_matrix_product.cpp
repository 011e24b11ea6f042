#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "engine/aligned.hpp"
#include "engine/cpu/masking_kernels.hpp"

using namespace tutti;

namespace {

AlignedFloats aligned_noise(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> value(-1.0F, 1.0F);
    AlignedFloats all(count);
    for (float& x : all) x = value(random);
    return all;
}

struct Size {
    int rows, columns, depth, segments;
};

/// A product beside the same sums in double.
void check(const Size& size, bool pairs, bool adds) {
    CAPTURE(size.rows, size.columns, size.depth, size.segments, pairs, adds);
    const auto rows = static_cast<std::size_t>(size.rows);
    const std::size_t steps = static_cast<std::size_t>(size.depth) * size.segments;
    const std::size_t factors = pairs ? 2 : 1;
    const std::size_t gap = 3;  // between segments of a, which nobody reads
    const std::size_t a_segment = size.depth + gap;
    const std::size_t a_row = factors * a_segment * size.segments;
    const AlignedFloats a = aligned_noise(rows * a_row, 1);
    const AlignedFloats b = aligned_noise(steps * size.columns, 2);
    const AlignedFloats before = aligned_noise(rows * size.columns, 3);
    AlignedFloats c = before;

    std::vector<const float*> a_rows;
    std::vector<float*> c_rows;
    for (std::size_t row = 0; row < rows; ++row) {
        a_rows.push_back(a.data() + row * a_row);
        c_rows.push_back(c.data() + row * size.columns);
    }
    cpu::MatrixProduct product;
    product.row_count = size.rows;
    product.a = a_rows.data();
    product.c = c_rows.data();
    product.b = b.data();
    product.column_count = size.columns;
    product.depth = size.depth;
    product.segment_count = size.segments;
    product.a_segment_stride = a_segment;
    product.b_segment_stride = static_cast<std::size_t>(size.depth) * size.columns;
    product.adds = adds;
    const cpu::MatrixProductKernels& kernels = cpu::masking_kernels().product;
    pairs ? kernels.multiply_pairs(product) : kernels.multiply(product);

    for (std::size_t row = 0; row < rows; ++row) {
        for (int column = 0; column < size.columns; ++column) {
            double sum = adds ? before[row * size.columns + column] : 0.0;
            double magnitude = std::abs(sum);
            for (std::size_t step = 0; step < steps; ++step) {
                const std::size_t at = step / size.depth * a_segment + step % size.depth;
                const double x = a[row * a_row + factors * at + (pairs ? column % 2 : 0)];
                const double term = x * b[step * size.columns + column];
                sum += term;
                magnitude += std::abs(term);
            }
            // Any order of summation: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 3.1.
            const double allowed = std::ldexp(1.0, -24) * static_cast<double>(steps + 1) * magnitude;
            REQUIRE(std::abs(c[row * size.columns + column] - sum) <= allowed);
        }
    }
}

}  // namespace

TEST_CASE("a matrix product sums every row and column, however many there are") {
    const int panel = cpu::masking_kernels().product.panel_columns;
    for (int columns = 16; columns <= panel; columns += 16) {
        for (const int rows : {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 29}) {
            for (const bool pairs : {false, true}) check({rows, columns, 7, 1}, pairs, false);
        }
    }
}

TEST_CASE("a matrix product of several segments skips what lies between them") {
    const int panel = cpu::masking_kernels().product.panel_columns;
    for (const bool adds : {false, true}) {
        check({7, panel, 10, 6}, false, adds);
        check({13, 16, 1, 3}, true, adds);
        check({5, panel, 100, 1}, true, adds);
    }
}

TEST_CASE("a matrix product of no rows touches nothing") {
    cpu::MatrixProduct product;
    product.column_count = 16;
    product.depth = 5;
    cpu::masking_kernels().product.multiply(product);
    cpu::masking_kernels().product.multiply_pairs(product);
    SUCCEED("it came back");
}
