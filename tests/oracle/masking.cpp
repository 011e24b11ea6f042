#include "tests/oracle/masking.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "engine/errors.hpp"
#include "engine/masking_model.hpp"
#include "tests/oracle/excitation.hpp"

namespace tutti::oracle {

namespace {

constexpr double natural_per_db = std::numbers::ln10 / 10.0;
constexpr double active_range = 1e6;  ///< 60 dB

/// What is heard of an object in one band, slice and ear.
struct Heard {
    double target = 0.0;
    double masker = 0.0;
};
using Ears = std::array<Heard, 2>;

/// The tile's sums in double.
struct Sums {
    std::vector<double> clash, benefit, self_cost, partial, audibility;
};

std::vector<float> rounded(const std::vector<double>& values) { return {values.begin(), values.end()}; }

class PlainMasking : public Masking {
  public:
    explicit PlainMasking(MaskingPlan plan) : plan_(std::move(plan)), greatest_(plan_.objects.size(), 0.0) {
        TUTTI_CHECK(plan_.relatives.size() == plan_.objects.size());
        for (const double hz : plan_.grid.band_hz) constants_.push_back(band_constants(hz));
    }

    void process(const Excitations& tile, int slice_count, MaskingTile& result) override {
        TUTTI_CHECK(slice_count > 0 && slice_count <= plan_.tile_slices);
        const DoubleExcitations& excitations = in_double(tile);
        MaskingPlan whole = plan_;
        whole.work = MaskingWork::everything;
        result = MaskingTile(whole);
        result.hop_count = (slice_count + plan_.hop_slices - 1) / plan_.hop_slices;
        find_greatest(excitations, slice_count);
        mean_excitation(excitations, slice_count, result);
        show(excitations, slice_count, result);
        count(excitations, slice_count, result);
        if (plan_.work == MaskingWork::loudness) keep_loudness(result);
    }

  private:
    static void keep_loudness(MaskingTile& result) {
        MaskingTile kept;
        kept.hop_count = result.hop_count;
        kept.loudness = std::move(result.loudness);
        kept.partial = std::move(result.partial);
        result = std::move(kept);
    }

    int object_count() const { return static_cast<int>(plan_.objects.size()); }
    int band_count() const { return plan_.grid.band_count(); }

    bool is_own(int object, int excitation) const {
        const auto& own = plan_.objects[object];
        return std::find(own.begin(), own.end(), excitation) != own.end();
    }
    bool may_mask(int object, int excitation) const {
        const auto& relatives = plan_.relatives[object];
        return !is_own(object, excitation) &&
               std::find(relatives.begin(), relatives.end(), excitation) == relatives.end();
    }

    Heard heard(const DoubleExcitations& tile, int slice, int ear, int object, int band) const {
        Heard sums;
        for (int j = 0; j < plan_.excitation_count; ++j) {
            const double e = tile.at(slice, ear, j, band);
            if (is_own(object, j)) sums.target += e;
            if (may_mask(object, j)) sums.masker += e;
        }
        return sums;
    }
    Ears both_ears(const DoubleExcitations& tile, int slice, int object, int band) const {
        return {heard(tile, slice, 0, object, band), heard(tile, slice, 1, object, band)};
    }

    void find_greatest(const DoubleExcitations& tile, int slice_count) {
        for (int slice = 0; slice < slice_count; ++slice) {
            for (int object = 0; object < object_count(); ++object) {
                for (int band = 0; band < band_count(); ++band) {
                    for (const Heard& ear : both_ears(tile, slice, object, band)) {
                        greatest_[object] = std::max(greatest_[object], ear.target);
                    }
                }
            }
        }
    }

    bool is_active(const Ears& ears, int object, int band) const {
        return std::any_of(ears.begin(), ears.end(), [&](const Heard& ear) {
            return ear.target > constants_[band].threshold && ear.target * active_range >= greatest_[object];
        });
    }

    double margin_db(const Ears& ears, int band) const {
        double greatest = 0.0;
        for (const Heard& ear : ears) {
            greatest = std::max(greatest, audibility(ear.target, ear.masker, constants_[band]));
        }
        return 10.0 * std::log10(greatest);
    }

    /// Slices of a display hop.
    std::pair<int, int> slices_of(int hop, int slice_count) const {
        return {hop * plan_.hop_slices, std::min((hop + 1) * plan_.hop_slices, slice_count)};
    }

    void mean_excitation(const DoubleExcitations& tile, int slice_count, MaskingTile& result) const {
        auto mean = result.excitation.begin();
        for (int hop = 0; hop < result.hop_count; ++hop) {
            const auto [first, end] = slices_of(hop, slice_count);
            for (int ear = 0; ear < 2; ++ear) {
                for (int j = 0; j < plan_.excitation_count; ++j) {
                    for (int shown = 0; shown < plan_.grid.display_band_count(); ++shown) {
                        double sum = 0.0;
                        int count = 0;
                        for (int slice = first; slice < end; ++slice) {
                            for (int band = 0; band < band_count(); ++band) {
                                if (plan_.grid.display_bands[band] != shown) continue;
                                sum += tile.at(slice, ear, j, band);
                                ++count;
                            }
                        }
                        *mean++ = static_cast<float>(sum / count);
                    }
                }
            }
        }
    }

