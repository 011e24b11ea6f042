#pragma once

#include <cstdint>

#include "tests/signals.hpp"

namespace tutti::tests {

/// Rows of which each sounds in chunks of its own: some always, some never, some that fall silent for longer
/// or shorter than a kernel reaches, and come back.
Signals rows_with_silences(int row_count, int chunk_frames, int chunk_count, std::uint32_t seed);

/// The same to any ear and to any sum, but never silent: nothing can be left out.
Signals never_silent(const Signals& rows);

/// Where samples differ by more than specks can make of zeros: no bit of any sum may.
bool are_equal(const Signals& expected, const Signals& found);

}  // namespace tutti::tests
