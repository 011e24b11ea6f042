#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

#include "engine/masking_model.hpp"
#include "tests/backends.hpp"
#include "tests/masking_runs.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

constexpr int rate_hz = 48000;
constexpr int frames = 24000;
constexpr int track_count = 8;
constexpr double full_scale_spl_db = 100.0;

/// Harmonics of `pitch_hz` that fall off by `slope_db` per octave, with a formant.
double tone_of(double t, double pitch_hz, double slope_db, double formant_hz) {
    double sum = 0.0;
    for (int n = 1; n * pitch_hz < 12000.0; ++n) {
        const double hz = n * pitch_hz;
        const double octaves = std::log2(hz / formant_hz);
        const double gain_db = -slope_db * std::log2(n) + 12.0 * std::exp(-octaves * octaves);
        sum += std::pow(10.0, gain_db / 20.0) * std::sin(2.0 * std::numbers::pi * hz * t + n * n);
    }
    return sum;
}

/// Something like kick, hat, snare, bass, pad, voice, guitar and keys, half a second of each, at 62 ... 76
/// dB.
Signals band() {
    const Signal hiss = noise(frames, 1);
    Signals tracks(track_count, Signal(frames));
    for (int i = 0; i < frames; ++i) {
        const double t = static_cast<double>(i) / rate_hz;
        const double beat = std::fmod(t, 0.25);
        const double bright = i == 0 ? 0.0 : hiss[i] - hiss[i - 1];
        const std::vector<double> now{
            std::sin(2.0 * std::numbers::pi * (55.0 * beat - 3.0 * std::exp(-40.0 * beat))) *
                std::exp(-18.0 * beat),
            bright * std::exp(-60.0 * std::fmod(t, 0.125)),
            (hiss[i] + 1.5 * std::sin(2.0 * std::numbers::pi * 190.0 * t)) *
                std::exp(-25.0 * std::fmod(t + 0.125, 0.25)),
            tone_of(t, 82.4, 9.0, 200.0),
            tone_of(t, 220.0, 6.0, 800.0) + tone_of(t, 277.2, 6.0, 800.0) + tone_of(t, 329.6, 6.0, 800.0),
            tone_of(t, 180.0 + 0.5 * std::sin(34.0 * t), 6.0, 2500.0),
            tone_of(t, 246.9, 5.0, 1200.0) * std::exp(-4.0 * beat),
            tone_of(t, 523.3, 8.0, 600.0) * std::exp(-6.0 * std::fmod(t + 0.05, 0.25))};
        for (int track = 0; track < track_count; ++track) tracks[track][i] = static_cast<float>(now[track]);
    }
    for (int track = 0; track < track_count; ++track) {
        double square_sum = 0.0;
        for (const float x : tracks[track]) square_sum += x * x;
        const double spl_db = 62.0 + 2.0 * track;
        const double rms = std::pow(10.0, (spl_db - full_scale_spl_db) / 20.0) / std::numbers::sqrt2;
        for (float& x : tracks[track]) x *= static_cast<float>(rms / std::sqrt(square_sum / frames));
    }
    return tracks;
}

struct Heard {
    std::vector<double> sones;  ///< [slice][track]: partial loudness
    std::vector<double> clash;  ///< [target][masker]
};

Heard listen(Backend& backend, const Signals& tracks, GridKind kind) {
    ExcitationPlan plan = stereo_plan(track_count, rate_hz, kind);
    plan.cochlea_gains = cochlea_gains(plan.grid, full_scale_spl_db);
    for (int track = 0; track < track_count; ++track) plan.objects[track].rows = {track, track};
    std::vector<std::int64_t> centres;
    for (int slice = 4; slice < 44; slice += 3) centres.push_back(slice * 480 + 240);
    const auto excitations =
        run_excitation(backend, listening_shape(plan, track_count, 4800), plan, tracks, centres);
    const MaskingPlan masking = tracks_plan(plan.grid, track_count, static_cast<int>(centres.size()), 1);
    const MaskingTile tile = run_masking(backend, masking, excitations).at(0);

    Heard heard{.sones = {}, .clash = std::vector<double>(track_count * track_count, 0.0)};
    const std::size_t shown = plan.grid.display_band_count();
    for (std::size_t i = 0; i < tile.loudness.size(); ++i) {
        // The last display band is left out: the exact grid ends 0.2 Cam lower, within it.
        if (i % shown == 0) heard.sones.push_back(0.0);
        if (i % shown < shown - 1) heard.sones.back() += tile.loudness[i];
    }
    for (std::size_t i = 0; i < tile.clash.size(); ++i) heard.clash[i % heard.clash.size()] += tile.clash[i];
    return heard;
}

}  // namespace

TEST_CASE("The usual grid hears eight tracks as the exact one does: within 0.15 phon and 0.5 % of clash") {
    const Signals tracks = band();
    on_every_backend([&](Backend& backend) {
        const Heard exact = listen(backend, tracks, GridKind::exact);
        const Heard usual = listen(backend, tracks, GridKind::usual);
        double square_sum = 0.0;
        int count = 0;
        for (std::size_t i = 0; i < exact.sones.size(); ++i) {
            const double phon = sone_to_phon(exact.sones[i]);
            if (phon < 2.2) continue;  // inaudible
            const double off = sone_to_phon(usual.sones[i]) - phon;
            square_sum += off * off;
            ++count;
        }
        double off = 0.0, whole = 0.0;
        for (std::size_t i = 0; i < exact.clash.size(); ++i) {
            off += std::abs(usual.clash[i] - exact.clash[i]);
            whole += exact.clash[i];
        }
        const double rms_phon = std::sqrt(square_sum / count);
        CAPTURE(count, rms_phon, off / whole);
        CHECK(count > 60);
        CHECK(rms_phon <= 0.15);
        CHECK(off / whole <= 0.005);
    });
}
