#pragma once

#include <set>
#include <span>
#include <vector>

#include "host/plan_flow.hpp"

namespace tutti {

/// On which of several devices the values of a plan are made, and which of them each device needs: see
/// split_mix().
class SplitPlaces {
  public:
    SplitPlaces(const PlanFlow& flow, std::span<const int> device_of, int device_count);

    /// Where a value is made; the first device for silence.
    int place(int value) const { return places_[value] > 0 ? places_[value] : 0; }

    bool is_needed(int value, int device) const { return needed_[device].count(value) > 0; }
    const std::set<int>& curves(int device) const { return curves_[device]; }

    /// Whether the first device gets a value that it needs from another.
    bool is_taken(int value) const;

    /// Whether a device makes a value itself.
    bool makes(int value, int device) const {
        return is_needed(value, device) && !(device == 0 && is_taken(value));
    }

    /// The device that adds up a term of a sum that the first device makes; 0 where that does so itself.
    int adder(const PlanFlow::Element& element, const PlanFlow::Term& term) const;

  private:
    int choose_place(const PlanFlow::Value& value, std::span<const int> device_of) const;
    bool can_hear(int curve, int device) const;
    void need(int value, int device);

    const PlanFlow& flow_;
    std::vector<int> places_;            ///< [value]; -1 for silence
    std::vector<std::set<int>> needed_;  ///< [device]
    std::vector<std::set<int>> curves_;  ///< [device]: that it shapes
};

}  // namespace tutti
