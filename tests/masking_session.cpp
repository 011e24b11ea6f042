#include "tests/masking_session.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <random>

#include "engine/masking_model.hpp"
#include "engine/threads.hpp"
#include "host/half_float.hpp"
#include "host/masking_summary.hpp"

namespace tutti::tests {

namespace {

constexpr int section_hops = 100;
constexpr float threshold = 2.36F;  // E_THRQ from 500 Hz up
constexpr float k = 0.5F;           // K from 1 kHz up

/// What a kind of instrument sounds like.
struct Kind {
    const char* name;
    const char* group;
    double low_hz, high_hz;
    double level_db;
    double period_s;  ///< between notes
    double decay_s;   ///< of a note; 0: held
};

constexpr std::array kinds = {
    Kind{"Kick", "Drums", 45, 150, 72, 0.5, 0.15},
    Kind{"Bass", "Bass", 45, 400, 66, 1.0, 0.9},
    Kind{"Lead Vox", "Vocals", 180, 5000, 62, 4.0, 0.0},
    Kind{"Pad", "Keys", 300, 4000, 48, 8.0, 0.0},
    Kind{"Gtr L", "Guitars", 150, 4000, 58, 0.25, 0.4},
    Kind{"Snare", "Drums", 180, 7000, 64, 1.0, 0.12},
    Kind{"Gtr R", "Guitars", 150, 4000, 58, 0.25, 0.4},
    Kind{"Hi-hat Close", "Drums", 5000, 15000, 52, 0.25, 0.05},
    Kind{"Backing Vox Alto", "Vocals", 250, 4000, 54, 6, 0},
    Kind{"Piano Close Mic", "Keys", 80, 3500, 56, 0.5, 0.8},
    Kind{"Violins 1 Tutti", "Strings", 200, 8000, 55, 8, 0},
    Kind{"Shaker", "Percussion", 4000, 14000, 47, 0.125, 0.04},
    Kind{"Trumpet", "Brass", 300, 9000, 58, 3.0, 1.5},
    Kind{"Celli", "Strings", 65, 2500, 56, 8, 0},
    Kind{"Conga", "Percussion", 150, 2500, 55, 0.375, 0.1},
    Kind{"Trombone", "Brass", 100, 3000, 57, 3.0, 2.0},
};

std::string group_of(const std::string& name, int i) {
    return i < 0 ? name : kinds[static_cast<std::size_t>(i) % kinds.size()].group;
}

std::vector<MaskingObject> make_tracks(int count) {
    std::vector<MaskingObject> tracks;
    std::map<std::string, int> used;
    for (int i = 0; i < count; ++i) {
        const Kind& kind = kinds[static_cast<std::size_t>(i) % kinds.size()];
        MaskingObject track;
        const int number = ++used[kind.name];
        const bool numbered = number > 1 || std::string(kind.name) == "Pad";
        track.name = numbered ? std::string(kind.name) + " " + std::to_string(number) : kind.name;
        track.group = group_of("", i);
        track.strips = {track.name};
        if (count > 4 && i == count - 1) {
            track.name = "Plate";
            track.strips = {"Plate"};
            track.group = "Vocals";
            track.is_return = true;
            track.sources = {2};
        }
        tracks.push_back(track);
    }
    return tracks;
}

/// [hop][band] excitation of one ear.
std::vector<float> make_excitation(int track, int hops, const std::vector<double>& band_hz) {
    const auto which = static_cast<std::size_t>(track) % kinds.size();
    const Kind& kind = kinds[which];
    std::mt19937 random(static_cast<unsigned>(track) + 1U);
    std::uniform_real_distribution<double> spread(-1.0, 1.0);
    const double shift = track < static_cast<int>(kinds.size()) ? 0.0 : spread(random);
    const double level_db =
        kind.level_db + 4.0 * shift - (track < static_cast<int>(kinds.size()) ? 0.0 : 6.0);
    const double low = hz_to_cam(kind.low_hz) + shift;
    const double high = hz_to_cam(kind.high_hz) + shift;
    // Each plays some eights of the session.
    std::array<bool, 8> plays{};
    for (std::size_t i = 0; i < plays.size(); ++i) plays[i] = which < 4 || (random() % 3U) != 0U;
    std::vector<float> excitation;
    for (int hop = 0; hop < hops; ++hop) {
        const double s = hop * 0.1;
        const double phase = std::fmod(s + 0.013 * track, kind.period_s);
        double envelope_db =
            kind.decay_s > 0.0 ? -8.7 * phase / kind.decay_s : -2.0 * std::sin(2.2 * s + track);
        if (!plays[static_cast<std::size_t>(hop * 8 / hops)] ||
            (kind.decay_s == 0.0 && phase > 0.85 * kind.period_s))
            envelope_db = -200.0;
        const double note = 1.2 * std::sin(std::floor(s / kind.period_s) * 1.7 + track);
        for (const double hz : band_hz) {
            const double cam = hz_to_cam(hz);
            const double outside = std::max({0.0, low + note - cam, cam - high - note});
            double db = level_db + envelope_db - 9.0 * outside - 0.35 * std::max(0.0, cam - low) +
                        3.0 * std::sin(1.9 * cam + 0.7 * note + track);
            const bool planted = std::string(kind.name) == "Pad" && track < static_cast<int>(kinds.size()) &&
                                 s >= 10.0 && s < 20.0 && hz > 1900.0 && hz < 3100.0;
            if (planted) db = 72.0;
            excitation.push_back(static_cast<float>(std::pow(10.0, db / 10.0)));
        }
    }
    return excitation;
}

float specific(float excitation) { return 0.046871F * (std::pow(excitation + 4.72F, 0.2F) - 1.364F); }

using Objects = std::vector<std::vector<float>>;  ///< [object][hop][band]

void mask(const MaskingResults& results, const Objects& excitations, MaskingView& view) {
    const MaskingShape shape(results, view);
    const auto objects = static_cast<std::size_t>(shape.objects);
    const std::size_t cells = static_cast<std::size_t>(shape.hops) * static_cast<std::size_t>(shape.bands);
    view.margin_db.assign(objects * cells, to_half(std::numeric_limits<float>::quiet_NaN()));
    view.loudness.assign(objects * cells, 0);
    const auto sums = static_cast<std::size_t>(shape.sections * shape.groups) * objects;
    view.clash.assign(sums * objects, 0.0F);
    view.benefit.assign(sums * objects, 0.0F);
    view.self_cost.assign(sums, 0.0F);
    view.partial.assign(sums, 0.0F);
    view.audibility.assign(sums * audibility_count, 0.0F);
    std::vector<float> all(cells, 0.0F);
    for (const auto& one : excitations) {
        for (std::size_t i = 0; i < cells; ++i) all[i] += one[i];
    }
    parallel_for(shape.objects, [&](int target) {
        const std::vector<float>& own = excitations[static_cast<std::size_t>(target)];
        const float greatest = *std::max_element(own.begin(), own.end());
        std::vector<std::size_t> maskers;
        for (int j = 0; j < shape.objects; ++j) {
            if (!are_relatives(view, target, j)) maskers.push_back(static_cast<std::size_t>(j));
        }
        for (int hop = 0; hop < shape.hops; ++hop) {
            for (int band = 0; band < shape.bands; ++band) {
                const std::size_t cell =
                    static_cast<std::size_t>(hop) * static_cast<std::size_t>(shape.bands) +
                    static_cast<std::size_t>(band);
                const float e = own[cell];
                if (e < threshold || e < greatest * 1e-6F) continue;
                const float rest = std::max(0.0F, all[cell] - e);
                const float margin = 10.0F * std::log10(e / (k * rest + threshold));
                const float quiet = specific(e);
                const float heard = std::max(0.0F, specific(e + rest) - specific(rest));
                const std::size_t at = shape.cell(target, hop, band);
                view.margin_db[at] = to_half(margin);
                view.loudness[at] = to_half(heard);
                const int section = hop / section_hops;
                const int group = band / 5;
                const std::size_t sum = shape.sum(section, group, target);
                view.partial[sum] += 0.1F * heard;
                view.self_cost[sum] += 0.1F * 0.04F * heard;
                const std::size_t audible = margin < 0.0F ? 0 : margin < 6.0F ? 1 : margin < 15.0F ? 2 : 3;
                view.audibility[sum * audibility_count + audible] += 0.05F;
                const float severity = std::clamp((15.0F - margin) / 15.0F, 0.0F, 1.0F);
                if (severity == 0.0F || rest <= 0.0F) continue;
                const std::size_t first = shape.pair(section, group, target, 0);
                for (const std::size_t j : maskers) {
                    const float share = excitations[j][cell] / rest;
                    view.clash[first + j] += 0.1F * severity * quiet * share;
                    view.benefit[first + j] += 0.1F * 0.05F * severity * quiet * share;
                }
            }
        }
    });
}

/// Groups in the order in which their first tracks stand.
void make_groups(MaskingResults& results, const Objects& tracks, Objects& groups) {
    for (std::size_t i = 0; i < tracks.size(); ++i) {
        const MaskingObject& track = results.tracks.objects[i];
        auto& objects = results.groups.objects;
        auto found = std::find_if(objects.begin(), objects.end(),
                                  [&](const MaskingObject& g) { return g.name == track.group; });
        if (found == objects.end()) {
            objects.push_back({track.group, track.group, {}, false, {}});
            groups.emplace_back(tracks[i].size(), 0.0F);
            found = objects.end() - 1;
        }
        found->strips.insert(found->strips.end(), track.strips.begin(), track.strips.end());
        std::vector<float>& sum = groups[static_cast<std::size_t>(found - objects.begin())];
        for (std::size_t c = 0; c < sum.size(); ++c) sum[c] += tracks[i][c];
    }
}

}  // namespace

MaskingResults synthetic_masking(int track_count, double duration_s) {
    MaskingResults results;
    results.session_name = "Everyone at Once";
    results.session_file = "/sessions/everyone/session.toml";
    results.device = "cpu (synthetic)";
    results.sample_rate_hz = 48000;
    results.duration_s = duration_s;
    results.hop_count = static_cast<int>(std::ceil(duration_s / results.hop_s - 1e-9));
    results.section_count = (results.hop_count + section_hops - 1) / section_hops;
    results.tempo_bpm = 120.0;
    results.calibration = {101.5, 80.0, -18.5};
    results.notes = {"Master inserts are not part of the analysis: compressor, limiter."};
    results.merges = {{{"Kick", "Kick Out"}, 0.83}};
    results.tracks.objects = make_tracks(track_count);

    const std::vector<double> band_hz = display_band_hz();
    Objects tracks(static_cast<std::size_t>(track_count));
    parallel_for(track_count, [&](int i) {
        tracks[static_cast<std::size_t>(i)] = make_excitation(i, results.hop_count, band_hz);
    });
    for (int ear = 0; ear < 2; ++ear) {
        for (const auto& track : tracks) {
            for (const float e : track) {
                const float halves = e > 0.0F ? 2.0F * (10.0F * std::log10(e) + 20.0F) : 0.0F;
                results.excitation.push_back(static_cast<std::uint8_t>(std::clamp(halves, 0.0F, 255.0F)));
            }
        }
    }
    Objects groups;
    make_groups(results, tracks, groups);
    mask(results, tracks, results.tracks);
    mask(results, groups, results.groups);
    return results;
}

}  // namespace tutti::tests
