#include "viewer/rows.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <numeric>

namespace tutti::viewer {

namespace {

std::string lower(const std::string& text) {
    std::string made = text;
    for (char& c : made) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return made;
}

double weight_of(const ReportView& view, int object) {
    const ObjectSummary& summary = view.summaries[object];
    const double weight = summary.clash_as_target + summary.clash_as_masker;
    return std::isnan(weight) ? 0.0 : weight;  // of a damaged report: sorting needs an order
}

/// Objects whose name or group holds what is searched for.
std::vector<int> found_objects(const State& state, const ReportView& view) {
    const std::string wanted = lower(state.search);
    std::vector<int> found;
    for (int i = 0; i < static_cast<int>(view.view->objects.size()); ++i) {
        const MaskingObject& object = view.view->objects[i];
        const bool matches = lower(object.name).find(wanted) != std::string::npos ||
                             lower(object.group).find(wanted) != std::string::npos;
        if (matches) found.push_back(i);
    }
    return found;
}

void order_objects(const State& state, const ReportView& view, std::vector<int>& objects) {
    if (state.order == Order::weight) {
        std::stable_sort(objects.begin(), objects.end(),
                         [&](int a, int b) { return weight_of(view, a) > weight_of(view, b); });
    } else if (state.order == Order::group) {
        // Groups in the order in which the session first names them.
        std::map<std::string, int> first;
        for (const int i : objects) first.emplace(view.view->objects[i].group, i);
        std::stable_sort(objects.begin(), objects.end(), [&](int a, int b) {
            return first[view.view->objects[a].group] < first[view.view->objects[b].group];
        });
    }
}

}  // namespace

RowList arrange_rows(const State& state) {
    RowList made;
    if (!state.report) return made;
    const ReportView& view = *state.view();
    std::vector<int> objects = found_objects(state, view);
    order_objects(state, view, objects);
    const bool has_spans = state.order == Order::group && state.subject == Subject::tracks;
    for (const int i : objects) {
        const MaskingObject& object = view.view->objects[i];
        const bool is_new = made.spans.empty() || made.spans.back().group != object.group;
        const bool is_collapsed = has_spans && state.collapsed.contains(object.group);
        if (has_spans && is_new) {
            made.spans.push_back({object.group, static_cast<int>(made.rows.size()), 0, is_collapsed});
        }
        if (is_collapsed && !is_new) {
            made.rows.back().objects.push_back(i);
            continue;
        }
        made.rows.push_back({is_collapsed ? object.group : object.name, object.group, {i}, is_collapsed});
        if (has_spans) ++made.spans.back().count;
    }
    return made;
}

std::vector<double> row_clashes(const ReportView& view, const std::vector<Row>& rows) {
    std::vector<double> sums(rows.size() * rows.size(), 0.0);
    std::size_t at = 0;
    for (const Row& target : rows) {
        for (const Row& masker : rows) {
            for (const int i : target.objects) {
                for (const int j : masker.objects) sums[at] += view.clash_of(i, j);
            }
            ++at;
        }
    }
    return sums;
}

int row_of(const std::vector<Row>& rows, int object) {
    for (int i = 0; i < static_cast<int>(rows.size()); ++i) {
        const std::vector<int>& objects = rows[i].objects;
        if (std::find(objects.begin(), objects.end(), object) != objects.end()) return i;
    }
    return -1;
}

}  // namespace tutti::viewer
