#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/masking_model.hpp"
#include "engine/threads.hpp"
#include "tests/allocation_count.hpp"
#include "tests/backends.hpp"
#include "tests/masking_runs.hpp"
#include "tests/oracle/backend.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

/// Excitations of -10 to 90 dB, independent in every cell; every seventh is silent.
std::vector<float> random_excitations(const MaskingPlan& plan, int slice_count, std::uint32_t seed) {
    std::vector<float> values;
    const int count = slice_count * 2 * plan.excitation_count * plan.grid.band_count();
    for (const float x : noise(count, seed)) {
        values.push_back(values.size() % 7 == 3 ? 0.0F : std::pow(10.0F, 4.0F + 5.0F * x));
    }
    return values;
}

/// Excitations as the operations see them, summed as a plan says.
class Cells {
  public:
    Cells(const MaskingPlan& plan, const std::vector<float>& excitations)
        : plan_(plan), excitations_(excitations) {}

    double excitation(int slice, int ear, int excitation, int band) const {
        return excitations_[((static_cast<std::size_t>(slice) * 2 + ear) * plan_.excitation_count +
                             excitation) *
                                plan_.grid.band_count() +
                            band];
    }
    double of(const std::vector<int>& excitations, int slice, int ear, int band) const {
        double sum = 0.0;
        for (const int j : excitations) sum += excitation(slice, ear, j, band);
        return sum;
    }
    double total(int slice, int ear, int band) const {
        double sum = 0.0;
        for (int j = 0; j < plan_.excitation_count; ++j) sum += excitation(slice, ear, j, band);
        return sum;
    }

  private:
    const MaskingPlan& plan_;
    const std::vector<float>& excitations_;
};

/// Rounding of one partial loudness in float, at most: it is a difference of terms as large as C (G E_T +
/// A)^alpha, each a power with the precision that Vulkan asks of pow(x, y) = exp2(y log2 x): 3 ULP of log2 x
/// (33 at most here) times alpha, then 3 + 2 |y log2 x| ULP: about 32 in all, of 2^-24.
double rounding(double total, const BandConstants& band) {
    return 32.0 * 0x1p-24 * loudness_scale * std::pow(band.g * total + band.a, band.alpha);
}

/// [band group] and [hop][display band]: what rounding may come to in sums over both ears.
struct Roundings {
    std::vector<double> groups, cells;

    Roundings(const MaskingPlan& plan, const Cells& cells_of, int first_slice, int slice_count)
        : groups(plan.grid.group_count(), 0.0),
          cells(static_cast<std::size_t>(plan.tile_slices / plan.hop_slices) * plan.grid.display_band_count(),
                0.0) {
        for (int slice = 0; slice < slice_count; ++slice) {
            const int hop = slice / plan.hop_slices;
            const int in_hop = std::min(plan.hop_slices, slice_count - hop * plan.hop_slices);
            for (int band = 0; band < plan.grid.band_count(); ++band) {
                const BandConstants constants = band_constants(plan.grid.band_hz[band]);
                double both = 0.0;
                for (int ear = 0; ear < 2; ++ear) {
                    both += rounding(cells_of.total(first_slice + slice, ear, band), constants);
                }
                both *= plan.grid.band_step_cam;
                groups[plan.grid.band_groups[band]] += both * plan.slice_s;
                cells[hop * plan.grid.display_band_count() + plan.grid.display_bands[band]] += both / in_hop;
            }
        }
    }
};

/// The worst of error / (1e-4 of what was expected + rounding), with the place for messages. `rounding_of`:
/// by index.
template <typename RoundingOf>
std::string worst(const std::vector<float>& expected, const std::vector<float>& found, std::size_t count,
                  const RoundingOf& rounding_of) {
    for (std::size_t i = 0; i < count; ++i) {
        const double error = std::abs(static_cast<double>(expected[i]) - found[i]);
        if (error <= 1e-4 * std::abs(expected[i]) + rounding_of(i)) continue;
        if (std::isnan(expected[i]) && std::isnan(found[i])) continue;
        return std::to_string(i) + ": " + std::to_string(expected[i]) + " expected, " +
               std::to_string(found[i]) + " found";
    }
    return "";
}

