// Sessions analysed for masking: files in, results and reports out.
#include <catch2/catch.hpp>

#include <cmath>
#include <numeric>

#include "engine/threads.hpp"
#include "host/half_float.hpp"
#include "host/masking.hpp"
#include "host/masking_calibration.hpp"
#include "tests/heard_scene.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

MaskingResults analyse(const SessionFolder& folder, const std::function<void(MaskingRun&)>& change = {}) {
    MaskingRun run;
    run.session = folder.session();
    run.device = "cpu";
    run.masking.full_scale_spl_db = 100.0;
    run.masking.merge_coherent = false;
    if (change) change(run);
    const Warn ignore = [](const std::string&) {};
    return analyse_masking(run, open_session(run.session, ignore), ignore);
}

/// The better of the margins over bands of an object's hop; NaN when it is nowhere active.
float best_margin(const MaskingResults& results, int object, int hop) {
    const int bands =
        static_cast<int>(results.tracks.margin_db.size() / results.tracks.objects.size() / results.hop_count);
    float best = NAN;
    for (int band = 0; band < bands; ++band) {
        const float margin = from_half(
            results.tracks
                .margin_db[(static_cast<std::size_t>(object) * results.hop_count + hop) * bands + band]);
        if (!(margin <= best)) best = std::isnan(margin) ? best : margin;
    }
    return best;
}

/// Sone seconds of one kind over bands and sections, [target][masker].
std::vector<double> totals(const std::vector<float>& sums, int objects) {
    std::vector<double> total(static_cast<std::size_t>(objects) * objects, 0.0);
    for (std::size_t i = 0; i < sums.size(); ++i) total[i % total.size()] += sums[i];
    return total;
}

double total(const std::vector<float>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

/// What is not the same, bit for bit; empty where all is.
std::string first_difference(const MaskingResults& a, const MaskingResults& b) {
    const auto same_view = [](const MaskingView& x, const MaskingView& y) {
        return x.margin_db == y.margin_db && x.loudness == y.loudness && x.clash == y.clash &&
               x.benefit == y.benefit && x.self_cost == y.self_cost && x.partial == y.partial &&
               x.audibility == y.audibility;
    };
    if (!same_view(a.tracks, b.tracks)) return "tracks";
    if (!same_view(a.groups, b.groups)) return "groups";
    return a.excitation == b.excitation ? "" : "excitation";
}

}  // namespace

TEST_CASE("noise hides a tone when it plays, and the tone does not hide the noise") {
    const HeardScene scene;
    const MaskingResults results = analyse(scene);
    REQUIRE(results.tracks.objects.size() == 3);
    CHECK(results.hop_count == 20);
    CHECK(best_margin(results, 0, 5) > 15.0F);
    CHECK(best_margin(results, 0, 15) < 6.0F);
    CHECK(std::isnan(best_margin(results, 1, 5)));
    CHECK(best_margin(results, 1, 15) > 15.0F);
    const std::vector<double> clash = totals(results.tracks.clash, 3);
    CHECK(clash[0 * 3 + 1] > 3.0 * clash[1 * 3 + 0]);
    CHECK(clash[0 * 3 + 1] > 10.0 * clash[0 * 3 + 2]);
    for (int object = 0; object < 3; ++object) CHECK(clash[object * 3 + object] == 0.0);
    REQUIRE(results.groups.objects.size() == 3);
    CHECK(results.groups.objects[2].name == "Low");
}

TEST_CASE("an analysis is the same for any number of threads, any chunk, and beside a render") {
    const HeardScene scene("[[track.insert]]\ntype = \"compressor\"\nthreshold_db = -30\n");
    const MaskingResults whole = analyse(scene);
    set_thread_count(1);
    const MaskingResults single = analyse(scene);
    set_thread_count(0);
    CHECK(first_difference(whole, single) == "");
    const MaskingResults small = analyse(scene, [](MaskingRun& run) { run.memory_bytes = 58U << 20U; });
    CHECK(first_difference(whole, small) == "");

    RenderOptions options;
    options.session = scene.session();
    options.output = scene.path("mix.wav");
    options.device = "cpu";
    options.masking.emplace();
    options.masking->full_scale_spl_db = 100.0;
    options.masking->merge_coherent = false;
    const RenderReport report = render(options, [](const std::string&) {});
    CHECK(first_difference(whole, report.masking.value()) == "");
    CHECK(report.frame_count == 2 * scene_second);
}

