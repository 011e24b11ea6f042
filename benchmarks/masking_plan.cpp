#include "benchmarks/masking_plan.hpp"

#include <cmath>
#include <numeric>

#include "benchmarks/masking_tracks.hpp"
#include "engine/masking_analysis.hpp"
#include "engine/masking_model.hpp"

namespace tutti::bench {

namespace {

/// Sound pressure of a sine that reaches full scale: a dense mix is played at about 80 dB then.
constexpr double full_scale_spl_db = 95.0;
constexpr double sine_mean_square_db = -3.0103;

double spectrum_operations(const MaskingSetup& setup) {
    double per_slice = 0.0;
    int longest = 0;
    for (const SpectrumWindow& window : setup.excitation.grid.windows) {
        // Even and odd part with cosine and sine of every bin: a multiplication and an addition each.
        const int pairs = window_frames(window, masking_rate_hz) / 2 + 1;
        per_slice += 4.0 * pairs * static_cast<double>(window.bin_hz.size());
        longest = std::max(longest, pairs);
    }
    return setup.shape.row_count * (per_slice + 2.0 * longest) * MaskingSetup::slices_per_s;
}

double filter_operations(const MaskingSetup& setup) {
    double pairs = 0.0;
    for (const double band_hz : setup.excitation.grid.band_hz) {
        for (const double hz : setup.excitation.grid.component_hz) {
            if (std::abs(hz - band_hz) <= roex_reach * band_hz) pairs += 1.0;
        }
    }
    return 2.0 * pairs * 2.0 * setup.track_count() * MaskingSetup::slices_per_s;
}

}  // namespace

MaskingSetup::MaskingSetup(int track_count, int slice_count) {
    excitation.sample_rate_hz = masking_rate_hz;
    excitation.grid = masking_grid(masking_rate_hz, GridKind::usual);
    excitation.most_slices = slice_count;
    for (const double hz : excitation.grid.component_hz) {
        const double gain_db =
            full_scale_spl_db - sine_mean_square_db + ear_transfer_db(SoundField::free, hz);
        excitation.cochlea_gains.push_back(std::pow(10.0, gain_db / 10.0));
    }
    masking.grid = excitation.grid;
    masking.excitation_count = track_count;
    masking.tile_slices = slice_count;
    masking.slice_s = 1.0 / slices_per_s;
    for (int track = 0; track < track_count; ++track) {
        excitation.objects.push_back({{2 * track, 2 * track + 1}, {}});
        masking.objects.push_back({track});
        masking.relatives.emplace_back();
    }
    constexpr int slice_frames = masking_rate_hz / slices_per_s;
    shape = {2 * track_count, slice_count * slice_frames, masking_history(excitation.grid, masking_rate_hz)};
    const int last_centre = shape.frame_count - masking_lookahead(excitation.grid, masking_rate_hz) - 1;
    centres.resize(slice_count);
    for (int i = 0; i < slice_count; ++i) centres[i] = last_centre - (slice_count - 1 - i) * slice_frames;
}

double needed_operations(const MaskingSetup& setup, const std::string& stage, double active_cells) {
    if (stage == "excitation_spectrum") return spectrum_operations(setup);
    if (stage == "excitation_product") return filter_operations(setup);
    // Clash and benefit in both ears.
    if (stage == "masking_product") return active_cells * 2.0 * 2.0 * 2.0 * setup.track_count();
    return 0.0;
}

double active_cells(const MaskingSetup& setup, const MaskingTile& tile) {
    const double cam_seconds = std::accumulate(tile.audibility.begin(), tile.audibility.end(), 0.0);
    return cam_seconds / (setup.masking.slice_s * setup.masking.grid.band_step_cam);
}

}  // namespace tutti::bench
