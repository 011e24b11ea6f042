#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/cpu/aligned.hpp"
#include "engine/cpu/masking_kernels.hpp"
#include "engine/masking_grid.hpp"

namespace tutti::cpu {

/// Powers of a row's components around given frames, through every window's few bins: the signal is folded
/// around the window's centre, and its sums and differences are multiplied with the windowed cosines and
/// sines of all bins at once. That is a matrix product, slices by bins, with half as many terms as frames.
class RunningSpectrum {
  public:
    RunningSpectrum(const MaskingGrid& grid, int sample_rate_hz);

    /// At most this many slices at a time.
    static constexpr int most_slices = 48;

    /// What one thread works with.
    struct Workspace {
        AlignedFloats folded;  ///< [slice][frame of the block][sum, difference]
        AlignedFloats sums;    ///< [window][slice][bin][cosine, sine]
        AlignedFloats bins;
        std::vector<int> centres;
        std::vector<float*> powers;
        std::vector<const float*> a;
        std::vector<float*> c;
    };
    Workspace make_workspace() const;

    /// Mean squares around centres[i], frames from `frames` on, into powers[i][component]. Slices in silence
    /// cost next to nothing.
    void process(const float* frames, std::span<const int> centres, std::span<float* const> powers,
                 Workspace& work) const;

    int component_count() const { return component_count_; }

    /// What so many slices of a row read and write.
    std::uint64_t bytes(int slice_count) const {
        return sizeof(float) * static_cast<std::uint64_t>(slice_count) *
               (2 * longest_half_ + 1 + component_count_);
    }

  private:
    struct Window {
        int half = 0;                  ///< frames on each side of the centre
        int columns = 0;               ///< two per bin, padded
        std::size_t first_column = 0;  ///< those of the windows before
        std::vector<int> components;
        /// [block of frames][panel][frame][column]: cosine and sine of every bin, windowed and scaled so that
        /// their squares add up to the bin's power.
        AlignedFloats basis;
    };
    void add_window(const SpectrumWindow& window, int sample_rate_hz);
    void choose_sounding(const float* frames, std::span<const int> centres, std::span<float* const> powers,
                         Workspace& work) const;
    void transform(const float* frames, Workspace& work) const;
    void multiply(const Window& window, int first_frame, int first_slice, int slice_count,
                  Workspace& work) const;
    float* sums(const Window& window, Workspace& work) const {
        return work.sums.data() + most_slices * window.first_column;
    }

    const MaskingKernels& kernels_;
    int component_count_;
    int longest_half_ = 0;
    std::size_t column_count_ = 0;
    std::vector<Window> windows_;
};

}  // namespace tutti::cpu