TEST_CASE("every backend hears alike") {
    const HeardScene scene;
    const auto briefly = [](MaskingRun& run) {
        run.from_s = 0.8;
        run.to_s = 1.2;
    };
    const MaskingResults on_cpu = analyse(scene, briefly);
    for (const std::string& device : device_words()) {
        INFO(device);
        const MaskingResults found = analyse(scene, [&](MaskingRun& run) {
            briefly(run);
            run.device = device;
        });
        for (const auto sums : {&MaskingView::clash, &MaskingView::partial, &MaskingView::audibility}) {
            const double expected = total(on_cpu.tracks.*sums);
            CHECK(total(found.tracks.*sums) == Approx(expected).epsilon(1e-4));
        }
    }
}

TEST_CASE("a mix with the analysis beside it is the mix without") {
    const HeardScene scene("[[track.insert]]\ntype = \"limiter\"\n");
    const Channels alone = scene.render();
    const Channels beside = scene.render({"--masking", scene.path("report").string()});
    CHECK(alone == beside);
    CHECK(std::filesystem::exists(scene.path("report") / "report.json"));
}

TEST_CASE("a stretch of a session sounds as it does in the whole") {
    const HeardScene scene(
        "[[track.insert]]\ntype = \"eq\"\nphase = \"linear\"\n"
        "bands = [ { shape = \"bell\", freq_hz = 900, gain_db = 6 } ]\n");
    const MaskingResults whole = analyse(scene);
    const MaskingResults part = analyse(scene, [](MaskingRun& run) {
        run.from_s = 0.8;
        run.to_s = 1.5;
    });
    CHECK(part.hop_count == 7);
    CHECK(part.from_s == 0.8);
    const std::size_t bands = whole.tracks.loudness.size() / 3 / whole.hop_count;
    for (std::size_t object = 0; object < 3; ++object) {
        for (std::size_t hop = 0; hop < 7; ++hop) {
            double expected = 0.0;
            double found = 0.0;
            for (std::size_t band = 0; band < bands; ++band) {
                expected +=
                    from_half(whole.tracks.loudness[(object * whole.hop_count + hop + 8) * bands + band]);
                found += from_half(part.tracks.loudness[(object * part.hop_count + hop) * bands + band]);
            }
            INFO("object " << object << ", hop " << hop);
            CHECK(found == Approx(expected).epsilon(1e-3).margin(1e-4));
        }
    }
}

TEST_CASE("an equalizer on a bus counts as much as the same on the track") {
    const std::string eq =
        "type = \"eq\"\nbands = [ { shape = \"bell\", freq_hz = 1000, gain_db = 12, q = 2 } ]\n";
    SessionFolder folder;
    folder.add_stem("Tone.wav", {tone(scene_second, 1000.0, 0.02)});
    folder.add_stem("Hiss.wav", {hiss(scene_second, 3, 0.2)});
    folder.write_session(track_of("Tone", "[[track.insert]]\n" + eq) + track_of("Hiss"));
    const MaskingResults on_track = analyse(folder);
    folder.write_session(track_of("Tone", "output = \"Bus\"") + track_of("Hiss") +
                         "[[bus]]\nname = \"Bus\"\n[[bus.insert]]\n" + eq);
    const MaskingResults on_bus = analyse(folder);
    CHECK(on_bus.tracks.objects.size() == 2);
    // The tone's power lies in bins up to 62 Hz beside it (half the main lobe of a Hann window of 16 ms),
    // where the bell is up to 0.3 dB lower.
    CHECK(total(on_bus.tracks.partial) == Approx(total(on_track.tracks.partial)).epsilon(0.02));
    CHECK(total(on_bus.tracks.clash) == Approx(total(on_track.tracks.clash)).epsilon(0.07));
}

TEST_CASE("a track alone is never masked, and a silent one is inactive, not clear") {
    SessionFolder folder;
    folder.add_stem("Tone.wav", {tone(scene_second, 1000.0, 0.1)});
    folder.add_stem("Silence.wav", {Samples(scene_second, 0.0)});
    folder.write_session(track_of("Tone") + track_of("Silence"));
    const MaskingResults results = analyse(folder);
    CHECK(total(results.tracks.clash) == 0.0);
    for (int hop = 0; hop < results.hop_count; ++hop) {
        CHECK(best_margin(results, 0, hop) > 15.0F);
        CHECK(std::isnan(best_margin(results, 1, hop)));
    }
    double silent = 0.0;
    for (std::size_t i = 0; i < results.tracks.audibility.size(); ++i) {
        if (i / audibility_count % 2 == 1) silent += results.tracks.audibility[i];
    }
    CHECK(silent == 0.0);
}

