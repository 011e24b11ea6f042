#include "host/masking_what_if.hpp"

#include <algorithm>
#include <cmath>
#include <complex>

#include "engine/threads.hpp"
#include "host/eq.hpp"

namespace tutti {

namespace {

/// Changes smaller than this are none: 0.1 dB.
constexpr double touched_ratio = 1.0233;

/// The operation shows what it finds once per so many hops; nobody looks at it here.
constexpr int summed_hops = MaskingWhatIf::tile_hops / 2;

constexpr double lowest_level_db = -20.0;
constexpr double level_step_db = 0.5;

std::array<float, 256> level_table() {
    std::array<float, 256> table{};
    for (int level = 1; level < 256; ++level) {
        table[level] = static_cast<float>(std::pow(10.0, (lowest_level_db + level_step_db * level) / 10.0));
    }
    return table;
}

const std::array<float, 256> levels = level_table();

/// The display bands of some band groups, as a grid of their own: its groups count from 0.
MaskingGrid grid_of_groups(const std::vector<int>& groups, std::vector<int>& bands) {
    const MaskingGrid all = display_grid();
    MaskingGrid grid;
    grid.band_step_cam = all.band_step_cam;
    for (int band = 0; band < all.band_count(); ++band) {
        const auto found = std::find(groups.begin(), groups.end(), all.band_groups[band]);
        if (found == groups.end()) continue;
        grid.band_hz.push_back(all.band_hz[band]);
        grid.display_bands.push_back(static_cast<int>(bands.size()));
        grid.band_groups.push_back(static_cast<int>(found - groups.begin()));
        bands.push_back(band);
    }
    return grid;
}

bool is_touched(float gain) { return gain > touched_ratio || gain < 1.0 / touched_ratio; }

std::vector<int> touched_groups(std::span<const LevelChange> changes) {
    const MaskingGrid grid = display_grid();
    std::vector<int> groups;
    for (int band = 0; band < grid.band_count(); ++band) {
        const bool here = std::any_of(changes.begin(), changes.end(), [&](const LevelChange& change) {
            return is_touched(change.power_gains[0][band]) || is_touched(change.power_gains[1][band]);
        });
        if (here && (groups.empty() || groups.back() != grid.band_groups[band]))
            groups.push_back(grid.band_groups[band]);
    }
    return groups;
}

MaskingPlan plan_of(const CachedExcitation& excitation, MaskingGrid grid) {
    MaskingPlan plan;
    plan.grid = std::move(grid);
    plan.excitation_count = excitation.object_count;
    for (int object = 0; object < excitation.object_count; ++object) plan.objects.push_back({object});
    plan.relatives = excitation.relatives;
    plan.slice_s = excitation.hop_s;
    plan.hop_slices = summed_hops;
    plan.tile_slices = MaskingWhatIf::tile_hops;
    return plan;
}

}  // namespace

CachedExcitation cached_excitation(const MaskingResults& results) {
    CachedExcitation excitation;
    excitation.object_count = static_cast<int>(results.tracks.objects.size());
    excitation.hop_count = results.hop_count;
    excitation.hop_s = results.hop_s;
    excitation.levels = results.excitation;
    excitation.relatives.resize(excitation.object_count);
    for (int object = 0; object < excitation.object_count; ++object) {
        for (const int source : results.tracks.objects[object].sources) {
            excitation.relatives[object].push_back(source);
            excitation.relatives[source].push_back(object);
        }
    }
    for (std::vector<int>& relatives : excitation.relatives) {
        std::sort(relatives.begin(), relatives.end());
        relatives.erase(std::unique(relatives.begin(), relatives.end()), relatives.end());
    }
    return excitation;
}

float cached_level(std::uint8_t level) { return levels[level]; }

LevelChange eq_change(int object, const EqBand& band) {
    LevelChange change;
    change.object = object;
    for (const double hz : display_band_hz())
        change.power_gains[0].push_back(static_cast<float>(std::norm(analogue_response(band, hz))));
    change.power_gains[1] = change.power_gains[0];
    return change;
}

/// Everybody's excitation of one tile after the other, in the bands of some groups, through the operation.
class MaskingWhatIf::Pass {
  public:
    Pass(Backend& backend, const CachedExcitation& excitation, std::vector<int> groups)
        : excitation_(excitation),
          plan_(plan_of(excitation, grid_of_groups(groups, bands_))),
          tile_(backend.make_excitations({tile_hops, excitation.object_count, plan_.grid.band_count()})),
          masking_(backend.make_masking(plan_)),
          result_(plan_),
          values_(static_cast<std::size_t>(tile_hops) * 2 * excitation.object_count *
                  plan_.grid.band_count()) {}

    const std::vector<int>& bands() const { return bands_; }

