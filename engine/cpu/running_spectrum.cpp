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
    std::uint32_t bits = 0;
    for (int i = 0; i < count; ++i)
        bits |= std::bit_cast<std::uint32_t>(frames[i]) << 1U;  // without its sign
    return bits == 0;
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
    mine.first_column = column_count_;
    column_count_ += mine.columns;

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
    work.sums.resize(most_slices * column_count_);
    work.bins.resize(column_count_ / 2);
    work.centres.reserve(most_slices);
    work.powers.reserve(most_slices);
    work.a.resize(slices_at_once);
    work.c.resize(slices_at_once);
    return work;
}

void RunningSpectrum::process(const float* frames, std::span<const int> centres,
                              std::span<float* const> powers, Workspace& work) const {
    TUTTI_CHECK(centres.size() <= most_slices);
    choose_sounding(frames, centres, powers, work);
    if (work.centres.empty()) return;
    transform(frames, work);
    for (const Window& window : windows_) {
        for (std::size_t i = 0; i < work.powers.size(); ++i) {
            kernels_.excitation.powers(sums(window, work) + i * window.columns, window.columns / 2,
                                       work.bins.data());
            float* const out = work.powers[i];
            for (std::size_t bin = 0; bin < window.components.size(); ++bin) {
                out[window.components[bin]] += work.bins[bin];
            }
        }
    }
}

/// Zeros for all slices, and a list of those that are not in silence. Centres ascend, so that every frame is
/// looked at once.
void RunningSpectrum::choose_sounding(const float* frames, std::span<const int> centres,
                                      std::span<float* const> powers, Workspace& work) const {
    constexpr int piece = 64;
    work.centres.clear();
    work.powers.clear();
    if (centres.empty()) return;
    int seen = centres.front() - longest_half_;  // frames before this one were looked at
    int silent_from = seen;                      // and are silent from here on
    for (std::size_t i = 0; i < centres.size(); ++i) {
        TUTTI_CHECK(i == 0 || centres[i] >= centres[i - 1]);
        std::fill_n(powers[i], component_count_, 0.0F);
        while (seen <= centres[i] + longest_half_) {
            const int count = std::min(piece, centres[i] + longest_half_ + 1 - seen);
            if (!is_silent(frames + seen, count)) silent_from = seen + count;
            seen += count;
        }
        if (silent_from <= centres[i] - longest_half_) continue;
        work.centres.push_back(centres[i]);
        work.powers.push_back(powers[i]);
    }
}

/// All slices through all windows, which have the same centre: what is folded for one is there for all.
void RunningSpectrum::transform(const float* frames, Workspace& work) const {
    const auto slice_count = static_cast<int>(work.centres.size());
    for (int first = 0; first <= longest_half_; first += block_frames) {
        const int count = std::min(block_frames, longest_half_ + 1 - first);
        for (int slice = 0; slice < slice_count; slice += slices_at_once) {
            const int some = std::min(slices_at_once, slice_count - slice);
            for (int i = 0; i < some; ++i) {
                kernels_.excitation.fold(frames + work.centres[slice + i], first, count,
                                         work.folded.data() + static_cast<std::size_t>(i) * 2 * block_frames);
            }
            for (const Window& window : windows_) {
                if (window.half >= first) multiply(window, first, slice, some, work);
            }
        }
    }
}

void RunningSpectrum::multiply(const Window& window, int first_frame, int first_slice, int slice_count,
                               Workspace& work) const {
    const int panel = kernels_.product.panel_columns;
    MatrixProduct product;
    product.row_count = slice_count;
    product.a = work.a.data();
    product.c = work.c.data();
    product.depth = std::min(block_frames, window.half + 1 - first_frame);
    product.adds = first_frame > 0;
    for (int column = 0; column < window.columns; column += panel) {
        product.b = window.basis.data() + static_cast<std::size_t>(first_frame) * window.columns +
                    static_cast<std::size_t>(column) * product.depth;
        product.column_count = std::min(panel, window.columns - column);
        for (int i = 0; i < slice_count; ++i) {
            work.a[i] = work.folded.data() + static_cast<std::size_t>(i) * 2 * block_frames;
            work.c[i] =
                sums(window, work) + static_cast<std::size_t>(first_slice + i) * window.columns + column;
        }
        kernels_.product.multiply_pairs(product);
    }
}

}  // namespace tutti::cpu
