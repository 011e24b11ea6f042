#include "engine/masking_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/masking_model.hpp"

namespace tutti {

namespace {

/// Glasberg & Moore (2002): which window sees which frequencies.
struct WindowRange {
    double length_s, from_hz, to_hz;
};
constexpr std::array<WindowRange, 6> window_ranges{{{0.064, 20.0, 80.0},
                                                    {0.032, 80.0, 500.0},
                                                    {0.016, 500.0, 1250.0},
                                                    {0.008, 1250.0, 2540.0},
                                                    {0.004, 2540.0, 4050.0},
                                                    {0.002, 4050.0, 15000.0}}};

constexpr double exact_spacing_hz = 48000.0 / 4096.0;
constexpr double usual_component_cam = 0.2;

constexpr double usual_step_cam = 0.25;
constexpr double usual_first_cam = 1.75;
constexpr int usual_band_count = 150;
constexpr double exact_step_cam = 0.1;
constexpr double exact_first_cam = 1.8;
constexpr int exact_band_count = 372;

constexpr double first_edge_cam = usual_first_cam - usual_step_cam / 2.0;
constexpr double display_step_cam = 0.5;
constexpr int display_count = 75;
constexpr int displays_per_group = 5;

double display_edge_cam(int band) { return first_edge_cam + band * display_step_cam; }
double display_centre_cam(int band) { return display_edge_cam(band) + display_step_cam / 2.0; }

/// Adds bands at `first_cam`, `first_cam` + `step_cam`, ...
void set_bands(MaskingGrid& grid, double first_cam, double step_cam, int count) {
    grid.band_step_cam = step_cam;
    for (int band = 0; band < count; ++band) {
        const double cam = first_cam + band * step_cam;
        const int display = static_cast<int>((cam - first_edge_cam) / display_step_cam);
        grid.band_hz.push_back(cam_to_hz(cam));
        grid.display_bands.push_back(display);
        grid.band_groups.push_back(display / displays_per_group);
    }
}

/// The components of a window's bins: each bin its own, or neighbours together that are narrow on the Cam
/// scale.
void add_components(MaskingGrid& grid, SpectrumWindow& window, double least_cam) {
    const double half = window.bin_spacing_hz / 2.0;
    const std::size_t count = window.bin_hz.size();
    for (std::size_t first = 0; first < count;) {
        std::size_t end = first + 1;
        const double from_hz = window.bin_hz[first] - half;
        while (end < count && hz_to_cam(window.bin_hz[end - 1] + half) - hz_to_cam(from_hz) < least_cam) {
            ++end;
        }
        window.components.insert(window.components.end(), end - first, grid.component_count());
        grid.component_hz.push_back((window.bin_hz[first] + window.bin_hz[end - 1]) / 2.0);
        first = end;
    }
}

/// Bins tile the window's range, so that every hertz counts once.
SpectrumWindow spectrum_window(const WindowRange& range, double most_spacing_hz, double nyquist_hz) {
    const double width_hz = range.to_hz - range.from_hz;
    const int count = static_cast<int>(std::ceil(width_hz / most_spacing_hz - 1e-9));
    SpectrumWindow window{
        .length_s = range.length_s, .bin_spacing_hz = width_hz / count, .bin_hz = {}, .components = {}};
    for (int bin = 0; bin < count; ++bin) {
        const double to_hz = range.from_hz + (bin + 1) * window.bin_spacing_hz;
        if (to_hz <= nyquist_hz) window.bin_hz.push_back(to_hz - window.bin_spacing_hz / 2.0);
    }
    return window;
}

MaskingGrid bands(GridKind kind) {
    MaskingGrid grid;
    if (kind == GridKind::usual) {
        set_bands(grid, usual_first_cam, usual_step_cam, usual_band_count);
    } else {
        set_bands(grid, exact_first_cam, exact_step_cam, exact_band_count);
    }
    return grid;
}

}  // namespace

MaskingGrid masking_grid(int sample_rate_hz, GridKind kind) {
    MaskingGrid grid = bands(kind);
    for (const WindowRange& range : window_ranges) {
        const double dense_enough_hz = 1.0 / (2.0 * range.length_s);
        const double spacing_hz =
            kind == GridKind::usual ? dense_enough_hz : std::min(dense_enough_hz, exact_spacing_hz);
        SpectrumWindow window = spectrum_window(range, spacing_hz, sample_rate_hz / 2.0);
        if (window.bin_hz.empty()) continue;
        add_components(grid, window, kind == GridKind::usual ? usual_component_cam : 0.0);
        grid.windows.push_back(std::move(window));
    }
    return grid;
}

MaskingGrid component_grid(std::span<const double> component_hz, GridKind kind) {
    MaskingGrid grid = bands(kind);
    grid.component_hz.assign(component_hz.begin(), component_hz.end());
    return grid;
}

MaskingGrid display_grid() {
    MaskingGrid grid;
    set_bands(grid, display_centre_cam(0), display_step_cam, display_count);
    return grid;
}

std::vector<double> display_band_hz() { return display_grid().band_hz; }

std::vector<double> band_group_edges_hz() {
    std::vector<double> edges;
    for (int display = 0; display <= display_count; display += displays_per_group) {
        edges.push_back(cam_to_hz(display_edge_cam(display)));
    }
    return edges;
}

}  // namespace tutti
