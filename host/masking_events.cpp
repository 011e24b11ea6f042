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

constexpr double noticeable_share = 0.07;  ///< of the loudness in the event's bands
constexpr double least_share = 0.01;       ///< of all the target's loudness then
constexpr double threshold_sone = 0.0031;

/// What is shorter is ranked as if it were this long.
constexpr double least_duration_s = 5.0;

/// Margins under this are masked: inaudible or heavily.
constexpr float masked_margin_db = 6.0F;
/// A display band belongs to the event's range that has at least this part of what the greatest has.
constexpr double range_share = 0.25;
/// Both ends of the time are left out that hold no more than this of it, and per hop no more than this part
/// of the mean.
constexpr double tail_share = 0.05;
constexpr double tail_density = 0.25;

constexpr std::size_t most_named = 3;
constexpr double least_named_share = 0.1;

double section_end_s(const MaskingResults& results, int section) {
    return std::min(results.duration_s, section * results.section_s);
}

/// 6 dB less of everybody who hides it, or the absence of the one who hides it most: would anybody notice?
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
    if (sums.hidden_share() < least_hidden_share) return true;
    const double threshold = threshold_sone * duration_s;
    if (sums.worth > std::max(noticeable_share * everywhere, threshold)) return false;
    const double gain = greatest_cut_db * sums.benefit;
    return gain <= noticeable_share * there || gain <= least_share * everywhere || gain <= threshold;
}

/// Where in a region most of it happens: the display bands and hops in which the target would win most of
/// what the leading masker takes; where that is not known, in which it is masked.
class Extent {
  public:
    Extent(const MaskingResults& results, const MaskingView& view, const CutGains& gains, int target,
           const ClashRegion& region, int masker)
        : bands_(display_grid()), cells_(cells_of(results, region)) {
        const std::size_t band_count = bands_.band_hz.size();
        weights_ = gains.won(target, masker, cells_);
        if (std::accumulate(weights_.begin(), weights_.end(), 0.0) <= 0.0) {
            const std::size_t row = static_cast<std::size_t>(target) * results.hop_count;
            for (int hop = cells_.first_hop; hop < cells_.end_hop; ++hop) {
                for (int band = cells_.first_band; band < cells_.end_band; ++band) {
                    const float margin = from_half(view.margin_db[(row + hop) * band_count + band]);
                    at(hop, band) = margin < masked_margin_db ? 1.0F : 0.0F;  // inactive: not a number
                }
            }
        }
        trim();
    }

    double low_hz() const { return edge_hz(first_band_, -0.5); }
    double high_hz() const { return edge_hz(end_band_ - 1, 0.5); }
    int first_hop() const { return first_hop_; }
    int end_hop() const { return end_hop_; }

  private:
    float& at(int hop, int band) {
        const int width = cells_.end_band - cells_.first_band;
        return weights_[static_cast<std::size_t>(hop - cells_.first_hop) * width + band - cells_.first_band];
    }

    /// Drops bands at both ends that have little of it, then hops at both ends that have next to nothing.
    void trim() {
        std::vector<double> bands(cells_.end_band - cells_.first_band);
        for (int hop = cells_.first_hop; hop < cells_.end_hop; ++hop) {
            for (int band = cells_.first_band; band < cells_.end_band; ++band)
                bands[band - cells_.first_band] += at(hop, band);
        }
        const double most = *std::max_element(bands.begin(), bands.end());
        first_band_ = cells_.first_band;
        end_band_ = cells_.end_band;
        first_hop_ = cells_.first_hop;
        end_hop_ = cells_.end_hop;
        if (most <= 0.0) return;
        while (bands[first_band_ - cells_.first_band] < range_share * most) ++first_band_;
        while (bands[end_band_ - 1 - cells_.first_band] < range_share * most) --end_band_;

        const auto in_hop = [&](int hop) {
            double sum = 0.0;
            for (int band = first_band_; band < end_band_; ++band) sum += at(hop, band);
            return sum;
        };
        std::vector<double> hops;
        for (int hop = first_hop_; hop < end_hop_; ++hop) hops.push_back(in_hop(hop));
        const double all = std::accumulate(hops.begin(), hops.end(), 0.0);
        first_hop_ += sparse_hops(hops.begin(), hops.end(), all);
        end_hop_ -= sparse_hops(hops.rbegin(), hops.rend(), all);
    }

