#include "host/clash_maps.hpp"

#include <algorithm>
#include <cmath>

#include "engine/masking_grid.hpp"
#include "engine/threads.hpp"
#include "host/partial_loudness_table.hpp"

namespace tutti {

namespace {

constexpr double moment_s = 1.0;
constexpr int most_moments = 1200;

/// Who has less of what masks another hides nothing that his absence would bring back: half a decibel.
constexpr double least_share = 0.1;

/// Of margins, see Audibility: below the first a target is hidden; from the second on severity is 0.
constexpr float hidden_db = 6.0F;
constexpr float clear_db = 15.0F;

}  // namespace

/// Adds up one moment.
class ClashMaps::Moment {
  public:
    Moment(ClashMaps& maps, const HopMasking& hops, int moment, int end_hop)
        : maps_(maps), masking_(hops), band_groups_(display_grid().band_groups), moment_(moment) {
        hops_.resize(end_hop - moment * maps.moment_hops_);
        for (std::size_t i = 0; i < hops_.size(); ++i) {
            masking_.read(moment * maps.moment_hops_ + static_cast<int>(i), hops_[i]);
            for (int ear = 0; ear < 2; ++ear) {
                for (int band = 0; band < masking_.band_count(); ++band)
                    strong_.push_back(find_strong(hops_[i], ear, band));
            }
        }
    }

    void add_all() {
        for_places([&](const Place& place) { add_together(place); });
        std::vector<float> clash(static_cast<std::size_t>(maps_.group_count_) * masking_.object_count());
        for (int target = 0; target < masking_.object_count(); ++target) add_target(target, clash);
    }

  private:
    using Strong = std::vector<std::pair<double, int>>;  ///< excitation, object

    struct Place {
        const HopMasking::Hop& hop;
        int ear;
        int band;
        const Strong& strong;
    };

    template <typename Visit>
    void for_places(Visit visit) const {
        std::size_t at = 0;
        for (const HopMasking::Hop& hop : hops_) {
            for (int ear = 0; ear < 2; ++ear) {
                for (int band = 0; band < masking_.band_count(); ++band)
                    visit(Place{hop, ear, band, strong_[at++]});
            }
        }
    }

    /// Those with much of the excitation there, greatest first.
    Strong find_strong(const HopMasking::Hop& hop, int ear, int band) const {
        // A target that is masked at all has no more than 18 dB over its maskers: a tenth of these is over
        // this part of everything.
        constexpr double least_of_all = 0.001;
        const double least = least_of_all * hop.all[ear * masking_.band_count() + band];
        Strong strong;
        for (int object = 0; object < masking_.object_count(); ++object) {
            const double own = masking_.own(hop, ear, object, band);
            if (own > least) strong.emplace_back(own, object);
        }
        std::sort(strong.begin(), strong.end(), [](const auto& a, const auto& b) {
            return a.first != b.first ? a.first > b.first : a.second < b.second;
        });
        return strong;
    }

    void add_together(const Place& place) {
        const double least = least_share * place.hop.all[place.ear * masking_.band_count() + place.band];
        for (const auto& [own, masker] : place.strong) {
            if (own < least) break;
            const HopMasking::Together together = masking_.together(place.hop, place.ear, place.band, masker);
            const std::size_t at = maps_.index(masker, moment_, band_groups_[place.band]);
            maps_.won_[at] += static_cast<float>((together.without - together.with) * masking_.cell_size());
            maps_.without_[at] += static_cast<float>(together.without * masking_.cell_size());
        }
    }

    /// `clash`: [group][masker], room to work in, all zero.
    void add_target(int target, std::vector<float>& clash) {
        const std::vector<int>& relatives = masking_.relatives()[target];
        const auto count = static_cast<std::size_t>(masking_.object_count());
        double carried = 0.0;
        double hidden = 0.0;
        for_places([&](const Place& place) {
            if (!masking_.carries(place.hop, target, place.band)) return;
            const double own = masking_.own(place.hop, place.ear, target, place.band);
            const double quiet = tabulated_partial_loudness(place.band, own, 0.0) * masking_.cell_size();
            const float margin = masking_.margin_db(target, place.hop.index, place.band);
            carried += quiet;
            if (margin < hidden_db) hidden += quiet;
            if (quiet <= 0.0 || !(margin < clear_db)) return;
            const double severity = std::min(1.0, (clear_db - static_cast<double>(margin)) / clear_db);
            const double maskers = masking_.maskers(place.hop, place.ear, target, place.band);
            float* const to = &clash[band_groups_[place.band] * count];
            for (const auto& [excitation, masker] : place.strong) {
                if (masker == target || std::binary_search(relatives.begin(), relatives.end(), masker))
                    continue;
                if (excitation < least_share * maskers) break;
                to[masker] += static_cast<float>(quiet * severity * excitation / maskers);
            }
        });
        maps_.carried_[maps_.row(target) + moment_] = static_cast<float>(carried);
        maps_.hidden_[maps_.row(target) + moment_] = static_cast<float>(hidden);
        for (std::size_t i = 0; i < clash.size(); ++i) {
            if (clash[i] <= 0.0F) continue;
            maps_.hidings_[moment_].push_back(
                {target, static_cast<int>(i % count), static_cast<int>(i / count), clash[i]});
            clash[i] = 0.0F;
        }
    }

    ClashMaps& maps_;
    const HopMasking& masking_;
    std::vector<int> band_groups_;
    int moment_;
    std::vector<HopMasking::Hop> hops_;
    std::vector<Strong> strong_;  ///< [hop][ear][band]
};

ClashMaps::ClashMaps(const MaskingResults& results, const MaskingView& view, const HopMasking& hops) {
    group_count_ = display_grid().group_count();
    const int fewest = (results.hop_count + most_moments - 1) / most_moments;
    moment_hops_ = std::max({1, static_cast<int>(std::lround(moment_s / results.hop_s)), fewest});
    moment_count_ = (results.hop_count + moment_hops_ - 1) / moment_hops_;
    const std::size_t rows = view.objects.size() * moment_count_;
    won_.resize(rows * group_count_);
    without_.resize(rows * group_count_);
    carried_.resize(rows);
    hidden_.resize(rows);
    hidings_.resize(moment_count_);
    parallel_for(moment_count_, [&](int moment) {
        Moment(*this, hops, moment, std::min(results.hop_count, (moment + 1) * moment_hops_)).add_all();
    });
}

}  // namespace tutti
