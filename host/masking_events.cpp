#include "host/masking_events.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "engine/masking_model.hpp"
#include "engine/threads.hpp"
#include "host/clash_extent.hpp"
#include "host/clash_maps.hpp"
#include "host/clash_regions.hpp"
#include "host/hidden_targets.hpp"
#include "host/hop_masking.hpp"
#include "host/partial_loudness_table.hpp"

namespace tutti {

namespace {

/// Shorter is a note, not a situation.
constexpr double least_duration_s = 2.0;
constexpr double threshold_sone = 0.0031;

/// Ranked as if it were this long at least.
constexpr double least_ranked_s = 5.0;
constexpr double intensity_exponent = 0.75;

constexpr float clear_margin_db = 15.0F;
constexpr float hidden_margin_db = 6.0F;

constexpr std::size_t most_named = 3;
constexpr double least_named_share = 0.1;

/// Tells what happens to an event's target in its hops and bands.
class Telling {
  public:
    Telling(const MaskingResults& results, const MaskingView& view, const HopMasking& hops,
            const ClashMaps& maps)
        : results_(results), view_(view), hops_(hops), maps_(maps), grid_(display_grid()) {
        for (const double hz : grid_.band_hz) constants_.push_back(band_constants(hz));
    }

    ClashEvent event(const ClashRegion& region, std::vector<ClashEvent::Target> targets) const {
        ClashEvent event;
        event.target = targets.front().object;
        event.targets = std::move(targets);
        event.won = region.won;
        event.without = region.without;

        const ClashExtent cells = cells_of(region);
        Sums sums(view_.objects.size());
        HopMasking::Hop hop;
        for (int index = cells.first_hop; index < cells.end_hop; ++index) {
            hops_.read(index, hop);
            for (int band = cells.first_band; band < cells.end_band; ++band) {
                double won = 0.0;
                double without = 0.0;
                for (int ear = 0; ear < 2; ++ear) {
                    const HopMasking::Together together = hops_.together(hop, ear, band, region.masker);
                    won += together.without - together.with;
                    without += together.without;
                    add(hop, ear, band, event.target, region.masker, sums);
                }
                sums.won.push_back(won);
                sums.without.push_back(without);
            }
        }
        set_extent(trimmed(cells, sums.won, sums.without), event);
        set_shares(sums, region.masker, event);
        return event;
    }

  private:
    /// Over hops, bands and ears of a region.
    struct Sums {
        explicit Sums(std::size_t object_count) : blame(object_count), gained(object_count) {}

        std::vector<double> won;      ///< [hop][band], of all together
        std::vector<double> without;  ///< [hop][band], what they would have then
        double active = 0.0;          ///< loudness in quiet of the target's active bands, sone seconds
        double inaudible = 0.0;
        double heavy = 0.0;
        double worth = 0.0;
        std::vector<double> blame;   ///< [masker]
        std::vector<double> gained;  ///< [masker]
    };

    ClashExtent cells_of(const ClashRegion& region) const {
        const std::vector<int>& groups = grid_.band_groups;
        const auto band_of = [&](int group) {
            return static_cast<int>(std::lower_bound(groups.begin(), groups.end(), group) - groups.begin());
        };
        return {region.first_moment * maps_.moment_hops(),
                std::min(results_.hop_count, region.end_moment * maps_.moment_hops()),
                band_of(region.first_group), band_of(region.end_group)};
    }

    void add(const HopMasking::Hop& hop, int ear, int band, int target, int masker, Sums& sums) const {
        const float margin = hops_.margin_db(target, hop.index, band);
        const double own = hops_.own(hop, ear, target, band);
        if (std::isnan(margin) || own <= 0.0) return;
        const double quiet = tabulated_partial_loudness(band, own, 0.0) * hops_.cell_size();
        sums.active += quiet;
        if (margin < 0.0F) {
            sums.inaudible += quiet;
        } else if (margin < hidden_margin_db) {
            sums.heavy += quiet;
        }
        const double all = hops_.maskers(hop, ear, target, band);
        if (all <= 0.0) return;
        const double severity =
            std::clamp((clear_margin_db - static_cast<double>(margin)) / clear_margin_db, 0.0, 1.0);
        const double per_db = -std::numbers::ln10 / 10.0 * hops_.cell_size() *
                              partial_loudness_by_masker(own, all, constants_[band]);
        const std::vector<int>& relatives = hops_.relatives()[target];
        for (int other = 0; other < hops_.object_count(); ++other) {
            if (other == target || std::binary_search(relatives.begin(), relatives.end(), other)) continue;
            const double excitation = hops_.own(hop, ear, other, band);
            sums.blame[other] += severity * quiet * excitation / all;
            sums.gained[other] += per_db * excitation;
        }
        const double rest = std::max(0.0, all - hops_.own(hop, ear, masker, band));
        sums.worth +=
            (tabulated_partial_loudness(band, own, rest) - tabulated_partial_loudness(band, own, all)) *
            hops_.cell_size();
    }

