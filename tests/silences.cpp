#include "tests/silences.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/backend.hpp"

namespace tutti::tests {

Signals rows_with_silences(int row_count, int chunk_frames, int chunk_count, std::uint32_t seed) {
    Signals rows = noise_rows(row_count, chunk_frames * chunk_count, seed);
    for (int row = 0; row < row_count; ++row) {
        for (int chunk = 0; chunk < chunk_count; ++chunk) {
            const int sounding = row % 4 == 0   ? 1
                                 : row % 4 == 1 ? 0
                                 : row % 4 == 2 ? static_cast<int>((chunk + row) % 7 < 2)
                                                : static_cast<int>((chunk + row) % 3 == 0);
            if (sounding != 0) continue;
            const auto first = rows[row].begin() + chunk * chunk_frames;
            std::fill(first, first + chunk_frames, 0.0F);
        }
    }
    return rows;
}

Signals never_silent(const Signals& rows) {
    constexpr float speck = 1e-42F;
    Signals others = rows;
    for (Signal& row : others) {
        for (std::size_t i = 0; i < row.size(); i += control_hop) {
            if (row[i] == 0.0F) row[i] = speck;
        }
    }
    return others;
}

bool are_equal(const Signals& expected, const Signals& found) {
    if (expected.size() != found.size()) return false;
    for (std::size_t row = 0; row < expected.size(); ++row) {
        if (expected[row].size() != found[row].size()) return false;
        for (std::size_t i = 0; i < expected[row].size(); ++i) {
            if (!(std::abs(expected[row][i] - found[row][i]) < 1e-35F)) {
                UNSCOPED_INFO("row " << row << ", frame " << i << ": " << expected[row][i] << " and "
                                     << found[row][i]);
                return false;
            }
        }
    }
    return true;
}

}  // namespace tutti::tests
