#include "host/changed_mix.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "host/pan.hpp"

namespace tutti {

namespace {

/// Means are taken from one hop in so many.
constexpr int hop_step = 8;

double power_of_db(double db) { return std::pow(10.0, db / 10.0); }

void multiply(LevelChange& change, const std::array<std::vector<float>, 2>& gains) {
    for (std::size_t ear = 0; ear < 2; ++ear) {
        for (std::size_t band = 0; band < gains[ear].size(); ++band)
            change.power_gains[ear][band] *= gains[ear][band];
    }
}

LevelChange no_change(int object) {
    LevelChange change;
    change.object = object;
    for (std::vector<float>& gains : change.power_gains) gains.assign(display_band_hz().size(), 1.0F);
    return change;
}

void add_pan(LevelChange& level, const MixChange& change) {
    if (change.pan == change.pan_from) return;
    const ChannelGains before = pan_gains(change.pan_from, change.pan_law_db, change.channels, 2);
    const ChannelGains after = pan_gains(change.pan, change.pan_law_db, change.channels, 2);
    level.adds_ears = change.channels == 1;
    const double mono = before[0][0] * before[0][0] + before[1][0] * before[1][0];
    std::array<std::vector<float>, 2> gains;
    for (std::size_t ear = 0; ear < 2; ++ear) {
        const std::size_t input = change.channels == 1 ? 0 : ear;
        const double now = after[ear][input] * after[ear][input];
        const double then = change.channels == 1 ? mono : before[ear][input] * before[ear][input];
        gains[ear].assign(display_band_hz().size(), static_cast<float>(now / then));
    }
    multiply(level, gains);
}

}  // namespace

ChangedMix::ChangedMix(const MaskingResults& results, const Session* session)
    : results_(results), session_(session) {
    const CachedExcitation cache = cached_excitation(results);
    const std::size_t bands = display_band_hz().size();
    means_.resize(bands * cache.object_count);
    for (int object = 0; object < cache.object_count; ++object) {
        // Only what feeds a return is ever asked for.
        const bool feeds =
            std::any_of(results.tracks.objects.begin(), results.tracks.objects.end(), [&](const auto& o) {
                return std::find(o.sources.begin(), o.sources.end(), object) != o.sources.end();
            });
        if (!feeds) continue;
        double* const means = &means_[object * bands];
        for (int ear = 0; ear < 2; ++ear) {
            for (int hop = 0; hop < cache.hop_count; hop += hop_step) {
                const std::uint8_t* const level = cache.at(ear, object, hop);
                for (std::size_t band = 0; band < bands; ++band) means[band] += cached_level(level[band]);
            }
        }
    }
}

ChangedMix::Feed ChangedMix::feed(int source, int to) const {
    Feed feed{source, 1.0, true};
    if (session_ == nullptr) return feed;
    const std::string& bus = results_.tracks.objects[to].strips.front();
    for (const std::string& name : results_.tracks.objects[source].strips) {
        const Strip* const strip = find_strip(*session_, name);
        if (strip == nullptr) continue;
        for (const Send& send : strip->sends) {
            if (send.to != bus) continue;
            // Excitation is counted behind the fader, which a send before it does not pass.
            const double fader_db = send.pre_fader ? strip->gain_db : 0.0;
            feed.power = power_of_db(send.gain_db - fader_db);
            feed.follows_fader = !send.pre_fader;
            return feed;
        }
    }
    return feed;
}

LevelChange ChangedMix::follow(int to, std::span<const MixChange> changes) const {
    LevelChange followed = no_change(to);
    const std::size_t bands = display_band_hz().size();
    std::vector<double> fed(bands);
    std::vector<double> changed(bands);
    for (const int source : results_.tracks.objects[to].sources) {
        const Feed from = feed(source, to);
        LevelChange own = no_change(source);
        for (const MixChange& change : changes) {
            if (change.object != source) continue;
            if (change.kind == MixChange::Kind::bell)
                multiply(own, eq_change(source, change.bell).power_gains);
            if (change.kind == MixChange::Kind::gain && from.follows_fader) {
                for (float& gain : own.power_gains[0])
                    gain *= static_cast<float>(power_of_db(change.gain_db));
            }
        }
        for (std::size_t band = 0; band < bands; ++band) {
            const double power = from.power * means_[source * bands + band];
            fed[band] += power;
            changed[band] += power * own.power_gains[0][band];
        }
    }
    for (std::size_t band = 0; band < bands; ++band) {
        if (fed[band] > 0.0) followed.power_gains[0][band] = static_cast<float>(changed[band] / fed[band]);
    }
    followed.power_gains[1] = followed.power_gains[0];
    return followed;
}

LevelChanges ChangedMix::levels(std::span<const MixChange> changes, double playback_db) const {
    std::map<int, LevelChange> by_object;
    const auto of = [&](int object) -> LevelChange& {
        return by_object.try_emplace(object, no_change(object)).first->second;
    };
    for (const MixChange& change : changes) {
        LevelChange& level = of(change.object);
        if (change.kind == MixChange::Kind::bell) {
            multiply(level, eq_change(change.object, change.bell).power_gains);
        } else if (change.kind == MixChange::Kind::pan) {
            add_pan(level, change);
        } else {
            LevelChange fader = no_change(change.object);
            for (std::vector<float>& gains : fader.power_gains)
                std::fill(gains.begin(), gains.end(), static_cast<float>(power_of_db(change.gain_db)));
            multiply(level, fader.power_gains);
        }
    }
    for (int object = 0; object < static_cast<int>(results_.tracks.objects.size()); ++object) {
        const std::vector<int>& sources = results_.tracks.objects[object].sources;
        const bool hears = std::any_of(changes.begin(), changes.end(), [&](const MixChange& change) {
            return change.kind != MixChange::Kind::pan &&
                   std::find(sources.begin(), sources.end(), change.object) != sources.end();
        });
        if (hears) multiply(of(object), follow(object, changes).power_gains);
    }
    LevelChanges levels;
    levels.playback = static_cast<float>(power_of_db(playback_db));
    for (auto& [object, change] : by_object) levels.list.push_back(std::move(change));
    return levels;
}

}  // namespace tutti
