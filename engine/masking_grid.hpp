#pragma once

#include <cmath>
#include <numbers>
#include <span>
#include <vector>

namespace tutti {

/// One Hann window of the running spectrum (Glasberg & Moore, J. Audio Eng. Soc. 50 (2002) 331-342): short
/// ones for high frequencies. Its bins are the frequencies at which the windowed signal's Fourier transform
/// is taken; they lie close enough (at most 1 / (2 length_s)) that the sum of their powers is the band's
/// power.
struct SpectrumWindow {
    double length_s = 0.0;
    double bin_spacing_hz = 0.0;
    std::vector<double> bin_hz;   ///< ascending
    std::vector<int> components;  ///< [bin]: the component its power is added to, ascending
};

/// Frames of the window: the odd number nearest to its length, so that one of them is the centre.
inline int window_frames(const SpectrumWindow& window, int sample_rate_hz) {
    return 2 * static_cast<int>(std::lround((window.length_s * sample_rate_hz - 1.0) / 2.0)) + 1;
}

/// The window at a frame's distance from its centre: 0.5 + 0.5 cos(pi d / (h + 1)), h = frames / 2, so that
/// no frame of it is zero.
inline double window_value(int distance, int frames) {
    const int first_zero = frames / 2 + 1;
    return 0.5 + 0.5 * std::cos(std::numbers::pi * distance / first_zero);
}

/// Where hearing is sampled: spectral components in, auditory bands out.
struct MaskingGrid {
    std::vector<SpectrumWindow> windows;  ///< empty: components are given, not analysed
    std::vector<double> component_hz;     ///< ascending
    std::vector<double> band_hz;          ///< ascending, band_step_cam apart on the Cam scale
    double band_step_cam = 0.25;
    std::vector<int> display_bands;  ///< [band]: the display band it is shown in, ascending
    std::vector<int> band_groups;    ///< [band]: the band group its clashes are counted in, ascending

    int component_count() const { return static_cast<int>(component_hz.size()); }
    int band_count() const { return static_cast<int>(band_hz.size()); }
    int display_band_count() const { return display_bands.empty() ? 0 : display_bands.back() + 1; }
    int group_count() const { return band_groups.empty() ? 0 : band_groups.back() + 1; }
};

/// How finely: `usual` has bands 0.25 Cam apart (150, 47.5 Hz ... 15084 Hz) and one component per bin, or per
/// neighbouring bins that are together no wider than about 0.2 Cam; `exact`, for validation, bands 0.1 Cam
/// apart (372) and a component every 11.72 Hz (7.5 below 80 Hz). Both are shown in 75 display bands, half a
/// Cam wide, and count clashes in 15 groups of 2.5 Cam.
enum class GridKind { usual, exact };

/// Nothing above half the sample rate is analysed; the bands stay the same.
MaskingGrid masking_grid(int sample_rate_hz, GridKind kind);

/// The same bands for components given by the caller: line spectra, long-term spectra.
MaskingGrid component_grid(std::span<const double> component_hz, GridKind kind);

/// The 75 display bands as bands, for excitation kept at that resolution.
MaskingGrid display_grid();

/// Centres of the display bands and edges of the band groups (one more than groups), in Hz.
std::vector<double> display_band_hz();
std::vector<double> band_group_edges_hz();

}  // namespace tutti
