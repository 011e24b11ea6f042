#include "host/split_places.hpp"

#include <algorithm>

namespace tutti {

namespace {

/// What depends on more tracks is not made a second time for who listens to it.
constexpr std::size_t most_copied_tracks = 2;

}  // namespace

SplitPlaces::SplitPlaces(const PlanFlow& flow, std::span<const int> device_of, int device_count)
    : flow_(flow), needed_(device_count), curves_(device_count) {
    for (const PlanFlow::Value& value : flow.values) places_.push_back(choose_place(value, device_of));
    for (const int value : flow.outputs) need(value, place(value));
    for (const int value : flow.heard) need(value, 0);
}

bool SplitPlaces::is_taken(int value) const { return places_[value] > 0 && flow_.values[value].element >= 0; }

int SplitPlaces::adder(const PlanFlow::Element& element, const PlanFlow::Term& term) const {
    return element.is_mix && place(element.value) == 0 && term.curve < 0 ? place(term.value) : 0;
}

/// Where all terms are made, unless they are made apart or listen to what is far.
int SplitPlaces::choose_place(const PlanFlow::Value& value, std::span<const int> device_of) const {
    if (value.source >= 0) return device_of[value.source];
    if (value.element < 0) return -1;
    int place = -1;
    for (const PlanFlow::Term& term : flow_.elements[value.element].terms) {
        const int other = places_[term.value];
        if (place >= 0 && other >= 0 && other != place) return 0;
        place = std::max(place, other);
    }
    for (const PlanFlow::Term& term : flow_.elements[value.element].terms) {
        if (term.curve >= 0 && !can_hear(term.curve, place)) return 0;
    }
    return place;
}

bool SplitPlaces::can_hear(int curve, int device) const {
    const std::vector<int>& levels = flow_.curves[curve].levels;
    return std::all_of(levels.begin(), levels.end(), [&](int level) {
        const int value = flow_.levels[level].value;
        return places_[value] == device || flow_.values[value].sources.size() <= most_copied_tracks;
    });
}

void SplitPlaces::need(int number, int device) {
    if (!needed_[device].insert(number).second) return;
    const PlanFlow::Value& value = flow_.values[number];
    if (value.element < 0) return;
    if (device == 0 && is_taken(number)) {
        need(number, place(number));
        return;
    }
    const PlanFlow::Element& element = flow_.elements[value.element];
    for (const PlanFlow::Term& term : element.terms) {
        const int other = device == 0 ? adder(element, term) : 0;
        need(term.value, other > 0 ? other : device);
        if (term.curve < 0 || !curves_[device].insert(term.curve).second) continue;
        for (const int level : flow_.curves[term.curve].levels) need(flow_.levels[level].value, device);
    }
}

}  // namespace tutti