void check_tile(const MaskingPlan& plan, const MaskingTile& expected, const MaskingTile& found,
                const Roundings& roundings) {
    const std::size_t bands = plan.grid.display_band_count();
    const std::size_t objects = plan.objects.size();
    const std::size_t maskers = plan.excitation_count;
    REQUIRE(found.hop_count == expected.hop_count);
    const std::size_t cells = expected.hop_count * objects * bands;
    const auto no_rounding = [](std::size_t) { return 0.0; };
    const auto per_cell = [&](std::size_t i) {
        return roundings.cells[i / (objects * bands) * bands + i % bands];
    };
    const auto per_pair = [&](std::size_t i) { return roundings.groups[i / (objects * maskers)]; };
    const auto per_object = [&](std::size_t i) { return roundings.groups[i / objects]; };
    const auto per_class = [&](std::size_t i) { return roundings.groups[i / (objects * audibility_count)]; };
    // 1e-4 of a power, in dB.
    CHECK(worst(expected.margin_db, found.margin_db, cells, [](std::size_t) { return 4.4e-4; }) == "");
    CHECK(worst(expected.loudness, found.loudness, cells, per_cell) == "");
    CHECK(worst(expected.excitation, found.excitation, expected.hop_count * 2 * maskers * bands,
                no_rounding) == "");
    CHECK(worst(expected.clash, found.clash, expected.clash.size(), per_pair) == "");
    CHECK(worst(expected.benefit, found.benefit, expected.benefit.size(), per_pair) == "");
    CHECK(worst(expected.self_cost, found.self_cost, expected.self_cost.size(), per_object) == "");
    CHECK(worst(expected.partial, found.partial, expected.partial.size(), per_object) == "");
    CHECK(worst(expected.audibility, found.audibility, expected.audibility.size(), per_class) == "");
}

/// Cells that rounding could carry over the edge between active and not, or between classes: none, or the
/// comparison of counts would be by luck.
int cells_at_an_edge(const MaskingPlan& plan, const Cells& cells, int slice_count) {
    const auto near = [](double a, double b) { return std::abs(a - b) <= 1e-5 * b; };
    int count = 0;
    for (std::size_t object = 0; object < plan.objects.size(); ++object) {
        std::vector<int> maskers;
        for (int j = 0; j < plan.excitation_count; ++j) {
            const auto& own = plan.objects[object];
            const auto& relatives = plan.relatives[object];
            if (std::find(own.begin(), own.end(), j) != own.end()) continue;
            if (std::find(relatives.begin(), relatives.end(), j) != relatives.end()) continue;
            maskers.push_back(j);
        }
        double greatest = 0.0;
        for (int slice = 0; slice < slice_count; ++slice) {
            if (slice % plan.tile_slices == 0) {
                for (int later = slice; later < std::min(slice + plan.tile_slices, slice_count); ++later) {
                    for (int i = 0; i < 2 * plan.grid.band_count(); ++i) {
                        greatest = std::max(greatest, cells.of(plan.objects[object], later, i % 2, i / 2));
                    }
                }
            }
            for (int band = 0; band < plan.grid.band_count(); ++band) {
                const BandConstants constants = band_constants(plan.grid.band_hz[band]);
                for (int ear = 0; ear < 2; ++ear) {
                    const double e = cells.of(plan.objects[object], slice, ear, band);
                    const double ratio = audibility(e, cells.of(maskers, slice, ear, band), constants);
                    if (near(e, constants.threshold) || near(e * 1e6, greatest)) ++count;
                    for (const double edge_db : {0.0, 6.0, 15.0}) {
                        if (near(ratio, std::pow(10.0, edge_db / 10.0))) ++count;
                    }
                }
            }
        }
    }
    return count;
}

