#pragma once

#include <string>
#include <utility>
#include <vector>

#include "host/masking_results.hpp"
#include "host/npy.hpp"

namespace tutti {

/// A file of numbers in a masking report.
struct MaskingArray {
    struct Axis {
        std::string name;
        std::int64_t length = 0;
    };
    std::string file;
    std::string what;  ///< one of its elements, in words
    std::string unit;
    std::vector<Axis> axes;

    NpyShape shape() const;
};

/// The arrays of a view: `prefix` is "" for tracks, "group_" for groups of them; `object` names what they
/// are.
std::vector<MaskingArray> masking_view_arrays(const MaskingResults& results, const MaskingView& view,
                                              const std::string& prefix, const std::string& object);

MaskingArray excitation_array(const MaskingResults& results);

/// Calls visit(array, elements) for every array of the results, always in the same order.
template <typename Results, typename Visit>
void for_each_masking_array(Results& results, const Visit& visit) {
    const auto visit_view = [&](auto& view, const char* prefix, const char* object) {
        const std::vector<MaskingArray> arrays = masking_view_arrays(results, view, prefix, object);
        visit(arrays[0], view.margin_db);
        visit(arrays[1], view.loudness);
        visit(arrays[2], view.clash);
        visit(arrays[3], view.benefit);
        visit(arrays[4], view.self_cost);
        visit(arrays[5], view.partial);
        visit(arrays[6], view.audibility);
    };
    visit_view(results.tracks, "", "track");
    visit_view(results.groups, "group_", "group");
    visit(excitation_array(results), results.excitation);
}

}  // namespace tutti
