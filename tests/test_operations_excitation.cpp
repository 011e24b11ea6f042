#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/masking_analysis.hpp"
#include "engine/threads.hpp"
#include "tests/allocation_count.hpp"
#include "tests/backends.hpp"
#include "tests/masking_runs.hpp"
#include "tests/oracle/backend.hpp"
#include "tests/runs.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

constexpr double promised = 1e-4;  ///< of an excitation, relative

/// How far excitations are from what was expected, in the worst band: in units of what is allowed. Beside
/// what is promised, a bin next to a stronger one inherits its rounding: sqrt(n) 2^-24 of its amplitude, for
/// sums over the n frames of a window.
double worst_miss(const std::vector<float>& expected, const std::vector<float>& found, int band_count,
                  int window_frames) {
    REQUIRE(expected.size() == found.size());
    const double delta = 0x1p-24 * std::sqrt(static_cast<double>(window_frames));
    double worst = 0.0;
    for (std::size_t first = 0; first < expected.size(); first += band_count) {
        const auto begin = expected.begin() + static_cast<std::ptrdiff_t>(first);
        const double peak = *std::max_element(begin, begin + band_count);
        for (std::size_t i = first; i < first + band_count; ++i) {
            const double e = expected[i];
            const double allowed = promised * e + 2.0 * delta * std::sqrt(e * peak) + delta * delta * peak;
            const double error = std::abs(e - found[i]);
            if (!(error <= 0.0)) worst = std::max(worst, allowed > 0.0 ? error / allowed : 1e9);
            if (std::isnan(found[i])) worst = 1e9;
        }
    }
    return worst;
}

/// The greatest change, relative to the greater of both.
double worst_change(const std::vector<float>& a, const std::vector<float>& b) {
    REQUIRE(a.size() == b.size());
    double worst = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] == b[i]) continue;
        worst = std::max(worst, static_cast<double>(std::abs(a[i] - b[i])) / std::max(a[i], b[i]));
    }
    return worst;
}

/// Three objects: stereo, mono at both ears, and one ear only with factors on its power.
ExcitationPlan three_objects(int rate_hz, GridKind kind) {
    ExcitationPlan plan = stereo_plan(1, rate_hz, kind);
    plan.objects.push_back({.rows = {2, 2}, .weights = {}});
    ExcitationObject weighted{.rows = {1, 3}, .weights = {}};
    for (int k = 0; k < plan.grid.component_count(); ++k) {
        weighted.weights[0].push_back(0.0F);
        weighted.weights[1].push_back(1.0F + 0.01F * static_cast<float>(k));
    }
    plan.objects.push_back(weighted);
    return plan;
}

/// Rows of noise at levels 20 dB apart, that fade in.
Signals uneven_noise(int frames, std::uint32_t seed) {
    Signals rows = noise_rows(4, frames, seed);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        for (int i = 0; i < frames; ++i) {
            rows[row][i] *= std::pow(10.0F, -static_cast<float>(row)) * static_cast<float>(i) /
                            static_cast<float>(frames);
        }
    }
    return rows;
}

int longest(const ExcitationPlan& plan) { return 2 * masking_lookahead(plan.grid, plan.sample_rate_hz) + 1; }

}  // namespace

TEST_CASE("Excitations equal the textbook on noise, at every sample rate") {
    on_every_backend([](Backend& backend) {
        for (const int rate_hz : {8000, 44100, 48000, 96000, 192000}) {
            const ExcitationPlan plan = three_objects(rate_hz, GridKind::usual);
            const RowsShape shape = listening_shape(plan, 4, rate_hz / 160 * 16);
            const Signals inputs = uneven_noise(rate_hz / 5, 3);
            const std::vector<std::int64_t> centres{longest(plan) / 2, rate_hz / 11, rate_hz / 10 + 7,
                                                    rate_hz / 8};
            const auto expected = run_excitation(*oracle::make_backend(), shape, plan, inputs, centres);
            const auto found = run_excitation(backend, shape, plan, inputs, centres);
            CAPTURE(rate_hz);
            CHECK(worst_miss(expected, found, plan.grid.band_count(), longest(plan)) <= 1.0);
        }
    });
}

