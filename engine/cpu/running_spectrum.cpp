#include "engine/cpu/running_spectrum.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "engine/errors.hpp"

namespace tutti::cpu {

namespace {

/// So that a block of the basis stays in the first-level cache while slices pass by.
constexpr int block_frames = 128;
constexpr int slices_at_once = 24;

bool is_silent(const float* frames, int count) {
    constexpr int piece = 256;
    for (int first = 0; first < count; first += piece) {
        std::uint32_t bits = 0;
        const int end = std::min(first + piece, count);
        for (int i = first; i < end; ++i)
            bits |= std::bit_cast<std::uint32_t>(frames[i]) << 1U;  // without its sign
        if (bits != 0) return false;
    }
    return true;
}

}  // namespace

RunningSpectrum::RunningSpectrum(const MaskingGrid& grid, int sample_rate_hz)
    : kernels_(masking_kernels()), component_count_(grid.component_count()) {
    for (const SpectrumWindow& window : grid.windows) add_window(window, sample_rate_hz);
}

void RunningSpectrum::add_window(const SpectrumWindow& window, int sample_rate_hz) {
    const int length = window_frames(window, sample_rate_hz);
    const auto bin_count = static_cast<int>(window.bin_hz.size());
    Window& mine = windows_.emplace_back();
    mine.half = length / 2;
    mine.columns = static_cast<int>(padded(2 * static_cast<std::size_t>(bin_count)));
    mine.components = window.components;
    longest_half_ = std::max(longest_half_, mine.half);
    most_columns_ = std::max(most_columns_, mine.columns);

    double squares = 0.0;
    for (int n = -mine.half; n <= mine.half; ++n) {
        squares += window_value(n, length) * window_value(n, length);
    }
    const double scale = std::sqrt(2.0 * window.bin_spacing_hz / (sample_rate_hz * squares));
    const int panel = kernels_.product.panel_columns;
    for (int first = 0; first <= mine.half; first += block_frames) {
        const int end = std::min(first + block_frames, mine.half + 1);
        for (int column = 0; column < mine.columns; column += panel) {
            const int last_column = std::min(column + panel, mine.columns);
            for (int n = first; n < end; ++n) {
                // The frame at the centre is its own counterpart: it was added to itself.
                const double factor = scale * window_value(n, length) * (n == 0 ? 0.5 : 1.0);
                for (int k = column; k < last_column; ++k) {
                    if (k / 2 >= bin_count) {
                        mine.basis.push_back(0.0F);
                        continue;
                    }
                    const double angle = 2.0 * std::numbers::pi * window.bin_hz[k / 2] * n / sample_rate_hz;
                    mine.basis.push_back(
                        static_cast<float>(factor * (k % 2 == 0 ? std::cos(angle) : std::sin(angle))));
                }
            }
        }
    }
}

RunningSpectrum::Workspace RunningSpectrum::make_workspace() const {
    Workspace work;
    work.folded.resize(static_cast<std::size_t>(slices_at_once) * 2 * block_frames);
    work.sums.resize(static_cast<std::size_t>(most_slices) * most_columns_);
    work.centres.reserve(most_slices);
    work.powers.reserve(most_slices);
    work.a.resize(slices_at_once);
    work.c.resize(slices_at_once);
    return work;
}

void RunningSpectrum::process(const float* frames, std::span<const int> centres,
                              std::span<float* const> powers, Workspace& work) const {
    TUTTI_CHECK(centres.size() <= most_slices);
    work.centres.clear();
    work.powers.clear();
    for (std::size_t i = 0; i < centres.size(); ++i) {
        std::fill_n(powers[i], component_count_, 0.0F);
        if (is_silent(frames + centres[i] - longest_half_, 2 * longest_half_ + 1)) continue;
        work.centres.push_back(centres[i]);
        work.powers.push_back(powers[i]);
    }
    if (work.centres.empty()) return;
    for (const Window& window : windows_) {
        transform(window, frames, work);
        for (std::size_t i = 0; i < work.powers.size(); ++i) {
            const float* const sums = work.sums.data() + i * window.columns;
            for (std::size_t bin = 0; bin < window.components.size(); ++bin) {
                work.powers[i][window.components[bin]] +=
                    sums[2 * bin] * sums[2 * bin] + sums[2 * bin + 1] * sums[2 * bin + 1];
            }
        }
    }
}

/// All slices through one window: work.sums.
void RunningSpectrum::transform(const Window& window, const float* frames, Workspace& work) const {
    const auto slice_count = static_cast<int>(work.centres.size());
    const float* basis = window.basis.data();
    for (int first = 0; first <= window.half; first += block_frames) {
        const int count = std::min(block_frames, window.half + 1 - first);
        for (int slice = 0; slice < slice_count; slice += slices_at_once) {
            const int some = std::min(slices_at_once, slice_count - slice);
            for (int i = 0; i < some; ++i) {
                kernels_.excitation.fold(frames + work.centres[slice + i], first, count,
                                         work.folded.data() + static_cast<std::size_t>(i) * 2 * block_frames);
            }
            multiply(window, basis, count, slice, some, first > 0, work);
        }
        basis += static_cast<std::size_t>(count) * window.columns;
    }
}

void RunningSpectrum::multiply(const Window& window, const float* basis, int frame_count, int first_slice,
                               int slice_count, bool adds, Workspace& work) const {
    const int panel = kernels_.product.panel_columns;
    for (int column = 0; column < window.columns; column += panel) {
        MatrixProduct product;
        product.row_count = slice_count;
        product.a = work.a.data();
        product.c = work.c.data();
        product.b = basis + static_cast<std::size_t>(column) * frame_count;
        product.column_count = std::min(panel, window.columns - column);
        product.depth = frame_count;
        product.adds = adds;
        for (int i = 0; i < slice_count; ++i) {
            work.a[i] = work.folded.data() + static_cast<std::size_t>(i) * 2 * block_frames;
            work.c[i] =
                work.sums.data() + static_cast<std::size_t>(first_slice + i) * window.columns + column;
        }
        kernels_.product.multiply_pairs(product);
    }
}

}  // namespace tutti::cpu