    /// [band group][object], sone seconds.
    const std::vector<float>& partial(int tile, std::span<const LevelChange> changes) {
        const int first_hop = tile * tile_hops;
        const int hop_count = std::min(tile_hops, excitation_.hop_count - first_hop);
        parallel_for(2 * excitation_.object_count, [&](int row) {
            const int ear = row / excitation_.object_count;
            const int object = row % excitation_.object_count;
            const auto change = std::find_if(changes.begin(), changes.end(),
                                             [&](const LevelChange& c) { return c.object == object; });
            fill(ear, object, first_hop, hop_count,
                 change == changes.end() ? nullptr : change->power_gains[ear].data());
        });
        const std::size_t slice = values_.size() / tile_hops;
        tile_->write(0, std::span<const float>(values_).first(hop_count * slice));
        masking_->process(*tile_, hop_count, result_);
        return result_.partial;
    }

  private:
    void fill(int ear, int object, int first_hop, int hop_count, const float* gains) {
        const std::size_t all_bands = display_band_count_;
        const std::size_t row = static_cast<std::size_t>(ear) * excitation_.object_count + object;
        for (int hop = 0; hop < hop_count; ++hop) {
            const std::uint8_t* const from =
                &excitation_.levels[(row * excitation_.hop_count + first_hop + hop) * all_bands];
            float* const to = &values_[(static_cast<std::size_t>(hop) * 2 * excitation_.object_count + row) *
                                       bands_.size()];
            for (std::size_t b = 0; b < bands_.size(); ++b) {
                const int band = bands_[b];
                to[b] = levels[from[band]] * (gains == nullptr ? 1.0F : gains[band]);
            }
        }
    }

    const CachedExcitation& excitation_;
    std::vector<int> bands_;  ///< [band of the plan]: the display band
    MaskingPlan plan_;
    std::unique_ptr<Excitations> tile_;
    std::unique_ptr<Masking> masking_;
    MaskingTile result_;
    std::vector<float> values_;  ///< [hop][ear][object][band]
    const std::size_t display_band_count_ = display_grid().band_hz.size();
};

MaskingWhatIf::~MaskingWhatIf() = default;

MaskingWhatIf::MaskingWhatIf(Backend& backend, CachedExcitation excitation)
    : backend_(backend),
      excitation_(std::move(excitation)),
      band_count_(display_grid().band_count()),
      group_count_(display_grid().group_count()),
      tile_count_((excitation_.hop_count + tile_hops - 1) / tile_hops) {
    if (excitation_.object_count == 0) return;
    std::vector<int> groups(group_count_);
    for (int group = 0; group < group_count_; ++group) groups[group] = group;
    Pass pass(backend_, excitation_, std::move(groups));
    for (int tile = 0; tile < tile_count_; ++tile) {
        const std::vector<float>& partial = pass.partial(tile, {});
        before_.insert(before_.end(), partial.begin(), partial.end());
    }
}

TileRange MaskingWhatIf::all() const { return {0, tile_count_}; }

TileRange MaskingWhatIf::tiles(double from_s, double to_s) const {
    const double tile_s = tile_hops * excitation_.hop_s;
    const auto bounded = [&](double tile) {
        return static_cast<int>(std::clamp(tile, 0.0, static_cast<double>(tile_count_)));
    };
    return {bounded(std::floor(from_s / tile_s)), bounded(std::ceil(to_s / tile_s))};
}

std::vector<double> MaskingWhatIf::before(TileRange range) const {
    const std::size_t size = static_cast<std::size_t>(group_count_) * excitation_.object_count;
    std::vector<double> sums(size);
    for (int tile = range.first; tile < range.end; ++tile) {
        for (std::size_t i = 0; i < size; ++i) sums[i] += before_[tile * size + i];
    }
    return sums;
}

std::vector<double> MaskingWhatIf::change(std::span<const LevelChange> changes, TileRange range) const {
    const std::size_t objects = excitation_.object_count;
    std::vector<double> sums(group_count_ * objects);
    const std::vector<int> groups = touched_groups(changes);
    if (groups.empty()) return sums;
    Pass pass(backend_, excitation_, groups);
    for (int tile = range.first; tile < range.end; ++tile) {
        if (!sounds(changes, tile, pass.bands())) continue;
        const std::vector<float>& after = pass.partial(tile, changes);
        for (std::size_t g = 0; g < groups.size(); ++g) {
            const float* const before = &before_[(tile * group_count_ + groups[g]) * objects];
            double* const sum = &sums[groups[g] * objects];
            for (std::size_t o = 0; o < objects; ++o)
                sum[o] += static_cast<double>(after[g * objects + o]) - before[o];
        }
    }
    return sums;
}

bool MaskingWhatIf::sounds(std::span<const LevelChange> changes, int tile,
                           const std::vector<int>& bands) const {
    const std::size_t all_bands = band_count_;
    const int end_hop = std::min((tile + 1) * tile_hops, excitation_.hop_count);
    for (const LevelChange& change : changes) {
        for (std::size_t ear = 0; ear < 2; ++ear) {
            const std::size_t row = ear * excitation_.object_count + change.object;
            for (int hop = tile * tile_hops; hop < end_hop; ++hop) {
                const std::uint8_t* const at =
                    &excitation_.levels[(row * excitation_.hop_count + hop) * all_bands];
                if (std::any_of(bands.begin(), bands.end(), [&](int band) { return at[band] != 0; }))
                    return true;
            }
        }
    }
    return false;
}

}  // namespace tutti