    void set_extent(const ClashExtent& extent, ClashEvent& event) const {
        const auto edge_hz = [&](int band, double steps) {
            return cam_to_hz(hz_to_cam(grid_.band_hz[band]) + steps * grid_.band_step_cam);
        };
        event.first_group = grid_.band_groups[extent.first_band];
        event.group_count = grid_.band_groups[extent.end_band - 1] + 1 - event.first_group;
        event.low_hz = edge_hz(extent.first_band, -0.5);
        event.high_hz = edge_hz(extent.end_band - 1, 0.5);
        // A hop more or less is not worth a second.
        constexpr double rounding_s = 1e-6;
        event.from_s = std::floor(results_.from_s + extent.first_hop * results_.hop_s + rounding_s);
        event.to_s = std::ceil(results_.from_s + extent.end_hop * results_.hop_s - rounding_s);
    }

    void set_shares(const Sums& sums, int masker, ClashEvent& event) const {
        event.inaudible_share = sums.active > 0.0 ? sums.inaudible / sums.active : 0.0;
        event.heavy_share = sums.active > 0.0 ? sums.heavy / sums.active : 0.0;
        event.worth = sums.worth;
        event.clash = std::accumulate(sums.blame.begin(), sums.blame.end(), 0.0);
        event.benefit = std::accumulate(sums.gained.begin(), sums.gained.end(), 0.0);
        for (int other = 0; other < hops_.object_count(); ++other) {
            if (sums.blame[other] <= 0.0) continue;
            event.maskers.push_back({other, sums.blame[other] / event.clash, sums.gained[other]});
        }
        // The event's own masker leads: of what carries the target he hides most, of the rest another may.
        std::stable_sort(event.maskers.begin(), event.maskers.end(), [&](const auto& a, const auto& b) {
            if ((a.object == masker) != (b.object == masker)) return a.object == masker;
            return a.share > b.share;
        });
        event.inside_group = view_.objects[masker].group == view_.objects[event.target].group;
    }

    const MaskingResults& results_;
    const MaskingView& view_;
    const HopMasking& hops_;
    const ClashMaps& maps_;
    MaskingGrid grid_;
    std::vector<BandConstants> constants_;
};

std::vector<ClashEvent> events_of(const MaskingResults& results, const MaskingView& view) {
    if (results.hop_count == 0) return {};
    const HopMasking hops(results, view);
    const ClashMaps maps(results, view, hops);
    const int count = static_cast<int>(view.objects.size());
    std::vector<std::vector<ClashRegion>> found(count);
    parallel_for(count, [&](int masker) { found[masker] = clash_regions(maps, masker); });

    const double moment_s = maps.moment_hops() * results.hop_s;
    const double least_s = std::min(least_duration_s, results.duration_s);
    std::vector<ClashRegion> regions;
    for (const std::vector<ClashRegion>& of_masker : found) {
        for (const ClashRegion& region : of_masker) {
            const double duration_s = region.moment_count() * moment_s;
            if (duration_s >= least_s && region.won > threshold_sone * duration_s) regions.push_back(region);
        }
    }
    const auto urgency = [&](const ClashRegion& region) {
        return clash_urgency(region.won, region.part, region.moment_count() * moment_s, region.width);
    };
    std::stable_sort(regions.begin(), regions.end(),
                     [&](const ClashRegion& a, const ClashRegion& b) { return urgency(a) > urgency(b); });

    HiddenTargets hidden(maps, count);
    std::vector<std::pair<ClashRegion, std::vector<ClashEvent::Target>>> told;
    for (const ClashRegion& region : regions) {
        std::vector<ClashEvent::Target> targets = hidden.take(region);
        if (!targets.empty()) told.emplace_back(region, std::move(targets));
    }
    std::vector<ClashEvent> events(told.size());
    const Telling telling(results, view, hops, maps);
    parallel_for(static_cast<int>(told.size()),
                 [&](int i) { events[i] = telling.event(told[i].first, std::move(told[i].second)); });
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

double clash_urgency(double won, double part, double duration_s, double width) {
    if (won <= 0.0) return 0.0;
    const double intensity = won / (std::max(duration_s, least_ranked_s) * width);
    return std::pow(intensity, intensity_exponent) * part * part * part;
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
