#pragma once

#include <cstdint>
#include <vector>

#include "engine/convolver_planner.hpp"
#include "engine/cpu/convolver_groups.hpp"
#include "engine/cpu/kernel_spectra.hpp"
#include "engine/cpu/rows.hpp"

namespace tutti::cpu {

/// What a thread works in.
struct ConvolverWorkspace {
    AlignedBins column;   ///< scratch of the transform's columns
    AlignedBins spectra;  ///< the present block's: of inputs, then of an output
};

/// The convolution of one group of rows, block after block.
class GroupConvolver {
  public:
    /// The transform must outlive it.
    GroupConvolver(const ConvolverGroup& group, const ConvolverLayout& layout,
                   const BlockTransform& transform);

    /// Adds a term to an output, in the group's order; the kernel must outlive this.
    void connect(int output, int input, const KernelSpectra& kernel);

    const BlockTransform& transform() const { return transform_; }

    /// LaneBins of spectra that a workspace must have.
    std::size_t workspace_spectrum_bins() const { return spectrum_count_ * transform_.spectrum_bins(); }

    /// One chunk, with the spectra of workspace number `mine`. With `on_all_threads` the work of each block
    /// is spread over them, else the calling thread does all; either way a thread takes the columns of its
    /// own workspace.
    void process(CpuRows& rows, int chunk_frames, std::vector<ConvolverWorkspace>& workspaces, int mine,
                 bool on_all_threads);

  private:
    /// An input row and what is kept of its past.
    struct Input {
        int row = 0;
        AlignedFloats past;  ///< the last frames before the present block that a transform reaches back to
        AlignedBins ring;    ///< [slot][spectrum_bins]; empty where one partition needs no past spectra
        std::vector<char> is_silent;     ///< [slot]: the spectrum is zero, and was not written
        std::int64_t silent_frames = 0;  ///< how many zeros came last
    };
    struct Term {
        int input = 0;
        const KernelSpectra* kernel = nullptr;
    };
    struct Output {
        int row = 0;
        std::vector<Term> terms;
        std::vector<SpectrumProduct> products;  ///< of the present block; room for all parts of all terms
    };
    struct Block;

    bool keeps_spectra() const { return layout_.slot_count() > 1; }
    int past_frames() const;
    LaneBins* slot(Input& input, int index) { return input.ring.data() + index * transform_.spectrum_bins(); }

    void take(const Block& block, int index);
    void list_products(const Block& block, Output& output);
    void finish_row(const Block& block, int row);
    void make_row(const Output& output, int row, LaneBins* sum) const;
    void put(const Block& block, const Output& output, const LaneBins* sum) const;

    ConvolverLayout layout_;
    const BlockTransform& transform_;
    int newest_ = 0;  ///< slot of the present block
    int spectrum_count_ = 0;
    std::vector<Input> inputs_;
    std::vector<Output> outputs_;
};

}  // namespace tutti::cpu