void check_against_the_textbook(Backend& backend, const MaskingPlan& plan, int slice_count,
                                std::uint32_t seed) {
    const std::vector<float> excitations = random_excitations(plan, slice_count, seed);
    const Cells cells(plan, excitations);
    REQUIRE(cells_at_an_edge(plan, cells, slice_count) == 0);
    const auto expected = run_masking(*oracle::make_backend(), plan, excitations);
    const auto found = run_masking(backend, plan, excitations);
    REQUIRE(found.size() == expected.size());
    for (std::size_t tile = 0; tile < expected.size(); ++tile) {
        const int first = static_cast<int>(tile) * plan.tile_slices;
        CAPTURE(tile);
        check_tile(plan, expected[tile], found[tile],
                   Roundings(plan, cells, first, std::min(plan.tile_slices, slice_count - first)));
    }
}

}  // namespace

TEST_CASE("Margins, loudness, clashes and benefits of one, two and five tracks equal the textbook") {
    on_every_backend([](Backend& backend) {
        const MaskingGrid grid = component_grid({}, GridKind::usual);
        for (const int tracks : {1, 2, 5}) {
            CAPTURE(tracks);
            // Two whole tiles of two hops, and one that ends within its first hop.
            check_against_the_textbook(backend, tracks_plan(grid, tracks, 6, 3), 14, 100 + tracks);
        }
    });
}

TEST_CASE("Masking between 128 tracks equals the textbook") {
    on_every_backend([](Backend& backend) {
        check_against_the_textbook(backend, tracks_plan(component_grid({}, GridKind::usual), 128, 1, 1), 1,
                                   8);
    });
}

TEST_CASE("Masking on the exact and on the display grid equals the textbook") {
    on_every_backend([](Backend& backend) {
        check_against_the_textbook(backend, tracks_plan(component_grid({}, GridKind::exact), 3, 2, 1), 2, 3);
        check_against_the_textbook(backend, tracks_plan(display_grid(), 3, 2, 1), 2, 4);
    });
}

TEST_CASE("Masking between groups, and beside relatives, equals the textbook") {
    on_every_backend([](Backend& backend) {
        MaskingPlan plan = tracks_plan(component_grid({}, GridKind::usual), 7, 4, 2);
        plan.objects = {{0, 3, 6}, {1}, {2, 4, 5}};
        plan.relatives = {{1}, {0, 6}, {}};
        check_against_the_textbook(backend, plan, 7, 5);
        plan.objects = {{0, 1, 2, 3, 4, 5, 6}};  // everyone: nobody masks it
        plan.relatives = {{}};
        check_against_the_textbook(backend, plan, 4, 6);
        plan.objects = {{0}, {1}};  // the others only mask
        plan.relatives = {{1, 2, 3, 4, 5, 6}, {}};
        check_against_the_textbook(backend, plan, 4, 7);
    });
}

TEST_CASE("Loudness alone is that of everything, and nothing else is made") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        MaskingPlan plan = tracks_plan(component_grid({}, GridKind::usual), 7, 4, 2);
        plan.objects = {{0, 3, 6}, {1}, {2, 4, 5}};
        plan.relatives = {{1}, {0, 6}, {}};
        std::vector<float> excitations = random_excitations(plan, 7, 11);
        excitations[3 * plan.grid.band_count() + 70] = 4e10F;  // over 100 dB
        const auto everything = run_masking(backend, plan, excitations);
        plan.work = MaskingWork::loudness;
        const auto alone = run_masking(backend, plan, excitations);
        REQUIRE(alone.size() == 2);
        for (std::size_t tile = 0; tile < alone.size(); ++tile) {
            CHECK(alone[tile].hop_count == everything[tile].hop_count);
            const auto equal = [](const std::vector<float>& a, const std::vector<float>& b,
                                  std::size_t count) {
                REQUIRE(a.size() == b.size());
                for (std::size_t i = 0; i < count; ++i) CHECK(a[i] == Approx(b[i]).epsilon(1e-5));
            };
            const std::size_t shown = alone[tile].hop_count * 3 * plan.grid.display_band_count();
            equal(alone[tile].loudness, everything[tile].loudness, shown);
            equal(alone[tile].partial, everything[tile].partial, alone[tile].partial.size());
            for (const auto* left_out :
                 {&alone[tile].margin_db, &alone[tile].excitation, &alone[tile].clash, &alone[tile].benefit,
                  &alone[tile].self_cost, &alone[tile].audibility}) {
                CHECK(left_out->empty());
            }
        }
    });
}

