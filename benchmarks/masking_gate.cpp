#include "benchmarks/masking_gate.hpp"

#include <cmath>

#include "benchmarks/masking_plan.hpp"
#include "tests/oracle/backend.hpp"

namespace tutti::bench {

namespace {

constexpr int gate_tracks = 4;
constexpr int gate_slices = 10;

struct Analysed {
    std::vector<float> excitations;
    MaskingTile tile;
};

/// The masking of both is taken from the same excitations, so that its own errors are seen.
Analysed analyse(Backend& backend, const MaskingSetup& setup, const std::vector<std::vector<float>>& chunks,
                 const std::vector<float>* excitations) {
    const auto rows = backend.make_rows(setup.shape);
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        if (i > 0) rows->advance();
        rows->write(0, chunks[i]);
    }
    const MaskingGrid& grid = setup.excitation.grid;
    const auto tile = backend.make_excitations({gate_slices, gate_tracks, grid.band_count()});
    backend.make_excitation(setup.shape, setup.excitation)->process(*rows, setup.centres, *tile, 0);
    Analysed analysed{std::vector<float>(2 * gate_slices * gate_tracks * grid.band_hz.size()),
                      MaskingTile(setup.masking)};
    tile->read(0, analysed.excitations);
    tile->write(0, excitations != nullptr ? *excitations : analysed.excitations);
    backend.make_masking(setup.masking)->process(*tile, gate_slices, analysed.tile);
    return analysed;
}

double error(const std::vector<float>& expected, const std::vector<float>& found) {
    double sum = 0.0;
    double difference = 0.0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        sum += std::abs(static_cast<double>(expected[i]));
        difference += std::abs(static_cast<double>(expected[i]) - found[i]);
    }
    return difference == 0.0 ? 0.0 : difference / sum;
}

}  // namespace

std::vector<MaskingError> compare_with_textbook(Backend& backend, MaskingTracks& tracks) {
    const MaskingSetup setup(gate_tracks, gate_slices);
    const std::size_t chunk_floats =
        static_cast<std::size_t>(setup.shape.row_count) * setup.shape.frame_count;
    std::vector<std::vector<float>> chunks(3, std::vector<float>(chunk_floats));
    for (std::vector<float>& chunk : chunks) tracks.next(chunk, setup.shape.frame_count);
    const auto textbook = oracle::make_backend();
    const Analysed expected = analyse(*textbook, setup, chunks, nullptr);
    const Analysed found = analyse(backend, setup, chunks, &expected.excitations);
    return {{"excitation", error(expected.excitations, found.excitations)},
            {"partial loudness", error(expected.tile.loudness, found.tile.loudness)},
            {"clash", error(expected.tile.clash, found.tile.clash)},
            {"benefit", error(expected.tile.benefit, found.tile.benefit)}};
}

}  // namespace tutti::bench
