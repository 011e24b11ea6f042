#include "tests/masking_scene.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/masking_model.hpp"
#include "host/half_float.hpp"
#include "host/masking_summary.hpp"
#include "host/masking_what_if.hpp"

namespace tutti::tests {

namespace {

constexpr int group_count = 15;
constexpr int bands_per_group = 5;
constexpr int band_count = group_count * bands_per_group;
constexpr int section_hops = 100;

void resize(MaskingView& view, int sections, int objects) {
    const std::size_t cells = static_cast<std::size_t>(sections) * group_count * objects;
    const std::size_t points = static_cast<std::size_t>(objects) * sections * section_hops * band_count;
    view.margin_db.assign(points, to_half(std::numeric_limits<float>::quiet_NaN()));
    view.loudness.assign(points, 0);
    view.clash.assign(cells * objects, 0.0F);
    view.benefit.assign(cells * objects, 0.0F);
    view.self_cost.assign(cells, 0.0F);
    view.partial.assign(cells, 0.0F);
    view.audibility.assign(cells * audibility_count, 0.0F);
}

}  // namespace

MaskingScene::MaskingScene(const std::vector<std::string>& names, int section_count) {
    results.sample_rate_hz = 48000;
    results.section_count = section_count;
    results.hop_count = section_count * section_hops;
    results.duration_s = section_count * results.section_s;
    for (const std::string& name : names) results.tracks.objects.push_back({name, name, {name}, false, {}});
    resize(results.tracks, section_count, static_cast<int>(names.size()));
    results.excitation.assign(2 * results.tracks.margin_db.size(), 0);
}

std::size_t MaskingScene::cell(int section, int group, int object) const {
    return (static_cast<std::size_t>(section) * group_count + group) * results.tracks.objects.size() + object;
}

void MaskingScene::play(int object, const SceneRange& range) {
    MaskingView& view = results.tracks;
    for (int s = range.first_section; s < range.end_section; ++s) {
        for (int g = range.first_group; g < range.end_group; ++g) {
            view.partial[cell(s, g, object)] = static_cast<float>(0.2 * results.section_s);
            float* const audibility = &view.audibility[cell(s, g, object) * audibility_count];
            std::fill_n(audibility, audibility_count, 0.0F);
            audibility[static_cast<int>(Audibility::clear)] = static_cast<float>(2.5 * results.section_s);
        }
        for (int hop = s * section_hops; hop < (s + 1) * section_hops; ++hop) {
            const std::size_t row = (static_cast<std::size_t>(object) * results.hop_count + hop) * band_count;
            for (int b = range.first_group * bands_per_group; b < range.end_group * bands_per_group; ++b)
                view.margin_db[row + b] = to_half(20.0F);
        }
    }
}

void MaskingScene::hide(int target, int masker, const SceneRange& range, const Hidden& hidden) {
    MaskingView& view = results.tracks;
    const std::size_t count = view.objects.size();
    for (int s = range.first_section; s < range.end_section; ++s) {
        for (int g = range.first_group; g < range.end_group; ++g) {
            const std::size_t at = cell(s, g, target);
            view.clash[at * count + masker] += static_cast<float>(hidden.blame);
            view.benefit[at * count + masker] += static_cast<float>(hidden.benefit);
            float* const audibility = &view.audibility[at * audibility_count];
            const auto whole = static_cast<float>(2.5 * results.section_s);
            audibility[static_cast<int>(Audibility::inaudible)] +=
                static_cast<float>(hidden.inaudible) * whole;
            audibility[static_cast<int>(Audibility::heavily_masked)] +=
                static_cast<float>(hidden.heavy) * whole;
            audibility[static_cast<int>(Audibility::clear)] -=
                static_cast<float>(hidden.inaudible + hidden.heavy) * whole;
        }
        for (int hop = s * section_hops; hop < (s + 1) * section_hops; ++hop) {
            const double masked = hidden.inaudible + hidden.heavy;
            const bool is_at_end = hop == (s + 1) * section_hops - 1;
            if (masked <= 0.0 || (!is_at_end && std::fmod(hop * masked, 1.0) >= masked)) continue;
            const std::size_t row = (static_cast<std::size_t>(target) * results.hop_count + hop) * band_count;
            for (int b = range.first_group * bands_per_group; b < range.end_group * bands_per_group; ++b)
                view.margin_db[row + b] = to_half(hidden.inaudible > 0.0 ? -3.0F : 3.0F);
        }
    }
}

void MaskingScene::sound(int object, int first_band, int last_band, double level_db, int first_section,
                         int end_section, int ear) {
    const auto level = static_cast<std::uint8_t>(std::lround(2.0 * (level_db + 20.0)));
    for (int side = 0; side < 2; ++side) {
        if (ear >= 0 && side != ear) continue;
        const std::size_t row = side * results.tracks.objects.size() + object;
        for (int hop = first_section * section_hops; hop < end_section * section_hops; ++hop) {
            std::uint8_t* const bands = &results.excitation[(row * results.hop_count + hop) * band_count];
            std::fill(bands + first_band, bands + last_band + 1, level);
        }
    }
}

void MaskingScene::sound_in_hops(int object, int first_band, int last_band, double level_db, int first_hop,
                                 int end_hop) {
    const auto level = static_cast<std::uint8_t>(std::lround(2.0 * (level_db + 20.0)));
    const MaskingShape tracks(results, results.tracks);
    for (int ear = 0; ear < 2; ++ear) {
        for (int hop = first_hop; hop < end_hop; ++hop) {
            std::uint8_t* const bands = &results.excitation[tracks.excitation(ear, object, hop, 0)];
            std::fill(bands + first_band, bands + last_band + 1, level);
        }
    }
}

void MaskingScene::listen(Backend& backend) {
    const CachedExcitation cache = cached_excitation(results);
    const std::size_t count = cache.object_count;
    MaskingPlan plan;
    plan.grid = display_grid();
    plan.excitation_count = cache.object_count;
    for (int object = 0; object < cache.object_count; ++object) plan.objects.push_back({object});
    plan.relatives = cache.relatives;
    plan.slice_s = results.hop_s;
    plan.hop_slices = 1;
    plan.tile_slices = section_hops;
    const auto excitations = backend.make_excitations({section_hops, cache.object_count, band_count});
    const auto masking = backend.make_masking(plan);
    MaskingTile tile(plan);
    std::vector<float> values(section_hops * 2 * count * band_count);
    for (int section = 0; section < results.section_count; ++section) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            const std::size_t band = i % band_count;
            const std::size_t row = i / band_count % (2 * count);
            const std::size_t hop = section * section_hops + i / band_count / (2 * count);
            values[i] = cached_level(cache.levels[(row * results.hop_count + hop) * band_count + band]);
        }
        excitations->write(0, values);
        masking->process(*excitations, section_hops, tile);
        const auto put = [&](const std::vector<float>& from, std::vector<float>& to) {
            std::copy(from.begin(), from.end(),
                      to.begin() + section * static_cast<std::ptrdiff_t>(from.size()));
        };
        MaskingView& view = results.tracks;
        put(tile.clash, view.clash);
        put(tile.benefit, view.benefit);
        put(tile.self_cost, view.self_cost);
        put(tile.partial, view.partial);
        put(tile.audibility, view.audibility);
        for (std::size_t i = 0; i < tile.margin_db.size(); ++i) {
            const std::size_t band = i % band_count;
            const std::size_t object = i / band_count % count;
            const std::size_t hop = section * section_hops + i / band_count / count;
            view.margin_db[(object * results.hop_count + hop) * band_count + band] =
                to_half(tile.margin_db[i]);
        }
    }
}