TEST_CASE("A track's greatest excitation is remembered from tile to tile") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const MaskingGrid grid = component_grid({}, GridKind::usual);
        const MaskingPlan plan = tracks_plan(grid, 1, 1, 1);
        const std::size_t slice = 2 * grid.band_count();
        std::vector<float> excitations(3 * slice, 0.0F);
        std::fill(excitations.begin(), excitations.begin() + slice, 1e3F);
        excitations[slice + 100] = 1e10F;
        std::fill(excitations.end() - slice, excitations.end(), 0.9e4F);  // 60.5 dB less than that
        const auto tiles = run_masking(backend, plan, excitations);
        const auto active = [](const MaskingTile& tile) {
            double sum = 0.0;
            for (const float x : tile.audibility) sum += x;
            return sum;
        };
        double everywhere = 0.0;  // in both ears
        for (const double hz : grid.band_hz) everywhere += 2.0 * specific_loudness(1e3, band_constants(hz));
        const double in_one_cell = specific_loudness(1e10, band_constants(grid.band_hz[100]));
        CHECK(active(tiles[0]) == Approx(0.01 * 0.25 * everywhere).epsilon(1e-4));
        CHECK(active(tiles[1]) == Approx(0.01 * 0.25 * in_one_cell).epsilon(1e-4));
        CHECK(active(tiles[2]) == 0.0);
        CHECK(std::all_of(tiles[2].margin_db.begin(), tiles[2].margin_db.end(),
                          [](float x) { return std::isnan(x); }));
    });
}

TEST_CASE("Masking is the same bytes on one thread or many") {
    on_every_backend([](Backend& backend) {
        for (const MaskingWork work : {MaskingWork::everything, MaskingWork::loudness}) {
            MaskingPlan plan = tracks_plan(component_grid({}, GridKind::usual), 20, 4, 2);
            plan.relatives[3] = {4, 5};
            plan.work = work;
            const std::vector<float> excitations = random_excitations(plan, 4, 9);
            const MaskingTile first = run_masking(backend, plan, excitations).at(0);
            for (const int count : {1, 2, 5}) {
                set_thread_count(count);
                const MaskingTile again = run_masking(backend, plan, excitations).at(0);
                set_thread_count(0);
                CAPTURE(count);
                CHECK(first.loudness == again.loudness);
                CHECK(first.clash == again.clash);
                CHECK(first.benefit == again.benefit);
                CHECK(first.partial == again.partial);
                CHECK(first.self_cost == again.self_cost);
                CHECK(first.audibility == again.audibility);
            }
        }
    });
}

TEST_CASE("Masking allocates nothing while it works") {
    on_every_backend_without_validation([](Backend& backend) {
        for (const MaskingWork work : {MaskingWork::everything, MaskingWork::loudness}) {
            MaskingPlan plan = tracks_plan(component_grid({}, GridKind::usual), 5, 4, 2);
            plan.work = work;
            const auto tile = backend.make_excitations({4, 5, plan.grid.band_count()});
            tile->write(0, random_excitations(plan, 4, 10));
            const auto masking = backend.make_masking(plan);
            MaskingTile result(plan);
            // A Vulkan driver compiles each variant of a shader when this pipeline first meets it: not ours
            // to count.
            for (int repeat = 0; repeat < 4; ++repeat) masking->process(*tile, 4, result);
            const AllocationCount allocations;
            masking->process(*tile, 4, result);
            masking->process(*tile, 3, result);
            const long count = allocations.count();
            CHECK(count == 0);
        }
    });
}
