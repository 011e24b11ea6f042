#include "host/masking_events.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/masking_model.hpp"
#include "engine/threads.hpp"
#include "host/clash_regions.hpp"
#include "host/half_float.hpp"

namespace tutti {

namespace {

constexpr double greatest_cut_db = 6.0;
constexpr double noticeable_share = 0.07;  ///< of the loudness in the event's bands
constexpr double least_share = 0.01;       ///< of all the target's loudness then
constexpr double threshold_sone = 0.0031;

/// Margins under this are masked: inaudible or heavily.
constexpr float masked_margin_db = 6.0F;
/// A display band belongs to the event's range that is masked at least this much as often as the most masked.
constexpr double range_share = 0.5;

constexpr std::size_t most_named = 3;
constexpr double least_named_share = 0.1;

double section_end_s(const MaskingResults& results, int section) {
    return std::min(results.duration_s, section * results.section_s);
}

/// 6 dB less of everybody who hides it: would anybody notice?
bool is_negligible(const MaskingResults& results, const MaskingView& view, int target,
                   const ClashRegion& region, const ClashSums& sums) {
    const std::size_t count = view.objects.size();
    const int groups = static_cast<int>(view.partial.size() / (count * results.section_count));
    double everywhere = 0.0;
    double there = 0.0;
    for (int s = region.first_section; s < region.end_section; ++s) {
        for (int g = 0; g < groups; ++g) {
            const double here = view.partial[(static_cast<std::size_t>(s) * groups + g) * count + target];
            everywhere += here;
            if (g >= region.first_group && g < region.end_group) there += here;
        }
    }
    const double duration_s =
        section_end_s(results, region.end_section) - section_end_s(results, region.first_section);
    const double gain = greatest_cut_db * sums.benefit;
    return sums.hidden_share() < least_hidden_share || gain <= noticeable_share * there ||
           gain <= least_share * everywhere || gain <= threshold_sone * duration_s;
}

/// How often the target is masked in the hops and display bands of a region, by its margins.
class MaskedHops {
  public:
    MaskedHops(const MaskingResults& results, const MaskingView& view, int target, const ClashRegion& region)
        : bands_(display_grid()) {
        const int band_count = static_cast<int>(bands_.display_bands.size());
        const auto hop_of = [&](int section) {
            const double hop = std::round(section * results.section_s / results.hop_s);
            return static_cast<int>(std::min<double>(hop, results.hop_count));
        };
        first_hop_ = hop_of(region.first_section);
        end_hop_ = hop_of(region.end_section);
        const auto& groups = bands_.band_groups;
        first_band_ = static_cast<int>(std::lower_bound(groups.begin(), groups.end(), region.first_group) -
                                       groups.begin());
        end_band_ = static_cast<int>(std::lower_bound(groups.begin(), groups.end(), region.end_group) -
                                     groups.begin());
        margins_ = view.margin_db.data() + static_cast<std::size_t>(target) * results.hop_count * band_count;
    }

    /// Trims bands at both ends that are masked seldom, then hops at both ends that are not masked at all.
    void trim() {
        std::vector<int> counts(end_band_ - first_band_);
        for (int hop = first_hop_; hop < end_hop_; ++hop) {
            for (int band = first_band_; band < end_band_; ++band)
                counts[band - first_band_] += is_masked(hop, band) ? 1 : 0;
        }
        const int most = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
        if (most == 0) return;
        const auto belongs = [&](int count) { return count >= range_share * most; };
        const auto first = std::find_if(counts.begin(), counts.end(), belongs);
        const auto last = std::find_if(counts.rbegin(), counts.rend(), belongs);
        end_band_ -= static_cast<int>(last - counts.rbegin());
        first_band_ += static_cast<int>(first - counts.begin());
        while (!is_masked_somewhere(first_hop_)) ++first_hop_;
        while (!is_masked_somewhere(end_hop_ - 1)) --end_hop_;
    }

    double low_hz() const { return edge_hz(first_band_, -0.5); }
    double high_hz() const { return edge_hz(end_band_ - 1, 0.5); }
    int first_hop() const { return first_hop_; }
    int end_hop() const { return end_hop_; }

