#include "tests/masking_runs.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>

#include "engine/errors.hpp"
#include "engine/masking_analysis.hpp"
#include "tests/runs.hpp"

namespace tutti::tests {

std::vector<double> cochlea_gains(const MaskingGrid& grid, double full_scale_spl_db, SoundField field) {
    std::vector<double> gains;
    for (const double hz : grid.component_hz) {
        gains.push_back(2.0 * std::pow(10.0, (full_scale_spl_db + ear_transfer_db(field, hz)) / 10.0));
    }
    return gains;
}

ExcitationPlan stereo_plan(int object_count, int sample_rate_hz, GridKind kind) {
    ExcitationPlan plan;
    plan.sample_rate_hz = sample_rate_hz;
    plan.grid = masking_grid(sample_rate_hz, kind);
    plan.cochlea_gains = cochlea_gains(plan.grid, 100.0);
    for (int object = 0; object < object_count; ++object) {
        plan.objects.push_back({.rows = {2 * object, 2 * object + 1}, .weights = {}});
    }
    plan.most_slices = 8;
    return plan;
}

RowsShape listening_shape(const ExcitationPlan& plan, int row_count, int chunk_frames) {
    return shape_of(row_count, chunk_frames, masking_history(plan.grid, plan.sample_rate_hz));
}

std::vector<float> run_excitation(Backend& backend, const RowsShape& shape, const ExcitationPlan& plan,
                                  const Signals& inputs, const std::vector<std::int64_t>& centres) {
    const int slice_count = static_cast<int>(centres.size());
    const int object_count = static_cast<int>(plan.objects.size());
    const std::unique_ptr<Rows> rows = backend.make_rows(shape);
    const std::unique_ptr<Excitation> excitation = backend.make_excitation(shape, plan);
    const std::unique_ptr<Excitations> tile =
        backend.make_excitations({slice_count, object_count, plan.grid.band_count()});
    const int lookahead = masking_lookahead(plan.grid, plan.sample_rate_hz);
    int next = 0;
    run_chunks(*rows, inputs, {}, [&](int chunk) {
        const std::int64_t begin = static_cast<std::int64_t>(chunk) * shape.frame_count;
        while (true) {
            std::vector<int> at_hand;
            for (int slice = next; slice < slice_count; ++slice) {
                if (static_cast<int>(at_hand.size()) == plan.most_slices) break;
                if (centres[slice] + lookahead >= begin + shape.frame_count) break;
                at_hand.push_back(static_cast<int>(centres[slice] - begin));
            }
            if (at_hand.empty()) break;
            excitation->process(*rows, at_hand, *tile, next);
            next += static_cast<int>(at_hand.size());
        }
    });
    TUTTI_CHECK(next == slice_count);
    std::vector<float> values(static_cast<std::size_t>(slice_count) * 2 * object_count *
                              plan.grid.band_count());
    tile->read(0, values);
    return values;
}

std::vector<float> run_powers(Backend& backend, const ExcitationPlan& plan,
                              const std::vector<float>& powers) {
    const std::size_t objects = plan.objects.size();
    const std::size_t slices = powers.size() / (2 * objects * plan.grid.component_count());
    const std::unique_ptr<Excitation> excitation = backend.make_excitation(shape_of(1, control_hop), plan);
    const std::unique_ptr<Excitations> tile = backend.make_excitations(
        {static_cast<int>(slices), static_cast<int>(objects), plan.grid.band_count()});
    excitation->process_powers(powers, *tile, 0);
    std::vector<float> values(slices * 2 * objects * plan.grid.band_count());
    tile->read(0, values);
    return values;
}

std::vector<MaskingTile> run_masking(Backend& backend, const MaskingPlan& plan,
                                     const std::vector<float>& excitations) {
    const int bands = plan.grid.band_count();
    const std::size_t slice_size = static_cast<std::size_t>(2) * plan.excitation_count * bands;
    const int slice_count = static_cast<int>(excitations.size() / slice_size);
    const std::unique_ptr<Excitations> tile =
        backend.make_excitations({plan.tile_slices, plan.excitation_count, bands});
    const std::unique_ptr<Masking> masking = backend.make_masking(plan);
    std::vector<MaskingTile> tiles;
    for (int first = 0; first < slice_count; first += plan.tile_slices) {
        const int filled = std::min(plan.tile_slices, slice_count - first);
        tile->write(0, std::span(excitations).subspan(first * slice_size, filled * slice_size));
        masking->process(*tile, filled, tiles.emplace_back(plan));
    }
    return tiles;
}

MaskingPlan tracks_plan(const MaskingGrid& grid, int track_count, int tile_slices, int hop_slices) {
    MaskingPlan plan;
    plan.grid = grid;
    plan.excitation_count = track_count;
    for (int track = 0; track < track_count; ++track) plan.objects.push_back({track});
    plan.relatives.resize(track_count);
    plan.hop_slices = hop_slices;
    plan.tile_slices = tile_slices;
    return plan;
}

}  // namespace tutti::tests
