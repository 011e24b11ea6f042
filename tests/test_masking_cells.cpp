#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "engine/cpu/aligned.hpp"
#include "engine/cpu/filter_bank.hpp"
#include "engine/cpu/masking_kernels.hpp"
#include "engine/cpu/sum_tree.hpp"
#include "engine/masking_model.hpp"

using namespace tutti;

namespace {

/// Sixteen cells of one band, with constants of that band, through the vector loops.
struct SixteenCells {
    static constexpr int count = 16;
    BandConstants band;
    cpu::AlignedFloats constants = cpu::AlignedFloats(8 * count);
    cpu::AlignedFloats target = cpu::AlignedFloats(2 * count);
    cpu::AlignedFloats masker = cpu::AlignedFloats(2 * count);
    cpu::AlignedFloats sums = cpu::AlignedFloats(cpu::HopSums::row_count * count);
    cpu::AlignedFloats weights = cpu::AlignedFloats(4 * count);
    char is_active = 0;

    explicit SixteenCells(double hz) : band(band_constants(hz)) {
        const double floor = std::pow(band.a, band.alpha);
        const double at_threshold = std::pow(band.g * band.threshold + band.a, band.alpha) - floor;
        const double values[8] = {band.k, band.threshold,  band.g, band.alpha,
                                  band.a, band.g / band.a, floor,  at_threshold};
        for (std::size_t i = 0; i < constants.size(); ++i) {
            constants[i] = static_cast<float>(values[i / count]);
        }
    }

    /// Both ears hear the same.
    void set(int cell, double target_db, double masker_db) {
        for (int ear = 0; ear < 2; ++ear) {
            target[ear * count + cell] = static_cast<float>(std::pow(10.0, target_db / 10.0));
            masker[ear * count + cell] = static_cast<float>(std::pow(10.0, masker_db / 10.0));
        }
    }

    void process() {
        std::fill(sums.begin(), sums.end(), 0.0F);
        is_active = 0;
        cpu::Cells cells;
        cells.band_count = count;
        const float* const c = constants.data();
        cells.constants = {c,
                           c + count,
                           c + 2 * count,
                           c + 3 * count,
                           c + 4 * count,
                           c + 5 * count,
                           c + 6 * count,
                           c + 7 * count};
        for (int ear = 0; ear < 2; ++ear) {
            cells.target[ear] = target.data() + ear * count;
            cells.masker[ear] = masker.data() + ear * count;
            cells.clash[ear] = weights.data() + ear * count;
            cells.benefit[ear] = weights.data() + (2 + ear) * count;
        }
        cells.sums = sums.data();
        cells.is_active = &is_active;
        cpu::masking_kernels().cells.process(cells);
    }

    double sum(int row, int cell) const { return sums[row * count + cell]; }
};

constexpr double natural_per_db = 0.23025850929940457;

/// Sone per Cam: so far under a masker the model's own differences vanish in double.
constexpr double nothing = 1e-20;

/// Whether a value is the model's, to 1e-5 of it or the least allowed. Around the masked threshold of a loud
/// masker the model rises so steeply, and its derivatives jump, that the roundings of the excitations
/// themselves count: theirs are four units in the last place.
template <typename Model>
bool follows(double found, double target, double least_allowed, const Model& model) {
    const double rounding = std::ldexp(4.0, -24);
    const double values[3] = {model(target * (1.0 - rounding)), model(target),
                              model(target * (1.0 + rounding))};
    const auto [low, high] = std::minmax_element(values, values + 3);
    const double allowed = std::max(least_allowed, 1e-5 * std::max(std::abs(*low), std::abs(*high)));
    return found >= *low - allowed && found <= *high + allowed;
}

}  // namespace

TEST_CASE("the vector loops of masking follow the model over all levels that are heard") {
    for (const double hz : {50.0, 120.0, 400.0, 1000.0, 9000.0}) {
        SixteenCells cells(hz);
        const BandConstants& band = cells.band;
        for (double target_db = -20.0; target_db <= 95.0; target_db += 2.3) {
            for (double first_db = -20.0; first_db < 95.0; first_db += 16.0 * 1.7) {
                for (int cell = 0; cell < SixteenCells::count; ++cell) {
                    cells.set(cell, target_db, std::min(95.0, first_db + 1.7 * cell));
                }
                cells.process();
                for (int cell = 0; cell < SixteenCells::count; ++cell) {
                    const double target = cells.target[cell];
                    const double masker = cells.masker[cell];
                    CAPTURE(hz, target_db, 10.0 * std::log10(masker));
                    // Both ears: twice.
                    CHECK(follows(cells.sum(cpu::HopSums::partial, cell), target, nothing,
                                  [&](double e) { return 2.0 * partial_loudness(e, masker, band); }));
                    CHECK(follows(cells.sum(cpu::HopSums::self_cost, cell), target, nothing, [&](double e) {
                        return 2.0 * natural_per_db * e * partial_loudness_by_target(e, masker, band);
                    }));
                    const double active = target > band.threshold ? 1.0 : 0.0;
                    const double at_stake = specific_loudness(target, band) / masker;  // times severity
                    CHECK(follows(cells.weights[cell], target, 1e-6 * at_stake, [&](double e) {
                        const double margin_db = 10.0 * std::log10(audibility(e, masker, band));
                        const double severity = std::clamp(1.0 - margin_db / 15.0, 0.0, 1.0);
                        return active * severity * specific_loudness(e, band) / masker;
                    }));
                    CHECK(follows(
                        cells.weights[2 * SixteenCells::count + cell], target, nothing, [&](double e) {
                            return active * -natural_per_db * partial_loudness_by_masker(e, masker, band);
                        }));
                }
            }
        }
    }
}

