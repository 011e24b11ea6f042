#include <CLI/CLI.hpp>

#include <cmath>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/backend.hpp"
#include "engine/devices.hpp"
#include "engine/errors.hpp"
#include "tests/masking_runs.hpp"
#include "tests/oracle/backend.hpp"
#include "tests/pcm_runs.hpp"
#include "tests/runs.hpp"
#include "tests/signals.hpp"
#include "tests/small_session.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

/// An operation on some work, and what it makes of it on a backend.
struct Trial {
    std::string operation;
    std::string work;
    std::function<Signals(Backend&)> run;
    double allowed_db = promised_db;
};

/// 1e-4 of excitations and loudness: exponentials and powers in float, of tens of decibels.
constexpr double heard_db = -80.0;

Trial convolver(std::string work, int chunk_frames, const std::vector<int>& tap_counts, int frames) {
    return {"convolver", std::move(work), [=](Backend& backend) {
                const int count = static_cast<int>(tap_counts.size());
                ConvolverPlan plan;
                for (int row = 0; row < count; ++row) {
                    plan.kernels.push_back(room(tap_counts[row], 10 + row));
                    plan.paths.push_back({row, row, count + row});
                    plan.paths.push_back({row, row, count + (row + 1) % count, -0.3F});
                }
                return run_convolver(backend, shape_of(2 * count, chunk_frames), plan,
                                     noise_rows(count, frames, 1));
            }};
}

/// Files of one and two channels, in every format.
Trial pcm_loader(std::string work, int chunk_frames) {
    return {"pcm loader", std::move(work), [=](Backend& backend) {
                std::vector<PcmSource> sources;
                std::vector<Pcm> inputs;
                int row = 0;
                for (const PcmFormat& format : pcm_formats()) {
                    for (const int channel_count : {1, 2}) {
                        sources.push_back({row, channel_count, format});
                        row += channel_count;
                        const std::size_t frames = 3 * chunk_frames;
                        // Of floats those that no other is lost beside.
                        Pcm bytes = hard_pcm(format, frames * channel_count, 8);
                        if (format.sample == PcmSample::float32)
                            std::fill(bytes.begin(), bytes.end(), std::byte{0x3C});
                        inputs.push_back(std::move(bytes));
                    }
                }
                return run_pcm_loader(backend, shape_of(row, chunk_frames), sources, inputs);
            }};
}

Trial level_meter(std::string work, LevelKind kind) {
    return {"level meter", std::move(work), [=](Backend& backend) {
                std::vector<LevelTap> taps;
                for (int row = 0; row < 16; ++row) taps.push_back({row, kind});
                return run_level_meter(backend, shape_of(16, 4096), taps, noise_rows(16, 12000, 2));
            }};
}

Trial mixer(std::string work, int chunk_frames, int row_count) {
    return {"mixer", std::move(work), [=](Backend& backend) {
                const RowsShape shape = shape_of(row_count + 2, chunk_frames, 512);
                const int frames = 3 * chunk_frames;
                MixerPlan plan{.routes = {}, .curve_count = 2};
                for (int row = 0; row < row_count; ++row) {
                    const float gain = 0.1F * static_cast<float>(row % 10 + 1);
                    plan.routes.push_back({row, row_count, gain, 7 * row % 513, row % 3 - 1});
                    plan.routes.push_back({row, row_count + 1, 1.0F - gain, 0, -1});
                }
                const Signals curves = noise_rows(2, frames / control_hop + 1, 3);
                return run_mixer(backend, shape, plan, noise_rows(row_count, frames, 4), curves);
            }};
}

/// Rows of noise at levels 6 dB apart, as stereo objects: [slice, ear, object][band].
Trial excitation(std::string work, int sample_rate_hz, GridKind kind, int object_count) {
    return {"excitation", std::move(work),
            [=](Backend& backend) {
                const ExcitationPlan plan = stereo_plan(object_count, sample_rate_hz, kind);
                Signals inputs = noise_rows(2 * object_count, sample_rate_hz / 8, 6);
                float gain = 1.0F;
                for (Signal& row : inputs) {
                    for (float& x : row) x *= gain;
                    gain *= 0.5F;
                }
                const RowsShape shape = listening_shape(plan, 2 * object_count, sample_rate_hz / 160 * 16);
                const std::vector<float> all =
                    run_excitation(backend, shape, plan, inputs,
                                   {sample_rate_hz / 25, sample_rate_hz / 20, sample_rate_hz / 15});
                Signals patterns;
                for (auto band = all.begin(); band != all.end(); band += plan.grid.band_count()) {
                    patterns.emplace_back(band, band + plan.grid.band_count());
                }
                return patterns;
            },
            heard_db};
}