TEST_CASE("Excitations of the exact grid equal the textbook") {
    on_every_backend([](Backend& backend) {
        const ExcitationPlan plan = three_objects(48000, GridKind::exact);
        const RowsShape shape = listening_shape(plan, 4, 4800);
        const Signals inputs = uneven_noise(6000, 5);
        const auto expected = run_excitation(*oracle::make_backend(), shape, plan, inputs, {3000});
        const auto found = run_excitation(backend, shape, plan, inputs, {3000});
        CHECK(worst_miss(expected, found, plan.grid.band_count(), longest(plan)) <= 1.0);
    });
}

TEST_CASE("Excitations of given powers equal the textbook, silent components and all") {
    on_every_backend([](Backend& backend) {
        for (const GridKind kind : {GridKind::usual, GridKind::exact}) {
            ExcitationPlan plan;
            plan.sample_rate_hz = 48000;
            std::vector<double> hz;
            for (double f = 30.0; f < 15000.0; f *= 1.04) hz.push_back(f);
            plan.grid = component_grid(hz, kind);
            plan.cochlea_gains.assign(hz.size(), 1.0);
            plan.objects.resize(3, {.rows = {0, 0}, .weights = {}});
            plan.most_slices = 3;
            std::vector<float> powers;
            for (const float x : noise(static_cast<int>(3 * 2 * 3 * hz.size()), 7)) {
                // -40 ... 100 dB, every third one silent, and the last slice wholly.
                const bool silent = powers.size() % 3 == 0 || powers.size() >= 2 * 2 * 3 * hz.size();
                powers.push_back(silent ? 0.0F : std::pow(10.0F, 3.0F + 7.0F * x));
            }
            const auto expected = run_powers(*oracle::make_backend(), plan, powers);
            const auto found = run_powers(backend, plan, powers);
            CAPTURE(static_cast<int>(kind));
            CHECK(worst_miss(expected, found, plan.grid.band_count(), 0) <= 1.0);
        }
    });
}

TEST_CASE("Silence excites nothing, and what was before the first frame was silence") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const ExcitationPlan plan = stereo_plan(1, 48000, GridKind::usual);
        const RowsShape shape = listening_shape(plan, 2, 4800);
        const auto found =
            run_excitation(backend, shape, plan, Signals(2, Signal(9600, 0.0F)), {-1000, 0, 240, 5000});
        CHECK(found == std::vector<float>(found.size(), 0.0F));
    });
}

TEST_CASE("A slice hears the frames of its longest window and none beside it") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const ExcitationPlan plan = stereo_plan(1, 48000, GridKind::usual);
        const int half = longest(plan) / 2;
        constexpr int centre = 4000;
        for (const int side : {-1, 1}) {
            for (const int distance : {half, half + 1}) {
                const RowsShape shape = listening_shape(plan, 2, 4800);
                const Signal x = impulse(9600, centre + side * distance);
                const auto found = run_excitation(backend, shape, plan, {x, x}, {centre});
                CAPTURE(side, distance);
                const bool heard = std::any_of(found.begin(), found.end(), [](float e) { return e > 0.0F; });
                CHECK(heard == (distance == half));
            }
        }
    });
}

TEST_CASE("High bands hear a sound's end when it ends, low bands later") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        ExcitationPlan plan = stereo_plan(1, 48000, GridKind::usual);
        plan.cochlea_gains = cochlea_gains(plan.grid, 40.0);  // soft: narrow filters
        const RowsShape shape = listening_shape(plan, 2, 4800);
        Signal x = noise(9600, 9);
        const auto going = run_excitation(backend, shape, plan, {x, x}, {4800});
        std::fill(x.begin() + 4800 - 96, x.end(), 0.0F);  // 2 ms before the slice's centre
        const auto ended = run_excitation(backend, shape, plan, {x, x}, {4800});
        for (int band = 0; band < plan.grid.band_count(); ++band) {
            CAPTURE(plan.grid.band_hz[band], going[band], ended[band]);
            if (plan.grid.band_hz[band] > 6000.0) CHECK(ended[band] < 1e-2F * going[band]);
            if (plan.grid.band_hz[band] < 400.0) CHECK(ended[band] > 1e-2F * going[band]);
        }
    });
}

