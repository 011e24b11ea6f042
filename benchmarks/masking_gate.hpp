#pragma once

#include <string>
#include <vector>

#include "benchmarks/masking_tracks.hpp"
#include "engine/backend.hpp"

namespace tutti::bench {

/// What backends are held to: who errs more is not timed.
inline constexpr double most_masking_error = 1e-4;

/// A result of the analysis beside the textbook's in double precision.
struct MaskingError {
    std::string name;
    double error = 0.0;  ///< sum of the differences over the sum of the values
};

/// Analyses a tenth of a second of four tracks on the backend and by the textbook.
std::vector<MaskingError> compare_with_textbook(Backend& backend, MaskingTracks& tracks);

}  // namespace tutti::bench