TEST_CASE("the vector loops count cells by their margin in the better ear, and only active ones") {
    SixteenCells cells(1000.0);
    const double k_db = 10.0 * std::log10(cells.band.k);
    for (int cell = 0; cell < SixteenCells::count; ++cell) cells.set(cell, -40.0, 60.0);
    cells.set(0, 60.0 + k_db - 1.0, 60.0);
    cells.set(1, 60.0 + k_db + 3.0, 60.0);
    cells.set(2, 60.0 + k_db + 10.0, 60.0);
    cells.set(3, 60.0 + k_db + 20.0, 60.0);
    cells.target[SixteenCells::count + 1] = 0.0F;  // the other ear hears nothing of it
    cells.process();
    CHECK(cells.is_active == 1);
    for (int margin_class = 0; margin_class < 4; ++margin_class) {
        for (int cell = 0; cell < SixteenCells::count; ++cell) {
            CHECK(cells.sum(cpu::HopSums::audibility + margin_class, cell) ==
                  (cell == margin_class ? 1.0 : 0.0));
        }
    }
    for (int cell = 4; cell < SixteenCells::count; ++cell) cells.set(cell, -200.0, 60.0);
    for (int cell = 0; cell < 4; ++cell) cells.set(cell, 2.0, 60.0);
    cells.process();
    CHECK(cells.is_active == 0);
    CHECK(std::all_of(cells.weights.begin(), cells.weights.end(), [](float w) { return w == 0.0F; }));
}

TEST_CASE("nothing heard leaves no sums and weighs nothing") {
    SixteenCells cells(500.0);
    cells.weights.assign(cells.weights.size(), 1.0F);
    cells.process();
    const auto is_zero = [](float x) { return x == 0.0F; };
    CHECK(std::all_of(cells.weights.begin(), cells.weights.end(), is_zero));
    CHECK(std::all_of(cells.sums.begin(), cells.sums.end(), is_zero));
    CHECK(cells.is_active == 0);
}

TEST_CASE("a sum tree adds up all rows but those left out") {
    for (const int count : {1, 2, 3, 7, 16, 37}) {
        const cpu::SumTree tree(count);
        cpu::AlignedFloats rows(16 * static_cast<std::size_t>(count));
        // Powers of two and their sums are exact.
        for (int row = 0; row < count; ++row) rows[16 * row] = std::ldexp(1.0F, row % 20);
        cpu::AlignedFloats nodes(16 * static_cast<std::size_t>(tree.node_count()));
        tree.add_up(rows.data(), 16, nodes.data(), cpu::masking_kernels().cells);
        const std::vector<std::vector<int>> cases = {
            {}, {0}, {count - 1}, {0, count / 2}, {count / 3, count / 2, count - 1}};
        for (std::vector<int> left_out : cases) {
            left_out.erase(std::unique(left_out.begin(), left_out.end()), left_out.end());
            CAPTURE(count, left_out);
            double expected = 0.0;
            for (int row = 0; row < count; ++row) {
                if (std::find(left_out.begin(), left_out.end(), row) == left_out.end()) {
                    expected += rows[16 * row];
                }
            }
            double sum = 0.0;
            const std::vector<int> terms = tree.all_but(left_out);
            for (const int term : terms) {
                sum += term < count ? rows[16 * term] : nodes[16 * (term - count)];
            }
            CHECK(sum == expected);
            CHECK(terms.size() <= 2 * (left_out.size() + 1) * 6);  // not row by row
        }
    }
}

TEST_CASE("filters of all levels have the roex shape") {
    const std::vector<double> component_hz = {30.0, 200.0, 1000.0, 1010.0, 5000.0, 12000.0};
    const MaskingGrid grid = component_grid(component_hz, GridKind::usual);
    const cpu::FilterBank filters(grid);
    cpu::FilterBank::Workspace work = filters.make_workspace(1);
    cpu::StageClock clock;
    cpu::StageTimer timer(clock);
    cpu::AlignedFloats bands(cpu::padded(grid.band_hz.size()));
    for (std::size_t c = 0; c < component_hz.size(); ++c) {
        for (const double level_db : {-10.0, 20.0, 51.0, 80.0, 110.0}) {
            std::fill(work.powers.begin(), work.powers.end(), 0.0F);
            const double power = std::pow(10.0, level_db / 10.0);
            work.powers[c] = static_cast<float>(power);
            filters.process(1, bands.data(), work, timer);
            for (std::size_t band = 0; band < grid.band_hz.size(); ++band) {
                const double fc = grid.band_hz[band];
                const double g = std::abs(component_hz[c] - fc) / fc;
                const double slope =
                    component_hz[c] < fc ? roex_lower_slope(fc, level_db) : roex_upper_slope(fc);
                const double expected = g > roex_reach ? 0.0 : power * roex_weight(slope, g);
                CAPTURE(component_hz[c], level_db, fc);
                // p g is rounded: of exp(-p g), an error of p g in units of the last place.
                const double allowed = (4.0 * slope * (g + 1.0) + 8.0) * std::ldexp(1.0, -24);
                CHECK(std::abs(bands[band] - expected) <= allowed * expected + 1e-30);
            }
        }
    }
}
