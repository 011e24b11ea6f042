// The loops of MatrixProduct; see lane_vector.hpp for how they are compiled.
#include "engine/cpu/lane_vector.hpp"
#include "engine/cpu/matrix_product.hpp"

namespace tutti::cpu::TUTTI_LEVEL {

namespace {

inline constexpr int panel_vectors = 4;
inline constexpr int panel_columns = width == 16 ? 64 : 16;

/// Rows that fit into the registers beside `vectors` of b.
constexpr int tile_rows(int vectors) {
    if (width == 16) return vectors == 4 ? 6 : vectors == 3 ? 8 : 12;
    return width == 8 ? 6 : 3;
}

template <bool pairs>
TUTTI_INLINE Vector factor(const float* a, std::size_t k) {
    if constexpr (pairs) {
        std::int64_t pair;
        __builtin_memcpy(&pair, a + 2 * k, sizeof(pair));
        return __builtin_bit_cast(Vector, pair - Pairs{});
    } else {
        return splat(a[k]);
    }
}

template <bool pairs, int rows, int vectors>
TUTTI_INLINE void multiply_tile(const MatrixProduct& product, int first_row) {
    Vector sum[rows][vectors] = {};
    const float* a[rows];
    TUTTI_UNROLL
    for (int r = 0; r < rows; ++r) a[r] = product.a[first_row + r];
    if (product.adds) {
        TUTTI_UNROLL
        for (int r = 0; r < rows; ++r) {
            TUTTI_UNROLL
            for (int v = 0; v < vectors; ++v) sum[r][v] = load(product.c[first_row + r] + v * width);
        }
    }
    for (int segment = 0; segment < product.segment_count; ++segment) {
        const float* b = product.b + segment * product.b_segment_stride;
        const std::size_t first = segment * product.a_segment_stride;
        for (std::size_t k = first; k < first + product.depth; ++k) {
            Vector columns[vectors];
            TUTTI_UNROLL
            for (int v = 0; v < vectors; ++v) columns[v] = load(b + v * width);
            TUTTI_UNROLL
            for (int r = 0; r < rows; ++r) {
                const Vector x = factor<pairs>(a[r], k);
                TUTTI_UNROLL
                for (int v = 0; v < vectors; ++v) sum[r][v] += x * columns[v];
            }
            b += vectors * width;
        }
    }
    TUTTI_UNROLL
    for (int r = 0; r < rows; ++r) {
        TUTTI_UNROLL
        for (int v = 0; v < vectors; ++v) store(product.c[first_row + r] + v * width, sum[r][v]);
    }
}

template <bool pairs, int vectors>
inline void multiply_rows(const MatrixProduct& product) {
    constexpr int rows = tile_rows(vectors);
    int row = 0;
    for (; row + rows <= product.row_count; row += rows) multiply_tile<pairs, rows, vectors>(product, row);
    if constexpr (rows > 4) {
        for (; row + 4 <= product.row_count; row += 4) multiply_tile<pairs, 4, vectors>(product, row);
    }
    for (; row < product.row_count; ++row) multiply_tile<pairs, 1, vectors>(product, row);
}

template <bool pairs>
inline void multiply_panel(const MatrixProduct& product) {
    if constexpr (width < 16) {
        multiply_rows<pairs, panel_columns / width>(product);
    } else {
        switch (product.column_count / width) {
            case 1:
                return multiply_rows<pairs, 1>(product);
            case 2:
                return multiply_rows<pairs, 2>(product);
            case 3:
                return multiply_rows<pairs, 3>(product);
            default:
                return multiply_rows<pairs, 4>(product);
        }
    }
}

inline constexpr MatrixProductKernels matrix_product{panel_columns, multiply_panel<false>,
                                                     multiply_panel<true>};

}  // namespace

}  // namespace tutti::cpu::TUTTI_LEVEL