/// Who masks whom among objects of 0 to 80 dB, all sums: partial loudness, clash, benefit, cost.
Trial masking(std::string work, int object_count, GridKind kind) {
    return {"masking", std::move(work),
            [=](Backend& backend) {
                const MaskingPlan plan = tracks_plan(component_grid({}, kind), object_count, 4, 2);
                std::vector<float> excitations;
                for (const float x : noise(4 * 2 * object_count * plan.grid.band_count(), 7)) {
                    excitations.push_back(std::pow(10.0F, 4.0F + 4.0F * x));
                }
                const MaskingTile tile = run_masking(backend, plan, excitations).at(0);
                return Signals{tile.loudness, tile.partial, tile.clash, tile.benefit, tile.self_cost};
            },
            heard_db};
}

std::vector<Trial> all_trials() {
    return {
        convolver("kernels of 1 to 1025 taps, chunks of 256", 256, {1, 13, 255, 256, 257, 1009, 1025}, 4096),
        convolver("kernels of two seconds, chunks of 4096", 4096, {96000, 95989}, 110000),
        convolver("kernels of 4097 taps, chunks of 65536", 65536, {4097, 4096, 1}, 131072),
        pcm_loader("16, 24, 32 bit, float, both endians", 4096),
        level_meter("peak", LevelKind::peak),
        level_meter("mean square", LevelKind::mean_square),
        level_meter("true peak", LevelKind::true_peak),
        mixer("200 rows with delays and curves, chunks of 1024", 1024, 200),
        mixer("12 rows, chunks of 65536", 65536, 12),
        excitation("8 stereo objects at 48 kHz", 48000, GridKind::usual, 8),
        excitation("2 stereo objects at 44.1 kHz, exact grid", 44100, GridKind::exact, 2),
        masking("2 objects", 2, GridKind::usual),
        masking("40 objects", 40, GridKind::usual),
        masking("3 objects, exact grid", 3, GridKind::exact),
        {"whole plan", "six tracks, a bus, a reverb, dynamics",
         [](Backend& backend) {
             return render(backend, small_session(1024), noise_rows(small_session_source_count, 16000, 5));
         }},
    };
}

/// What the oracle makes of every trial; made once, for all devices.
std::vector<Signals> oracle_results(const std::vector<Trial>& trials) {
    const std::unique_ptr<Backend> textbook = oracle::make_backend();
    std::vector<Signals> results;
    for (const Trial& trial : trials) results.push_back(trial.run(*textbook));
    return results;
}

struct Tally {
    int passed = 0;
    int failed = 0;
};

void try_device(const std::string& id, const std::vector<Trial>& trials, const std::vector<Signals>& expected,
                Tally& tally) {
    const std::unique_ptr<Backend> backend = open_device(id).backend;
    const DeviceInfo& info = backend->info();
    std::printf("%s: %s (%s)\n", info.id.c_str(), info.name.c_str(), info.driver.c_str());
    for (std::size_t i = 0; i < trials.size(); ++i) {
        std::printf("  %-11s  %-50s", trials[i].operation.c_str(), trials[i].work.c_str());
        std::fflush(stdout);
        std::string outcome;
        bool ok = false;
        try {
            const double error_db = difference(expected[i], trials[i].run(*backend)).rms_db;
            ok = error_db < trials[i].allowed_db;
            char text[32];
            std::snprintf(text, sizeof text, "%7.1f dB", error_db);
            outcome = std::isinf(error_db) && ok ? "     exact" : text;
        } catch (const DeviceError& error) {
            outcome = std::string("     error: ") + error.what();
        }
        std::printf("%s  %s\n", outcome.c_str(), ok ? "ok" : "MISS");
        ++(ok ? tally.passed : tally.failed);
    }
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{
        "Runs every operation on this machine's devices and holds it against a double-precision reference. "
        "An error of -120 dB or more is a miss; of excitation and masking, powers and loudness, -80 dB. "
        "Exit status: 0 no miss, 1 a miss, 2 usage, 3 no such device.",
        "tutti-self-test"};
    std::string device;
    app.add_option("--device", device, "only this one: cpu, vulkan, vulkan:N (default: all)");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    try {
        std::vector<std::string> ids{device};
        if (device.empty()) {
            ids.clear();
            for (const DeviceInfo& info : list_devices()) ids.push_back(info.id);
        } else {
            open_device(device);  // says at once when it is not there
        }
        const std::vector<Trial> trials = all_trials();
        const std::vector<Signals> expected = oracle_results(trials);
        Tally tally;
        for (const std::string& id : ids) try_device(id, trials, expected, tally);
        std::printf("%d passed, %d failed\n", tally.passed, tally.failed);
        return tally.failed == 0 ? 0 : 1;
    } catch (const InputError& error) {
        std::fprintf(stderr, "tutti-self-test: %s\n", error.what());
        return 2;
    } catch (const DeviceError& error) {
        std::fprintf(stderr, "tutti-self-test: %s\n", error.what());
        return 3;
    }
}