void MaskingScene::set_group_margins(std::size_t group, int hop, const std::vector<int>& group_of) {
    const MaskingGrid grid = display_grid();
    const MaskingShape tracks(results, results.tracks);
    for (int band = 0; band < band_count; ++band) {
        double own = 0.0;
        double others = 0.0;
        for (std::size_t track = 0; track < group_of.size(); ++track) {
            const double power =
                cached_level(results.excitation[tracks.excitation(0, static_cast<int>(track), hop, band)]);
            (group_of[track] == static_cast<int>(group) ? own : others) += power;
        }
        const double ratio = audibility(own, others, band_constants(grid.band_hz[band]));
        if (own > 0.0)
            results.groups.margin_db[(group * results.hop_count + hop) * band_count + band] =
                to_half(static_cast<float>(10.0 * std::log10(ratio)));
    }
}

void MaskingScene::set_groups(const std::vector<std::string>& groups) {
    MaskingView& tracks = results.tracks;
    MaskingView& view = results.groups;
    std::vector<int> group_of;
    for (std::size_t object = 0; object < groups.size(); ++object) {
        tracks.objects[object].group = groups[object];
        const auto known = std::find_if(view.objects.begin(), view.objects.end(),
                                        [&](const MaskingObject& o) { return o.name == groups[object]; });
        group_of.push_back(static_cast<int>(known - view.objects.begin()));
        if (known == view.objects.end())
            view.objects.push_back({groups[object], groups[object], {}, false, {}});
    }
    const std::size_t count = view.objects.size();
    resize(view, results.section_count, static_cast<int>(count));
    for (std::size_t object = 0; object < count; ++object) {
        for (int hop = 0; hop < results.hop_count; ++hop) set_group_margins(object, hop, group_of);
    }
    const std::size_t cells = static_cast<std::size_t>(results.section_count) * group_count;
    for (std::size_t at = 0; at < cells; ++at) {
        for (std::size_t t = 0; t < groups.size(); ++t) {
            const std::size_t from = at * groups.size() + t;
            const std::size_t to = at * count + group_of[t];
            view.partial[to] += tracks.partial[from];
            for (int a = 0; a < audibility_count; ++a)
                view.audibility[to * audibility_count + a] += tracks.audibility[from * audibility_count + a];
            for (std::size_t m = 0; m < groups.size(); ++m) {
                if (group_of[m] == group_of[t]) continue;
                view.clash[to * count + group_of[m]] += tracks.clash[from * groups.size() + m];
                view.benefit[to * count + group_of[m]] += tracks.benefit[from * groups.size() + m];
            }
        }
    }
}

}  // namespace tutti::tests
