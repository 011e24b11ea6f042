#include "host/cached_excitation.hpp"

#include <algorithm>
#include <cmath>
#include <complex>

#include "host/eq.hpp"

namespace tutti {

namespace {

constexpr double lowest_level_db = -20.0;
constexpr double level_step_db = 0.5;

/// Changes smaller than this are none: 0.1 dB.
constexpr float touched_ratio = 1.0233F;

std::array<float, 256> level_table() {
    std::array<float, 256> table{};
    for (int level = 1; level < 256; ++level) {
        table[level] = static_cast<float>(std::pow(10.0, (lowest_level_db + level_step_db * level) / 10.0));
    }
    return table;
}

const std::array<float, 256> levels = level_table();

bool is_touched(float gain) { return gain > touched_ratio || gain < 1.0F / touched_ratio; }

void sort_and_keep_once(std::vector<int>& numbers) {
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

}  // namespace

const std::uint8_t* CachedExcitation::at(int ear, int object, int hop) const {
    static const std::size_t band_count = display_grid().band_hz.size();
    const std::size_t row = static_cast<std::size_t>(ear) * object_count + object;
    return levels.data() + (row * hop_count + hop) * band_count;
}

CachedExcitation cached_excitation(const MaskingResults& results) {
    CachedExcitation excitation;
    excitation.object_count = static_cast<int>(results.tracks.objects.size());
    excitation.hop_count = results.hop_count;
    excitation.hop_s = results.hop_s;
    excitation.levels = results.excitation;
    excitation.relatives.resize(excitation.object_count);
    for (int object = 0; object < excitation.object_count; ++object) {
        excitation.objects.push_back({object});
        const MaskingObject& facts = results.tracks.objects[object];
        for (const std::vector<int>* others : {&facts.sources, &facts.related}) {
            for (const int other : *others) {
                excitation.relatives[object].push_back(other);
                excitation.relatives[other].push_back(object);
            }
        }
    }
    for (std::vector<int>& relatives : excitation.relatives) sort_and_keep_once(relatives);
    return excitation;
}

CachedExcitation cached_group_excitation(const MaskingResults& results) {
    CachedExcitation excitation = cached_excitation(results);
    const std::vector<std::vector<int>> track_relatives = std::move(excitation.relatives);
    excitation.objects.clear();
    excitation.relatives.clear();
    for (const MaskingObject& group : results.groups.objects) {
        std::vector<int> members;
        std::vector<int> relatives;
        for (int track = 0; track < excitation.object_count; ++track) {
            if (results.tracks.objects[track].group != group.name) continue;
            members.push_back(track);
            relatives.insert(relatives.end(), track_relatives[track].begin(), track_relatives[track].end());
        }
        sort_and_keep_once(relatives);
        std::erase_if(relatives,
                      [&](int track) { return std::binary_search(members.begin(), members.end(), track); });
        excitation.objects.push_back(std::move(members));
        excitation.relatives.push_back(std::move(relatives));
    }
    return excitation;
}

CachedExcitation cached_slices(const MaskingResults& results) {
    CachedExcitation excitation = cached_excitation(results);
    if (results.slice_count == 0) return excitation;
    excitation.levels = results.slices;
    excitation.hop_s = results.hop_s * results.hop_count / results.slice_count;
    excitation.hop_count = results.slice_count;
    return excitation;
}

std::vector<std::uint8_t> thinned_levels(const CachedExcitation& excitation, int every) {
    const std::size_t bands = display_band_hz().size();
    std::vector<std::uint8_t> levels;
    for (int row = 0; row < 2 * excitation.object_count; ++row) {
        for (int hop = 0; hop < excitation.hop_count; hop += every) {
            const std::uint8_t* const from =
                excitation.at(row / excitation.object_count, row % excitation.object_count, hop);
            levels.insert(levels.end(), from, from + bands);
        }
    }
    return levels;
}

CachedExcitation thinned(const CachedExcitation& excitation, int every,
                         std::span<const std::uint8_t> thinned_levels) {
    CachedExcitation thin = excitation;
    thin.levels = thinned_levels;
    thin.hop_count = (excitation.hop_count + every - 1) / every;
    thin.hop_s = excitation.hop_s * excitation.hop_count / std::max(1, thin.hop_count);
    return thin;
}

float cached_level(std::uint8_t level) { return levels[level]; }

std::uint8_t level_byte(double excitation) {
    if (excitation <= 0.0) return 0;
    const double step = (10.0 * std::log10(excitation) - lowest_level_db) / level_step_db;
    return static_cast<std::uint8_t>(std::clamp(std::lround(step), 0L, 255L));
}

LevelChange eq_change(int object, const EqBand& band) {
    LevelChange change;
    change.object = object;
    for (const double hz : display_band_hz())
        change.power_gains[0].push_back(static_cast<float>(std::norm(analogue_response(band, hz))));
    change.power_gains[1] = change.power_gains[0];
    return change;
}

const LevelChange* LevelChanges::of(int object) const {
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const LevelChange& c) { return c.object == object; });
    return found == list.end() ? nullptr : &*found;
}

void put_changed_levels(const CachedExcitation& excitation, int ear, int object, int hop,
                        std::span<const int> bands, const LevelChanges& changes, float* to) {
    const LevelChange* const change = changes.of(object);
    const std::uint8_t* const from = excitation.at(ear, object, hop);
    if (change == nullptr) {
        for (const int band : bands) *to++ = levels[from[band]] * changes.playback;
        return;
    }
    const float* const gains = change->power_gains[ear].data();
    const std::uint8_t* const other = excitation.at(1 - ear, object, hop);
    for (const int band : bands) {
        const float more = change->adds_ears ? levels[other[band]] : 0.0F;
        *to++ = (levels[from[band]] + more) * gains[band] * changes.playback;
    }
}

std::vector<int> touched_groups(const LevelChanges& changes) {
    const MaskingGrid grid = display_grid();
    std::vector<int> groups;
    for (int band = 0; band < grid.band_count(); ++band) {
        const bool here =
            is_touched(changes.playback) ||
            std::any_of(changes.list.begin(), changes.list.end(), [&](const LevelChange& change) {
                return change.adds_ears || is_touched(change.power_gains[0][band]) ||
                       is_touched(change.power_gains[1][band]);
            });
        if (here && (groups.empty() || groups.back() != grid.band_groups[band]))
            groups.push_back(grid.band_groups[band]);
    }
    return groups;
}

}  // namespace tutti
