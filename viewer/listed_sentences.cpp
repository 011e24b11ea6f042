#include "viewer/listed_sentences.hpp"

namespace tutti::viewer {

namespace {

bool names(const ClashEvent& event, int object) {
    for (int i = 0; i < named_masker_count(event); ++i) {
        if (event.maskers[i].object == object) return true;
    }
    return false;
}

bool is_listed(const State& state, const RowList& rows, const ClashEvent& event) {
    const bool is_of_target = state.listing == Listing::target || state.listing == Listing::pair;
    if (is_of_target && event.target != state.target) return false;
    if (state.listing == Listing::pair && !names(event, state.masker)) return false;
    if (!state.filter.keeps(event)) return false;
    if (state.search.empty()) return true;
    const int masker = event.maskers.empty() ? -1 : event.maskers.front().object;
    return row_of(rows.rows, event.target) >= 0 || row_of(rows.rows, masker) >= 0;
}

}  // namespace

std::vector<int> listed_sentences(const State& state, const RowList& rows) {
    const std::vector<ClashEvent>& events = state.view()->events;
    std::vector<int> listed;
    for (int i = 0; i < static_cast<int>(events.size()); ++i) {
        if (is_listed(state, rows, events[i])) listed.push_back(i);
    }
    return listed;
}

}  // namespace tutti::viewer
