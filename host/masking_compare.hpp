#pragma once

#include <string>
#include <vector>

#include "host/masking_results.hpp"
#include "host/masking_suggestions.hpp"

namespace tutti {

/// What a second analysis says about the suggestions of a first.
struct MaskingComparison {
    /// Sone seconds that a suggestion's winners gained in its bands, all suggestions together.
    struct Line {
        int suggestion = 0;  ///< of the first analysis
        double expected = 0.0;
        double measured = 0.0;
    };
    std::vector<Line> lines;
    double expected_total = 0.0;           ///< everybody's partial loudness, after minus before
    double measured_total = 0.0;           ///< of the objects that are in both
    std::vector<std::string> names;        ///< of the objects in both, in the first's order
    std::vector<int> after;                ///< their numbers in the second analysis
    std::vector<double> clash_difference;  ///< [target][masker] of these, after minus before, sone seconds
    std::vector<std::string> left_out;     ///< names that have no counterpart, or one of other strips
};

/// Objects are matched by the strips they are made of. Throws InputError where the two cannot be compared:
/// another stretch of time or another playback level.
MaskingComparison compare_masking(const MaskingResults& before, const Suggestions& suggestions,
                                  const MaskingResults& after);

/// A line per suggestion with expected beside measured, the sums, and the pairs whose clash changed most; at
/// most 110 columns.
std::string comparison_text(const MaskingResults& before, const Suggestions& suggestions,
                            const MaskingComparison& comparison);

}  // namespace tutti
