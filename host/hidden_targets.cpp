#include "host/hidden_targets.hpp"

#include <algorithm>

namespace tutti {

namespace {

/// Of the loudness of what carries a target, in all bands: so much is hidden, by all together, and so much
/// of it by this one there. In sessions of two to four real stems with little in common a bass under a flute,
/// a kick under a hi-hat lose less than the first; noise over the main band of a stem among 128 takes more
/// than the second.
constexpr double least_hidden = 2.0 / 3.0;
constexpr double least_part = 0.1;
/// All that this one hides, in whole targets, those too that lose less than a tenth.
constexpr double least_parts = 0.2;

}  // namespace

HiddenTargets::HiddenTargets(const ClashMaps& maps, int object_count)
    : maps_(maps),
      object_count_(object_count),
      clash_(static_cast<std::size_t>(object_count) * static_cast<std::size_t>(object_count)) {
    for (const auto& hidings : maps.hidings()) told_.emplace_back(hidings.size(), 0);
    for (int object = 0; object < object_count; ++object) {
        double carried = 0.0;
        int moments = 0;
        for (int moment = 0; moment < maps.moment_count(); ++moment) {
            carried += maps.carried(object, moment);
            if (maps.carried(object, moment) > 0.0) ++moments;
        }
        usual_.push_back(moments > 0 ? carried / moments : 0.0);
    }
}

void HiddenTargets::add_up(const ClashRegion& region) {
    std::fill(clash_.begin(), clash_.end(), 0.0F);
    for (int moment = region.first_moment; moment < region.end_moment; ++moment) {
        const std::vector<ClashMaps::Hiding>& hidings = maps_.hidings()[moment];
        for (std::size_t i = 0; i < hidings.size(); ++i) {
            const ClashMaps::Hiding& hiding = hidings[i];
            if (told_[moment][i] || hiding.group < region.first_group || hiding.group >= region.end_group)
                continue;
            clash_[static_cast<std::size_t>(hiding.target) * object_count_ + hiding.masker] += hiding.clash;
        }
    }
}

std::vector<ClashEvent::Target> HiddenTargets::take(const ClashRegion& region) {
    add_up(region);
    std::vector<ClashEvent::Target> targets;
    double parts = 0.0;
    for (int target = 0; target < object_count_; ++target) {
        const auto row = clash_.begin() + static_cast<std::ptrdiff_t>(target) * object_count_;
        const double clash = row[region.masker];
        if (clash <= 0.0 || clash < *std::max_element(row, row + object_count_)) continue;
        double carried = 0.0;
        double hidden = 0.0;
        for (int moment = region.first_moment; moment < region.end_moment; ++moment) {
            carried += maps_.carried(target, moment);
            hidden += maps_.hidden(target, moment);
        }
        if (hidden < least_hidden * carried) continue;
        const double whole = std::max(carried, usual_[target] * region.moment_count());
        parts += clash / whole;
        if (clash < least_part * whole) continue;
        targets.push_back({target, clash / carried, clash});
    }
    if (targets.empty() || parts < least_parts) return {};
    std::stable_sort(targets.begin(), targets.end(),
                     [](const auto& a, const auto& b) { return a.clash > b.clash; });
    std::vector<char> is_target(object_count_);
    for (const ClashEvent::Target& target : targets) is_target[target.object] = 1;
    for (int moment = region.first_moment; moment < region.end_moment; ++moment) {
        const std::vector<ClashMaps::Hiding>& hidings = maps_.hidings()[moment];
        for (std::size_t i = 0; i < hidings.size(); ++i) {
            const ClashMaps::Hiding& hiding = hidings[i];
            const bool is_inside = hiding.group >= region.first_group && hiding.group < region.end_group;
            if (is_inside && is_target[hiding.target]) told_[moment][i] = 1;
        }
    }
    return targets;
}

}  // namespace tutti