TEST_CASE("sessions shorter than a window, and of no whole slice, are heard") {
    for (const int frames : {1, 479, 960, 1500}) {
        SessionFolder folder;
        folder.add_stem("A.wav", {tone(frames, 1000.0, 0.5)});
        folder.add_stem("B.wav", {hiss(frames, 1, 0.5)});
        folder.write_session(track_of("A") + track_of("B"));
        const MaskingResults results = analyse(folder);
        INFO(frames);
        CHECK(results.hop_count == 1);
        CHECK(results.section_count == 1);
        CHECK(total(results.tracks.partial) >= 0.0);
        CHECK((frames < 400 || total(results.tracks.partial) > 0.0));
    }
}

TEST_CASE("a return and what feeds it do not hide each other") {
    SessionFolder folder;
    folder.add_stem("A.wav", {hiss(scene_second, 1, 0.1)});
    folder.add_stem("B.wav", {hiss(scene_second, 2, 0.1)});
    folder.write_session(track_of("A", "[[track.send]]\nto = \"Room\"\n") +
                         track_of("B", "[[track.send]]\nto = \"Room\"\n") + "[[bus]]\nname = \"Room\"\n");
    const std::vector<double> clash = totals(analyse(folder).tracks.clash, 3);
    CHECK(clash[0 * 3 + 1] > 0.0);
    CHECK(clash[0 * 3 + 2] == 0.0);
    CHECK(clash[2 * 3 + 0] == 0.0);
    CHECK(clash[2 * 3 + 1] == 0.0);
}

TEST_CASE("coherent tracks are merged unless told not to, and the results say so") {
    SessionFolder folder;
    folder.add_stem("DI.wav", {hiss(2 * scene_second, 1, 0.1)});
    folder.add_stem("Amp.wav", {hiss(2 * scene_second, 1, 0.2)});
    folder.write_session(track_of("DI") + track_of("Amp"));
    const MaskingResults merged = analyse(folder, [](MaskingRun& run) { run.masking.merge_coherent = true; });
    REQUIRE(merged.tracks.objects.size() == 1);
    CHECK(merged.tracks.objects[0].name == "Amp + 1");
    CHECK(merged.merges.size() == 1);
    CHECK(total(merged.tracks.clash) == 0.0);
    const MaskingResults apart = analyse(folder);
    CHECK(apart.tracks.objects.size() == 2);
    CHECK(apart.merges.empty());
    CHECK(total(apart.tracks.clash) > 0.0);
}

TEST_CASE("the mix is played at the level that is asked for, however loud it is") {
    // BS.1770: 997 Hz at full scale in both channels is 0 LUFS.
    CHECK(full_scale_spl_db(80.0, -20.0, 2) == Approx(100.0));
    CHECK(full_scale_spl_db(80.0, -20.0, 1) == Approx(96.99).epsilon(1e-4));
    SessionFolder folder;
    folder.add_stem("A.wav", {tone(scene_second, 997.0, 0.1)});
    folder.write_session(track_of("A", "pan_law_db = 0"));
    const auto measured = [](MaskingRun& run) { run.masking.full_scale_spl_db.reset(); };
    const MaskingResults found = analyse(folder, measured);
    CHECK(found.calibration.mix_lufs.value() == Approx(-20.0).margin(0.1));
    CHECK(found.calibration.full_scale_spl_db == Approx(100.0).margin(0.1));
    CHECK(found.calibration.playback_spl_db == 80.0);

    // A sine of 80 dB SPL at both ears: 15.98 sone (ANSI S3.4-2007).
    const double sone = total(found.tracks.partial) / found.duration_s;
    CHECK(sone == Approx(15.98).epsilon(0.03));

    folder.write_session(track_of("A", "pan_law_db = 0\ngain_db = -24"));
    const MaskingResults quiet = analyse(folder, measured);
    CHECK(total(quiet.tracks.partial) == Approx(total(found.tracks.partial)).epsilon(1e-3));
    const MaskingResults known = analyse(folder, [&](MaskingRun& run) {
        measured(run);
        run.masking.mix_lufs = quiet.calibration.mix_lufs;
    });
    CHECK(first_difference(quiet, known) == "");

    // What a mono master plays goes to both ears.
    folder.write_session(track_of("A") + "[master]\nchannels = 1\n");
    const MaskingResults mono = analyse(folder, measured);
    CHECK(total(mono.tracks.partial) == Approx(total(found.tracks.partial)).epsilon(1e-3));
}