    /// How many from here on hold next to nothing.
    template <typename Hop>
    static int sparse_hops(Hop begin, Hop end, double all) {
        const double mean = all / static_cast<double>(end - begin);
        double sum = 0.0;
        double dropped = 0.0;
        int sparse = 0;
        for (int count = 1; begin != end; ++begin, ++count) {
            sum += *begin;
            if (sum > tail_share * all) break;
            if (sum - dropped > tail_density * mean * (count - sparse)) continue;
            sparse = count;
            dropped = sum;
        }
        return sparse;
    }

    double edge_hz(int band, double steps) const {
        return cam_to_hz(hz_to_cam(bands_.band_hz[band]) + steps * bands_.band_step_cam);
    }

    MaskingGrid bands_;
    CutGains::Cells cells_;
    std::vector<float> weights_;  ///< [hop][band] of the cells
    int first_band_ = 0;
    int end_band_ = 0;
    int first_hop_ = 0;
    int end_hop_ = 0;
};

ClashEvent event_of(const MaskingResults& results, const MaskingView& view, const CutGains& gains, int target,
                    const ClashRegion& region, const ClashSums& sums) {
    ClashEvent event;
    event.target = target;
    event.first_group = region.first_group;
    event.group_count = region.end_group - region.first_group;
    event.first_section = region.first_section;
    event.section_count = region.end_section - region.first_section;

    const Extent extent(results, view, gains, target, region, leading_masker(sums));
    event.low_hz = extent.low_hz();
    event.high_hz = extent.high_hz();
    // A hop more or less is not worth a second.
    constexpr double rounding_s = 1e-6;
    event.from_s = std::floor(results.from_s + extent.first_hop() * results.hop_s + rounding_s);
    event.to_s = std::ceil(results.from_s + extent.end_hop() * results.hop_s - rounding_s);

    event.inaudible_share = sums.inaudible / sums.active;
    event.heavy_share = sums.heavy / sums.active;
    event.benefit = sums.benefit;
    event.worth = sums.worth;
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

/// By what would be won, never by what is lost. Times the leading masker's share: where the blame is spread,
/// turning one down is no answer. Over time to the 3/4: a minute of little must not outrank the ten seconds
/// that everybody hears, yet of two as intense the longer comes first.
double urgency(const ClashEvent& event) {
    const double share = event.maskers.empty() ? 0.0 : event.maskers.front().share;
    return event.worth * share / std::pow(std::max(event.to_s - event.from_s, least_duration_s), 0.75);
}

std::vector<ClashEvent> events_of(const MaskingResults& results, const MaskingView& view) {
    const int count = static_cast<int>(view.objects.size());
    std::vector<std::vector<ClashEvent>> found(count);
    if (results.section_count == 0) return {};
    const CutGains gains(results, view);
    parallel_for(count, [&](int target) {
        if (view.objects[target].is_return) return;
        for (const ClashRegion& region : clash_regions(results, view, gains, target)) {
            const ClashSums sums = clash_sums(results, view, gains, target, region);
            if (is_negligible(results, view, target, region, sums)) continue;
            found[target].push_back(event_of(results, view, gains, target, region, sums));
        }
    });
    std::vector<ClashEvent> events;
    for (const auto& of_target : found) events.insert(events.end(), of_target.begin(), of_target.end());
    std::stable_sort(events.begin(), events.end(),
                     [](const ClashEvent& a, const ClashEvent& b) { return urgency(a) > urgency(b); });
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