TEST_CASE("Slices are the same wherever chunks and batches of slices end") {
    on_every_backend([](Backend& backend) {
        ExcitationPlan plan = stereo_plan(1, 48000, GridKind::usual);
        const Signals inputs = noise_rows(2, 12000, 11);
        std::vector<std::int64_t> centres;
        for (std::int64_t centre = 240; centre < 9000; centre += 480) centres.push_back(centre);
        const auto whole = run_excitation(backend, listening_shape(plan, 2, 12000), plan, inputs, centres);
        for (const int chunk_frames : {1024, 4800}) {
            for (const int most_slices : {1, 3}) {
                plan.most_slices = most_slices;
                const auto found =
                    run_excitation(backend, listening_shape(plan, 2, chunk_frames), plan, inputs, centres);
                CAPTURE(chunk_frames, most_slices);
                CHECK(worst_change(whole, found) < 1e-5);
            }
        }
    });
}

TEST_CASE("Excitations add: a sound split in two objects excites as much as in one") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        ExcitationPlan whole = stereo_plan(2, 48000, GridKind::usual);
        ExcitationPlan split = whole;
        split.objects.push_back(split.objects[0]);
        const std::size_t components = whole.grid.component_count();
        for (int ear = 0; ear < 2; ++ear) {
            split.objects[0].weights[ear].assign(components, 0.25F);
            split.objects[2].weights[ear].assign(components, 0.75F);
        }
        const RowsShape shape = listening_shape(whole, 4, 4800);
        const Signals inputs = noise_rows(4, 9600, 13);
        const auto one = run_excitation(backend, shape, whole, inputs, {4800});
        const auto two = run_excitation(backend, shape, split, inputs, {4800});
        const std::size_t bands = whole.grid.band_count();
        std::vector<float> sums;
        for (std::size_t ear = 0; ear < 2; ++ear) {
            for (std::size_t object = 0; object < 2; ++object) {
                for (std::size_t band = 0; band < bands; ++band) {
                    const float part = two[(3 * ear + object) * bands + band];
                    const float rest = object == 0 ? two[(3 * ear + 2) * bands + band] : 0.0F;
                    sums.push_back(part + rest);
                }
            }
        }
        CHECK(worst_change(one, sums) < 1e-5);
    });
}

TEST_CASE("Louder signals at a lower calibration excite the same, at a higher one they spread upwards") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        ExcitationPlan plan = stereo_plan(1, 48000, GridKind::usual);
        const RowsShape shape = listening_shape(plan, 2, 4800);
        Signals inputs(2, sine(9600, 500.0 / 48000.0, 0.0, 0.1));
        const auto first = run_excitation(backend, shape, plan, inputs, {4800});
        for (Signal& row : inputs) {
            for (float& x : row) x *= 4.0F;
        }
        const auto louder = run_excitation(backend, shape, plan, inputs, {4800});
        plan.cochlea_gains = cochlea_gains(plan.grid, 100.0 - 20.0 * std::log10(4.0));
        const auto calibrated = run_excitation(backend, shape, plan, inputs, {4800});
        CHECK(worst_change(first, calibrated) < 1e-5);
        const auto octave_up = std::lower_bound(plan.grid.band_hz.begin(), plan.grid.band_hz.end(), 1000.0) -
                               plan.grid.band_hz.begin();
        CHECK(louder[octave_up] > 2.0F * 16.0F * first[octave_up]);
    });
}

