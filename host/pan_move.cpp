#include "host/pan_move.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/masking_model.hpp"
#include "host/cached_excitation.hpp"
#include "host/instrument_family.hpp"
#include "host/pan.hpp"

namespace tutti {

namespace {

constexpr double lowest_hz = 200.0;
constexpr double middle_pan = 0.15;
/// Ears that differ by less than this hear a sound in the middle.
constexpr double middle_db = 1.5;

/// Of an event's range, as the ear has it.
double middle_hz(const ClashEvent& event) {
    return cam_to_hz((hz_to_cam(event.low_hz) + hz_to_cam(event.high_hz)) / 2.0);
}

/// The track that an object is, alone and in the middle of a stereo way to the master; or null.
const Track* middle_track(const MaskingObject& object, const Session& session) {
    if (object.is_return || object.strips.size() != 1) return nullptr;
    const auto track = std::find_if(session.tracks.begin(), session.tracks.end(),
                                    [&](const Track& t) { return t.name == object.strips.front(); });
    if (track == session.tracks.end() || std::abs(track->pan) > middle_pan) return nullptr;
    std::string output = track->output;
    for (std::size_t step = 0; step <= session.buses.size(); ++step) {
        const auto bus = std::find_if(session.buses.begin(), session.buses.end(),
                                      [&](const Bus& b) { return b.name == output; });
        if (bus == session.buses.end()) break;
        if (bus->channels != 2) return nullptr;
        output = bus->output;
    }
    return session.master.channels == 2 ? &*track : nullptr;
}

/// Mean excitation left over right in some band groups, in decibels.
double ear_difference_db(const MaskingResults& results, int object, int first_group, int end_group) {
    const MaskingGrid grid = display_grid();
    std::array<double, 2> sums{};
    for (std::size_t ear = 0; ear < 2; ++ear) {
        const std::size_t row = ear * results.tracks.objects.size() + object;
        for (int hop = 0; hop < results.hop_count; ++hop) {
            for (int band = 0; band < grid.band_count(); ++band) {
                if (grid.band_groups[band] < first_group || grid.band_groups[band] >= end_group) continue;
                sums[ear] += cached_level(
                    results.excitation[(row * results.hop_count + hop) * grid.band_hz.size() + band]);
            }
        }
    }
    return 10.0 * std::log10(std::max(sums[0], 1e-9) / std::max(sums[1], 1e-9));
}

/// What mixes keep in the middle.
bool carries_the_middle(const MaskingObject& object, const Track& track) {
    Family family = family_of(object.name);
    if (family == Family::other) family = family_of(track.file);
    return family == Family::vocals || family == Family::bass || family == Family::drums;
}

double loudness_of(const MaskingResults& results, int object) {
    double sum = 0.0;
    for (std::size_t i = object; i < results.tracks.partial.size(); i += results.tracks.objects.size())
        sum += results.tracks.partial[i];
    return sum;
}

}  // namespace

std::optional<PanMove> pan_move(const MaskingResults& results, const Session& session,
                                std::span<const int> track_channels, const ClashEvent& event, int target) {
    if (event.maskers.empty() || middle_hz(event) < lowest_hz) return {};
    const std::array<int, 2> pair{event.maskers.front().object, target};
    std::array<const Track*, 2> tracks{};
    std::array<bool, 2> stays{};
    for (std::size_t i = 0; i < 2; ++i) {
        const MaskingObject& object = results.tracks.objects[pair[i]];
        tracks[i] = middle_track(object, session);
        const int end_group = event.first_group + event.group_count;
        if (tracks[i] == nullptr ||
            std::abs(ear_difference_db(results, pair[i], event.first_group, end_group)) > middle_db)
            return {};
        stays[i] = carries_the_middle(object, *tracks[i]);
    }
    if (stays[0] && stays[1]) return {};
    const bool is_target_softer = loudness_of(results, pair[1]) < loudness_of(results, pair[0]);
    const std::size_t mover = stays[0] || (!stays[1] && is_target_softer) ? 1 : 0;
    return PanMove{pair[mover], pair[1 - mover], tracks[mover]->pan, tracks[mover]->pan_law_db,
                   track_channels[tracks[mover] - session.tracks.data()]};
}

MixChange pan_change(const PanMove& move, double pan) {
    MixChange change;
    change.kind = MixChange::Kind::pan;
    change.object = move.object;
    change.pan = pan;
    change.pan_from = move.pan_from;
    change.pan_law_db = move.pan_law_db;
    change.channels = move.channels;
    return change;
}

}  // namespace tutti
