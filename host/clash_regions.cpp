#include "host/clash_regions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

namespace tutti {

namespace {

/// What joins a region is masked at least this much as the region is, and brings at least this part of its
/// worth per cell.
constexpr double like_enough = 0.5;
constexpr double worth_joining = 0.1;
/// Blame in common, the sum over maskers of the smaller share: same culprits.
constexpr double same_culprits = 0.5;
/// The leading masker's share may differ by less than this: a jump is another situation (noise planted
/// into real stems, 6 to 8 dB over what it hides, has 50 to 88 % of the blame in its cells).
constexpr double share_jump = 0.25;
/// Less activity per section than this part of the region's is silence.
constexpr double silence = 0.05;

int cell_count(const ClashRegion& region) {
    return (region.end_group - region.first_group) * (region.end_section - region.first_section);
}

double common_blame(const ClashSums& a, const ClashSums& b) {
    double common = 0.0;
    if (a.clash <= 0.0 || b.clash <= 0.0) return 0.0;
    for (std::size_t m = 0; m < a.blame.size(); ++m) {
        common += std::min(a.blame[m] / a.clash, b.blame[m] / b.clash);
    }
    return common;
}

/// Two who lead by turns with much the same share are still the same.
bool same_leader(const ClashSums& a, const ClashSums& b) {
    for (const int masker : {leading_masker(a), leading_masker(b)}) {
        if (std::abs(a.blame[masker] / a.clash - b.blame[masker] / b.clash) >= share_jump) return false;
    }
    return true;
}

void add(ClashSums& to, const ClashSums& from) {
    to.active += from.active;
    to.inaudible += from.inaudible;
    to.heavy += from.heavy;
    to.benefit += from.benefit;
    to.clash += from.clash;
    to.worth += from.worth;
    for (std::size_t m = 0; m < to.blame.size(); ++m) {
        to.blame[m] += from.blame[m];
        to.gained[m] += from.gained[m];
    }
}

/// Grows the regions of one target.
class Growth {
  public:
    Growth(const MaskingResults& results, const MaskingView& view, const CutGains& gains, int target,
           int group_count)
        : results_(results),
          group_count_(group_count),
          taken_(static_cast<std::size_t>(group_count) * results.section_count) {
        for (int s = 0; s < results.section_count; ++s) {
            for (int g = 0; g < group_count; ++g)
                cells_.push_back(clash_sums(results, view, gains, target, {g, g + 1, s, s + 1}));
        }
    }

    std::vector<ClashRegion> all() {
        std::vector<ClashRegion> regions;
        for (const ClashRegion& seed : seeds()) {
            if (is_taken(seed)) continue;
            regions.push_back(grown(seed));
            take(regions.back());
        }
        return regions;
    }

  private:
    /// Worth is the sum of the cells', each without its own leading masker.
    ClashSums sums(const ClashRegion& region) const {
        ClashSums sums;
        sums.blame.resize(cells_.front().blame.size());
        sums.gained.resize(cells_.front().gained.size());
        for_cells(region, [&](int cell) { add(sums, cells_[cell]); });
        return sums;
    }

    /// Masked cells, greatest worth first.
    std::vector<ClashRegion> seeds() const {
        std::vector<std::pair<double, ClashRegion>> found;
        for (int s = 0; s < results_.section_count; ++s) {
            for (int g = 0; g < group_count_; ++g) {
                const ClashRegion cell{g, g + 1, s, s + 1};
                const ClashSums here = sums(cell);
                if (here.hidden_share() < least_hidden_share || here.worth <= 0.0) continue;
                found.emplace_back(here.worth, cell);
            }
        }
        std::stable_sort(found.begin(), found.end(),
                         [](const auto& a, const auto& b) { return a.first > b.first; });
        std::vector<ClashRegion> cells;
        for (const auto& [worth, cell] : found) cells.push_back(cell);
        return cells;
    }

    ClashRegion grown(ClashRegion region) const {
        while (true) {
            const ClashSums rest = sums(region);
            std::optional<ClashRegion> best;
            double best_worth = 0.0;
            for (int side = 0; side < 4; ++side) {
                for (const int steps : {1, 2}) {
                    const std::optional<double> worth = worth_of(region, rest, side, steps);
                    if (!worth) continue;
                    if (*worth > best_worth) {
                        best_worth = *worth;
                        best = widened(region, side, steps);
                    }
                    break;
                }
            }
            if (!best) return region;
            region = *best;
        }
    }

    static ClashRegion widened(ClashRegion region, int side, int steps) {
        const std::array<int*, 4> edges{&region.first_section, &region.end_section, &region.first_group,
                                        &region.end_group};
        *edges[side] += side % 2 == 0 ? -steps : steps;
        return region;
    }

