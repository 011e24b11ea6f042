#include "engine/masking_analysis.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/errors.hpp"

namespace tutti {

namespace {

constexpr int slices_per_s = 100;

int longest_window(const MaskingGrid& grid, int sample_rate_hz) {
    int longest = 1;
    for (const SpectrumWindow& window : grid.windows) {
        longest = std::max(longest, window_frames(window, sample_rate_hz));
    }
    return longest;
}

}  // namespace

int masking_lookahead(const MaskingGrid& grid, int sample_rate_hz) {
    return longest_window(grid, sample_rate_hz) / 2;
}

int masking_history(const MaskingGrid& grid, int sample_rate_hz) {
    const int reach = 2 * longest_window(grid, sample_rate_hz);
    return (reach + control_hop - 1) / control_hop * control_hop;
}

struct MaskingAnalysis::State {
    MaskingStep step;
    int tile_slices = 0;
    int lookahead = 0;
    std::unique_ptr<Excitation> excitation;
    std::unique_ptr<Excitations> tile;
    struct View {
        std::unique_ptr<Masking> masking;
        MaskingTile result;
    };
    std::vector<View> views;
    std::vector<int> centres;  ///< of the slices at hand; room for a tile

    std::int64_t chunk_begin = 0;  ///< frames that were there before this chunk
    std::int64_t next_slice = 0;
    std::size_t next_kept = 0;
    std::vector<float> kept;  ///< one slice

    std::int64_t centre_of(std::int64_t slice) const {
        const double seconds = (static_cast<double>(slice) + 0.5) / slices_per_s;
        return step.first_frame + std::llround(seconds * step.excitation.sample_rate_hz);
    }

    /// Slices whose windows end in this chunk, up to the end of the tile, as centres in the chunk.
    void find_slices(std::int64_t chunk_end) {
        centres.clear();
        const std::int64_t tile_end = (next_slice / tile_slices + 1) * tile_slices;
        const std::int64_t last = std::min(step.slice_count, tile_end);
        for (std::int64_t slice = next_slice; slice < last; ++slice) {
            const std::int64_t centre = centre_of(slice);
            if (centre + lookahead >= chunk_end) break;
            centres.push_back(static_cast<int>(centre - chunk_begin));
        }
    }

    void finish_tile() {
        const auto filled = static_cast<int>((next_slice - 1) % tile_slices) + 1;
        const std::int64_t tile_begin = next_slice - filled;
        for (; next_kept < step.kept_slices.size() && step.kept_slices[next_kept] < next_slice; ++next_kept) {
            tile->read(static_cast<int>(step.kept_slices[next_kept] - tile_begin), kept);
            step.slice_sink->take(kept);
        }
        for (std::size_t i = 0; i < views.size(); ++i) {
            views[i].masking->process(*tile, filled, views[i].result);
            step.views[i].sink->take(views[i].result);
        }
    }
};

MaskingAnalysis::MaskingAnalysis(Backend& backend, const RowsShape& shape, MaskingStep step)
    : state_(std::make_unique<State>()) {
    State& state = *state_;
    TUTTI_CHECK(!step.views.empty());
    const ExcitationPlan& excitation = step.excitation;
    state.tile_slices = step.views.front().masking.tile_slices;
    TUTTI_CHECK(excitation.most_slices >= state.tile_slices);
    TUTTI_CHECK(shape.history_count >= masking_history(excitation.grid, excitation.sample_rate_hz));
    state.lookahead = masking_lookahead(excitation.grid, excitation.sample_rate_hz);
    state.excitation = backend.make_excitation(shape, excitation);
    state.tile = backend.make_excitations(
        {state.tile_slices, static_cast<int>(excitation.objects.size()), excitation.grid.band_count()});
    for (const MaskingStep::View& view : step.views) {
        TUTTI_CHECK(view.masking.tile_slices == state.tile_slices);
        state.views.push_back({backend.make_masking(view.masking), MaskingTile(view.masking)});
    }
    state.centres.reserve(state.tile_slices);
    if (!step.kept_slices.empty()) {
        TUTTI_CHECK(step.slice_sink != nullptr);
        state.kept.resize(2 * excitation.objects.size() * excitation.grid.band_hz.size());
    }
    state.step = std::move(step);
}

MaskingAnalysis::~MaskingAnalysis() = default;

void MaskingAnalysis::process(const Rows& rows) {
    State& state = *state_;
    const std::int64_t chunk_end = state.chunk_begin + rows.shape().frame_count;
    while (true) {
        state.find_slices(chunk_end);
        if (state.centres.empty()) break;
        const auto first = static_cast<int>(state.next_slice % state.tile_slices);
        state.excitation->process(rows, state.centres, *state.tile, first);
        state.next_slice += static_cast<std::int64_t>(state.centres.size());
        const bool is_full = state.next_slice % state.tile_slices == 0;
        if (is_full || state.next_slice == state.step.slice_count) state.finish_tile();
    }
    state.chunk_begin = chunk_end;
}

std::uint64_t masking_bytes(const MaskingStep& step) {
    std::uint64_t floats = 0;
    const ExcitationPlan& excitation = step.excitation;
    const std::uint64_t slices = excitation.most_slices;
    const std::uint64_t objects = excitation.objects.size();
    const std::uint64_t components = excitation.grid.component_count();
    const std::uint64_t bands = excitation.grid.band_count();
    // Spectra, powers and excitations of a tile, powers and excitations on their way, weights, filter shapes.
    const std::uint64_t powers = slices * 2 * objects * components;
    const std::uint64_t excitations = slices * 2 * objects * bands;
    constexpr std::uint64_t way_floats = 1 << 20;  // a device's staging buffers: 4 MiB each
    floats +=
        2 * powers + excitations + 2 * std::min(powers, way_floats) + 3 * std::min(excitations, way_floats);
    floats += 2 * objects * components;
    floats += slices * 2 * components * bands;
    floats += 2 * objects * bands;
    for (const MaskingStep::View& view : step.views) {
        const MaskingTile tile(view.masking);
        // The results, on a device and on their way too.
        floats += 3 * (tile.margin_db.size() + tile.loudness.size() + tile.excitation.size());
        floats += 3 * (tile.clash.size() + tile.benefit.size());
        // Weights of targets for the two sums over maskers, ten sums per hop, sums of maskers.
        const std::uint64_t cells = bands * view.masking.objects.size();
        floats += slices * 2 * 2 * cells + slices / view.masking.hop_slices * 10 * cells + excitations;
        // Both sums in parts, of slices, where a device needs more of them to be busy.
        constexpr std::uint64_t part_floats = 2 << 20;
        floats +=
            2 * std::max<std::uint64_t>(tile.clash.size(), std::min(slices * tile.clash.size(), part_floats));
    }
    return floats * sizeof(float);
}

}  // namespace tutti