  private:
    bool is_masked(int hop, int band) const {
        const std::size_t row = static_cast<std::size_t>(hop) * bands_.display_bands.size();
        return from_half(margins_[row + band]) < masked_margin_db;  // false for NaN: inactive
    }

    bool is_masked_somewhere(int hop) const {
        for (int band = first_band_; band < end_band_; ++band) {
            if (is_masked(hop, band)) return true;
        }
        return false;
    }

    double edge_hz(int band, double steps) const {
        return cam_to_hz(hz_to_cam(bands_.band_hz[band]) + steps * bands_.band_step_cam);
    }

    MaskingGrid bands_;
    const std::uint16_t* margins_ = nullptr;  ///< [hop][display band] of the target
    int first_band_ = 0;
    int end_band_ = 0;
    int first_hop_ = 0;
    int end_hop_ = 0;
};

ClashEvent event_of(const MaskingResults& results, const MaskingView& view, int target,
                    const ClashRegion& region, const ClashSums& sums) {
    ClashEvent event;
    event.target = target;
    event.first_group = region.first_group;
    event.group_count = region.end_group - region.first_group;
    event.first_section = region.first_section;
    event.section_count = region.end_section - region.first_section;

    MaskedHops hops(results, view, target, region);
    hops.trim();
    event.low_hz = hops.low_hz();
    event.high_hz = hops.high_hz();
    // A hop more or less is not worth a second.
    constexpr double rounding_s = 1e-6;
    event.from_s = std::floor(results.from_s + hops.first_hop() * results.hop_s + rounding_s);
    event.to_s = std::ceil(results.from_s + hops.end_hop() * results.hop_s - rounding_s);

    event.inaudible_share = sums.inaudible / sums.active;
    event.heavy_share = sums.heavy / sums.active;
    event.benefit = sums.benefit;
    event.clash = sums.clash;
    for (std::size_t m = 0; m < sums.blame.size(); ++m) {
        if (sums.blame[m] <= 0.0) continue;
        event.maskers.push_back({static_cast<int>(m), sums.blame[m] / sums.clash, sums.gained[m]});
    }
    std::stable_sort(event.maskers.begin(), event.maskers.end(),
                     [](const auto& a, const auto& b) { return a.share > b.share; });
    if (!event.maskers.empty()) {
        event.inside_group = view.objects[event.maskers.front().object].group == view.objects[target].group;
    }
    return event;
}

std::vector<ClashEvent> events_of(const MaskingResults& results, const MaskingView& view) {
    const int count = static_cast<int>(view.objects.size());
    std::vector<std::vector<ClashEvent>> found(count);
    if (results.section_count == 0) return {};
    parallel_for(count, [&](int target) {
        if (view.objects[target].is_return) return;
        for (const ClashRegion& region : clash_regions(results, view, target)) {
            const ClashSums sums = clash_sums(results, view, target, region);
            if (is_negligible(results, view, target, region, sums)) continue;
            found[target].push_back(event_of(results, view, target, region, sums));
        }
    });
    std::vector<ClashEvent> events;
    for (const auto& of_target : found) events.insert(events.end(), of_target.begin(), of_target.end());
    std::stable_sort(events.begin(), events.end(),
                     [](const ClashEvent& a, const ClashEvent& b) { return a.benefit > b.benefit; });
    return events;
}

}  // namespace

ClashEvents clash_events(const MaskingResults& results) {
    ClashEvents events;
    const std::size_t group_count = results.groups.objects.size();
    if (group_count > 1 && group_count < results.tracks.objects.size())
        events.groups = events_of(results, results.groups);
    events.tracks = events_of(results, results.tracks);
    return events;
}

int named_masker_count(const ClashEvent& event) {
    int count = 0;
    for (const ClashEvent::Masker& masker : event.maskers) {
        if (count >= static_cast<int>(most_named) || (count > 0 && masker.share < least_named_share)) break;
        ++count;
    }
    return count;
}

}  // namespace tutti