    /// Margins and loudnesses of the display.
    void show(const DoubleExcitations& tile, int slice_count, MaskingTile& result) const {
        auto margin = result.margin_db.begin();
        auto loudness = result.loudness.begin();
        for (int hop = 0; hop < result.hop_count; ++hop) {
            for (int object = 0; object < object_count(); ++object) {
                for (int shown = 0; shown < plan_.grid.display_band_count(); ++shown) {
                    show_cell(tile, slices_of(hop, slice_count), object, shown, *margin++, *loudness++);
                }
            }
        }
    }

    void show_cell(const DoubleExcitations& tile, std::pair<int, int> slices, int object, int shown,
                   float& margin, float& loudness) const {
        std::array<double, 2> targets{}, thresholds{};
        double sum = 0.0;
        for (int slice = slices.first; slice < slices.second; ++slice) {
            for (int band = 0; band < band_count(); ++band) {
                if (plan_.grid.display_bands[band] != shown) continue;
                const BandConstants& constants = constants_[band];
                const Ears ears = both_ears(tile, slice, object, band);
                const bool active = is_active(ears, object, band);
                for (int ear = 0; ear < 2; ++ear) {
                    sum += partial_loudness(ears[ear].target, ears[ear].masker, constants);
                    if (!active) continue;
                    targets[ear] += ears[ear].target;
                    thresholds[ear] += constants.k * ears[ear].masker + constants.threshold;
                }
            }
        }
        loudness = static_cast<float>(sum * plan_.grid.band_step_cam / (slices.second - slices.first));
        margin = std::numeric_limits<float>::quiet_NaN();
        if (thresholds[0] == 0.0) return;
        margin = static_cast<float>(
            10.0 * std::log10(std::max(targets[0] / thresholds[0], targets[1] / thresholds[1])));
    }

    /// Sums over the tile, per band group.
    void count(const DoubleExcitations& tile, int slice_count, MaskingTile& result) const {
        Sums sums;
        sums.clash.resize(result.clash.size());
        sums.benefit.resize(result.benefit.size());
        sums.self_cost.resize(result.self_cost.size());
        sums.partial.resize(result.partial.size());
        sums.audibility.resize(result.audibility.size());
        for (int slice = 0; slice < slice_count; ++slice) {
            for (int object = 0; object < object_count(); ++object) {
                for (int band = 0; band < band_count(); ++band) count_cell(tile, slice, object, band, sums);
            }
        }
        result.clash = rounded(sums.clash);
        result.benefit = rounded(sums.benefit);
        result.self_cost = rounded(sums.self_cost);
        result.partial = rounded(sums.partial);
        result.audibility = rounded(sums.audibility);
    }

    void count_cell(const DoubleExcitations& tile, int slice, int object, int band, Sums& sums) const {
        const BandConstants& constants = constants_[band];
        const Ears ears = both_ears(tile, slice, object, band);
        const double cell = plan_.slice_s * plan_.grid.band_step_cam;
        const std::size_t row = plan_.grid.band_groups[band] * plan_.objects.size() + object;
        for (const Heard& ear : ears) {
            sums.partial[row] += cell * partial_loudness(ear.target, ear.masker, constants);
            sums.self_cost[row] += cell * natural_per_db * ear.target *
                                   partial_loudness_by_target(ear.target, ear.masker, constants);
        }
        if (!is_active(ears, object, band)) return;

        const double margin = margin_db(ears, band);
        const double severity = std::clamp(1.0 - margin / 15.0, 0.0, 1.0);
        const int heard_as = margin < 0.0 ? 0 : margin < 6.0 ? 1 : margin < 15.0 ? 2 : 3;
        for (int ear = 0; ear < 2; ++ear) {
            const auto [target, masker] = ears[ear];
            const double quiet = specific_loudness(target, constants);
            sums.audibility[row * audibility_count + heard_as] += cell * quiet;
            if (masker <= 0.0) continue;
            const double at_stake = severity * quiet;
            const double gain = -natural_per_db * partial_loudness_by_masker(target, masker, constants);
            for (int j = 0; j < plan_.excitation_count; ++j) {
                if (!may_mask(object, j)) continue;
                const double e = tile.at(slice, ear, j, band);
                sums.clash[row * plan_.excitation_count + j] += cell * at_stake * e / masker;
                sums.benefit[row * plan_.excitation_count + j] += cell * gain * e;
            }
        }
    }

    MaskingPlan plan_;
    std::vector<BandConstants> constants_;  ///< [band]
    std::vector<double> greatest_;          ///< [object]: excitation so far
};

}  // namespace

std::unique_ptr<Masking> make_masking(const MaskingPlan& plan) {
    return std::make_unique<PlainMasking>(plan);
}

}  // namespace tutti::oracle