TEST_CASE("Exchanged ears hear each other's excitations, and one row twice is heard alike by both") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        ExcitationPlan plan = three_objects(48000, GridKind::usual);
        const RowsShape shape = listening_shape(plan, 4, 4800);
        const Signals inputs = uneven_noise(9600, 17);
        const auto found = run_excitation(backend, shape, plan, inputs, {4800});
        for (ExcitationObject& object : plan.objects) {
            std::swap(object.rows[0], object.rows[1]);
            std::swap(object.weights[0], object.weights[1]);
        }
        auto swapped = run_excitation(backend, shape, plan, inputs, {4800});
        const auto half = static_cast<std::ptrdiff_t>(swapped.size() / 2);
        std::rotate(swapped.begin(), swapped.begin() + half, swapped.end());
        CHECK(worst_change(found, swapped) < 1e-6);

        ExcitationPlan mono = stereo_plan(1, 48000, GridKind::usual);
        mono.objects[0].rows = {2, 2};
        const auto both = run_excitation(backend, shape, mono, inputs, {4800});
        const auto middle = both.begin() + static_cast<std::ptrdiff_t>(both.size() / 2);
        CHECK(std::equal(both.begin(), middle, middle, both.end()));
    });
}

TEST_CASE("Excitations are read as they were written, slice by slice") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const auto tile = backend.make_excitations({5, 3, 150});
        constexpr std::size_t slice = 2 * 3 * 150;
        std::vector<float> all(5 * slice);
        tile->read(0, all);
        CHECK(all == std::vector<float>(all.size(), 0.0F));
        const Signal values = noise(3 * slice, 19);
        tile->write(1, values);
        tile->read(0, all);
        CHECK(std::equal(values.begin(), values.end(), all.begin() + slice));
        CHECK(std::count(all.begin(), all.begin() + slice, 0.0F) == slice);
        Signal last(slice);
        tile->read(3, last);
        CHECK(std::equal(last.begin(), last.end(), values.end() - slice));
    });
}

TEST_CASE("Excitations are the same bytes on one thread or many") {
    on_every_backend([](Backend& backend) {
        const ExcitationPlan plan = three_objects(48000, GridKind::usual);
        const RowsShape shape = listening_shape(plan, 4, 4800);
        const Signals inputs = uneven_noise(9600, 23);
        const std::vector<std::int64_t> centres{2400, 2880, 3360, 3840, 4320};
        const auto first = run_excitation(backend, shape, plan, inputs, centres);
        for (const int count : {1, 2, 5}) {
            set_thread_count(count);
            const auto again = run_excitation(backend, shape, plan, inputs, centres);
            set_thread_count(0);
            CAPTURE(count);
            CHECK(first == again);
        }
    });
}

TEST_CASE("Excitation allocates nothing while it works") {
    on_every_backend_without_validation([](Backend& backend) {
        const ExcitationPlan plan = three_objects(48000, GridKind::usual);
        const RowsShape shape = listening_shape(plan, 4, 4800);
        const auto rows = backend.make_rows(shape);
        const auto excitation = backend.make_excitation(shape, plan);
        const auto tile = backend.make_excitations({4, 3, plan.grid.band_count()});
        const std::vector<int> centres{500, 980, 1460, 1940};
        const std::vector<float> powers(static_cast<std::size_t>(2) * 3 * plan.grid.component_count(), 1.0F);
        rows->write(0, Signal(static_cast<std::size_t>(4) * 4800, 0.1F));
        // A Vulkan driver compiles each variant of a shader when this pipeline first meets it: not ours to
        // count.
        for (int repeat = 0; repeat < 4; ++repeat) {
            excitation->process(*rows, centres, *tile, 0);
            excitation->process_powers(powers, *tile, 0);
        }
        const AllocationCount allocations;
        excitation->process(*rows, centres, *tile, 0);
        excitation->process_powers(powers, *tile, 0);
        const long count = allocations.count();
        CHECK(count == 0);
    });
}