    /// The row or column `steps` away from the region on that side.
    static ClashRegion strip(ClashRegion region, int side, int steps) {
        const ClashRegion wide = widened(region, side, steps);
        switch (side) {
            case 0:
                region.first_section = wide.first_section;
                break;
            case 1:
                region.first_section = wide.end_section - 1;
                break;
            case 2:
                region.first_group = wide.first_group;
                break;
            default:
                region.first_group = wide.end_group - 1;
                break;
        }
        if (side < 2) {
            region.end_section = region.first_section + 1;
        } else {
            region.end_group = region.first_group + 1;
        }
        return region;
    }

    /// The worth of the strip, where it belongs to the region; a second step goes over silence in time
    /// only.
    std::optional<double> worth_of(const ClashRegion& region, const ClashSums& rest, int side,
                                   int steps) const {
        const ClashRegion added = strip(region, side, steps);
        if (added.first_group < 0 || added.end_group > group_count_ || added.first_section < 0 ||
            added.end_section > results_.section_count || is_taken(added))
            return {};
        if (steps > 1) {
            const ClashRegion between = strip(region, side, 1);
            const double usual = rest.active / (region.end_section - region.first_section);
            if (side > 1 || is_taken(between) || sums(between).active > silence * usual) return {};
        }
        const ClashSums here = sums(added);
        const bool is_masked =
            here.hidden_share() >= std::max(least_hidden_share, like_enough * rest.hidden_share());
        const bool matters =
            here.worth * cell_count(region) >= worth_joining * rest.worth * cell_count(added);
        const bool same = common_blame(here, rest) >= same_culprits && same_leader(here, rest);
        if (!is_masked || !matters || !same) return {};
        return here.worth;
    }

    template <typename Visit>
    void for_cells(const ClashRegion& region, Visit visit) const {
        for (int s = region.first_section; s < region.end_section; ++s) {
            for (int g = region.first_group; g < region.end_group; ++g) visit(s * group_count_ + g);
        }
    }

    bool is_taken(const ClashRegion& region) const {
        bool any = false;
        for_cells(region, [&](int cell) { any = any || taken_[cell]; });
        return any;
    }

    void take(const ClashRegion& region) {
        for_cells(region, [&](int cell) { taken_[cell] = true; });
    }

    const MaskingResults& results_;
    int group_count_;
    std::vector<ClashSums> cells_;  ///< [section][band group]
    std::vector<bool> taken_;       ///< [section][band group]
};

int band_group_count(const MaskingResults& results, const MaskingView& view) {
    const std::size_t cells = results.section_count * view.objects.size();
    return cells == 0 ? 0 : static_cast<int>(view.partial.size() / cells);
}

}  // namespace

CutGains::Cells cells_of(const MaskingResults& results, const ClashRegion& region) {
    static const std::vector<int> groups = display_grid().band_groups;
    const auto hop_of = [&](int section) {
        const double hop = std::round(section * results.section_s / results.hop_s);
        return static_cast<int>(std::min<double>(hop, results.hop_count));
    };
    const auto band_of = [&](int group) {
        return static_cast<int>(std::lower_bound(groups.begin(), groups.end(), group) - groups.begin());
    };
    return {hop_of(region.first_section), hop_of(region.end_section), band_of(region.first_group),
            band_of(region.end_group)};
}

int leading_masker(const ClashSums& sums) {
    return static_cast<int>(std::max_element(sums.blame.begin(), sums.blame.end()) - sums.blame.begin());
}

ClashSums clash_sums(const MaskingResults& results, const MaskingView& view, const CutGains& gains,
                     int target, const ClashRegion& region) {
    const std::size_t count = view.objects.size();
    const std::size_t groups = band_group_count(results, view);
    ClashSums sums;
    sums.blame.resize(count);
    sums.gained.resize(count);
    for (int s = region.first_section; s < region.end_section; ++s) {
        for (int g = region.first_group; g < region.end_group; ++g) {
            const std::size_t row = (s * groups + g) * count + target;
            const float* const audibility = &view.audibility[row * audibility_count];
            sums.active += std::accumulate(audibility, audibility + audibility_count, 0.0);
            sums.inaudible += audibility[static_cast<int>(Audibility::inaudible)];
            sums.heavy += audibility[static_cast<int>(Audibility::heavily_masked)];
            for (std::size_t m = 0; m < count; ++m) {
                sums.blame[m] += view.clash[row * count + m];
                sums.gained[m] += view.benefit[row * count + m];
            }
        }
    }
    sums.clash = std::accumulate(sums.blame.begin(), sums.blame.end(), 0.0);
    sums.benefit = std::accumulate(sums.gained.begin(), sums.gained.end(), 0.0);
    if (sums.hidden_share() < least_hidden_share) return sums;
    const int masker = leading_masker(sums);
    sums.worth =
        std::max(greatest_cut_db * sums.gained[masker], gains.sum(target, masker, cells_of(results, region)));
    return sums;
}

std::vector<ClashRegion> clash_regions(const MaskingResults& results, const MaskingView& view,
                                       const CutGains& gains, int target) {
    return Growth(results, view, gains, target, band_group_count(results, view)).all();
}

}  // namespace tutti
