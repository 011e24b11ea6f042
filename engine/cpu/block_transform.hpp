#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/cpu/block_transform_kernels.hpp"

namespace tutti::cpu {

/// The transform that blocks of real frames are convolved through: N frames become N / 2 complex bins in
/// which a product is a negacyclic convolution, so every bin is like every other and none is a special case
/// (the right-angle convolution of Nussbaumer, Fast Fourier Transform and Convolution Algorithms, 2nd ed.,
/// 1982, 6.1; the weighted transform of Crandall & Fagin 1994). Frames n and n + N / 2 are real and imaginary
/// part of a complex sequence z of M = N / 2 values, and bin k is the sum over n of z[n] exp(i pi n / (2 M))
/// exp(-2 pi i n k / M).
///
/// It is worked as a matrix of column_size x row_size (Bailey, FFTs in external or hierarchical memory,
/// 1990): FFTs down groups of sixteen columns, which lie in the lanes of vectors, then along rows, sixteen
/// rows in the lanes. Of large matrices several such groups are taken at once, so that frames come from
/// memory and go there in runs of lines: with lines far apart, half of the time would be waiting for them. A
/// product does not care for the order of bins, so nothing is ever sorted or transposed in memory. One object
/// may be used by any number of threads.
///
/// Why not FFTW: from 2^13 to 2^19 frames, forward and inverse together took 0.4 to 0.5 of the time of FFTW's
/// measured plans (AVX-512, hot), and there is no plan to measure or to keep, so the bytes are always the
/// same. tutti-bench convolution times whole convolutions beside FFTW's transforms.
class BlockTransform {
  public:
    /// Sizes are 2^k and 3 * 2^k frames from 512 on, 5 * 2^k and 15 * 2^k from 2^16 on. `rows_stay_near`: the
    /// frames come from a cache and stay in one; it changes no bit of what comes out.
    explicit BlockTransform(int frame_count, bool rows_stay_near = false);
    BlockTransform(const BlockTransform&) = delete;
    BlockTransform& operator=(const BlockTransform&) = delete;

    static bool is_size(int frame_count);

    int frame_count() const { return 2 * tables_.column_size * tables_.row_size; }

    /// LaneBins of a spectrum, [row_group_count][row_bins]: frame_count / 32.
    std::size_t spectrum_bins() const { return static_cast<std::size_t>(frame_count()) / (2 * lane_count); }
    int row_bins() const { return tables_.row_size; }
    int row_group_count() const { return tables_.column_size / lane_count; }
    int column_group_count() const { return tables_.row_size / (lane_count * tables_.groups_at_once); }

    /// LaneBins that forward_columns() and inverse_columns() want as scratch.
    std::size_t scratch_bins() const {
        return static_cast<std::size_t>(tables_.column_size) * tables_.groups_at_once;
    }

    /// First half of the transform, for one of column_group_count() groups.
    void forward_columns(const BlockInput& input, LaneBins* spectrum, LaneBins* scratch, int group) const {
        kernels_.forward_columns(tables_, input, spectrum, scratch, group);
    }
    /// Second half, for one of row_group_count() rows of row_bins() each: begin_row(), then finish_piece()
    /// for each of its pieces of piece_bins(). What is done with a piece next finds it in the first-level
    /// cache.
    void begin_row(LaneBins* row) const { kernels_.begin_row(tables_, row); }
    void finish_piece(LaneBins* piece) const { kernels_.finish_piece(tables_, piece); }
    int piece_bins() const { return tables_.piece_size; }

    /// The inverse, unnormalised: frames come out times frame_count / 2. inverse_piece() for all pieces of a
    /// row, then inverse_row().
    void inverse_piece(LaneBins* piece) const { kernels_.inverse_piece(tables_, piece); }
    void inverse_row(LaneBins* row) const { kernels_.inverse_row(tables_, row); }
    /// Puts the block where `output` says, for one group of columns.
    void inverse_columns(const LaneBins* spectrum, const BlockOutput& output, LaneBins* scratch,
                         int group) const {
        kernels_.inverse_columns(tables_, spectrum, output, scratch, group);
    }

    /// sum = the products' sum over bin_count LaneBins (a multiple of 4) from first_bin on; `sum` begins
    /// there. Where it `adds`, sum += it.
    void multiply(std::span<const SpectrumProduct> products, std::size_t first_bin, LaneBins* sum,
                  int bin_count, bool adds = false) const {
        kernels_.multiply(tables_, products.data(), products.size(), first_bin, sum, bin_count, adds);
    }

    /// sum += term, bin_count LaneBins.
    void add(LaneBins* sum, const LaneBins* term, int bin_count) const { kernels_.add(sum, term, bin_count); }

    /// Where bin number k of the definition above is kept: [k] -> index * 16 + lane.
    std::vector<std::uint32_t> bin_places() const;

  private:
    struct LaneFft {
        LaneFft(int size, bool is_column);
        LaneFftTables tables;
        std::vector<std::vector<Twiddle>> twiddles;
        std::vector<int> bin_at;  ///< [position]
    };

    const BlockTransformKernels& kernels_;
    LaneFft column_;
    LaneFft row_;
    std::vector<Twiddle> twist_;
    AlignedBins lane_turns_;
    std::vector<Twiddle> row_turns_;
    BlockTransformTables tables_;
};

}  // namespace tutti::cpu
