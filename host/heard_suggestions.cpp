#include "host/heard_suggestions.hpp"

#include <algorithm>

#include "host/masking_apply.hpp"
#include "host/masking_compare.hpp"
#include "host/routing.hpp"
#include "host/session_edit.hpp"

namespace tutti {

namespace {

bool is_dynamics(const Insert& insert) {
    return !insert.bypass && (std::holds_alternative<CompressorInsert>(insert.processor) ||
                              std::holds_alternative<LimiterInsert>(insert.processor) ||
                              std::holds_alternative<GateInsert>(insert.processor));
}

/// Those that are in `names`, and those that they feed.
std::vector<bool> reached_from(const Routing& routing, const std::vector<std::string>& names) {
    std::vector<bool> reached(routing.strip_count());
    std::vector<int> order;
    for (int i = 0; i < routing.strip_count(); ++i) order.push_back(i);
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return routing.depth(a) < routing.depth(b); });
    for (const int i : order) {
        const std::vector<int>& feeders = routing.feeders(i);
        reached[i] = std::find(names.begin(), names.end(), routing.strip(i).name) != names.end() ||
                     std::any_of(feeders.begin(), feeders.end(), [&](int feeder) { return reached[feeder]; });
    }
    return reached;
}

}  // namespace

bool moves_dynamics(const Session& session, const Suggestions& suggestions) {
    std::vector<std::string> changed;
    for (const Suggestion& suggestion : suggestions.list)
        changed.insert(changed.end(), suggestion.strips.begin(), suggestion.strips.end());
    const Routing routing(session);
    const std::vector<bool> reached = reached_from(routing, changed);
    for (int i = 0; i < routing.master(); ++i) {
        const Strip& strip = routing.strip(i);
        const std::vector<int>& feeders = routing.feeders(i);
        const bool is_fed =
            std::any_of(feeders.begin(), feeders.end(), [&](int feeder) { return reached[feeder]; });
        for (const Insert& insert : strip.inserts) {
            if (!is_dynamics(insert)) continue;
            const std::string key = sidechain_of(insert);
            // A change lies behind the strip's own inserts.
            if (key.empty() ? is_fed : reached[routing.index_of(key)]) return true;
        }
    }
    return false;
}

Suggestions hear_suggestions(const MaskingResults& before, const OpenedSession& opened,
                             Suggestions suggestions, const HearAgain& hear) {
    if (suggestions.list.empty() || !moves_dynamics(opened.session, suggestions)) return suggestions;
    OpenedSession changed = opened;
    changed.session = edited_session(opened.session, suggestion_edits(before, opened.session, suggestions));
    const MaskingComparison found = compare_masking(before, suggestions, hear(changed));
    suggestions.total_change = found.measured_total;
    for (const MaskingComparison::Line& line : found.lines)
        suggestions.list[line.suggestion].expected = line.measured;
    return suggestions;
}

}  // namespace tutti
