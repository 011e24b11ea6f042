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
    AlignedBins spectra;  ///< the present block's: of a batch of inputs, then of an output
};

/// The convolution of one group of rows, block after block, by overlap-add: a block that is silent costs
/// nothing, and what is left of those before it needs no transform. Few inputs are transformed side by side,
/// and the outputs made from them; many are taken batch by batch, and multiplied into the outputs' sums while
/// their spectra are near (a sum of convolutions needs one inverse transform, however many they are).
class GroupConvolver {
  public:
    /// The transform must outlive it.
    GroupConvolver(const ConvolverGroup& group, const ConvolverLayout& layout, const InputShares& shares,
                   const BlockTransform& transform);

    /// Adds a term to an output, in the group's order; the kernel must outlive this.
    void connect(int output, int input, const KernelSpectra& kernel, float gain);

    const BlockTransform& transform() const { return transform_; }

    /// Whether it keeps sums: then all threads can work on it without waiting for each other, each in the
    /// spectra of its own workspace.
    bool keeps_sums() const { return !input_shares_.are_one(); }

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
        bool is_known_silent = false;  ///< in the present chunk
        AlignedBins ring;  ///< [slot][spectrum_bins]; empty where one partition needs no past spectra
        std::vector<char> is_silent;  ///< [slot]: the spectrum is zero, and was not written
    };
    /// An output row and what blocks so far have left for those to come.
    struct Output {
        int row = 0;
        AlignedFloats tail;  ///< a ring that begins at tail_begin
        int tail_begin = 0;
        int tail_count = 0;  ///< frames of it that are not zero
    };
    struct Term {
        int input = 0;
        const KernelSpectra* kernel = nullptr;
        float gain = 1.0F;
    };
    /// Inputs that are transformed side by side, and what is made of them.
    struct Batch {
        int first_input = 0;
        int end_input = 0;
        std::vector<std::vector<Term>> terms;  ///< [output]
    };
    struct Share {
        std::vector<Batch> batches;
        /// [output]: of the present block and batch; room for all parts of all terms
        std::vector<std::vector<SpectrumProduct>> products;
        AlignedBins sums;            ///< [output][spectrum_bins]; empty where none are kept
        std::vector<char> has_sums;  ///< [output]: not all silent in the present block
    };
    struct Block;

    bool keeps_spectra() const { return layout_.slot_count() > 1; }
    int tail_frames() const;
    LaneBins* slot(Input& input, int index) { return input.ring.data() + index * transform_.spectrum_bins(); }
    LaneBins* sum_of(Share& share, int output) {
        return share.sums.data() + output * transform_.spectrum_bins();
    }

    void make_at_once(const Block& block);
    void add_up(const Block& block, Share& share);
    void make_from_sums(const Block& block, int output);

    void take(const Block& block, const Batch& batch, int index);
    void list_products(const Block& block, const Batch& batch, int output,
                       std::vector<SpectrumProduct>& products);
    void begin_row(const Block& block, const Batch& batch, std::size_t first) const;
    void finish_piece(const Block& block, const Batch& batch, std::size_t first);
    void put(const Block& block, Output& output, const LaneBins* sum) const;
    void put_tail(const Block& block, const Output& output) const;

    ConvolverLayout layout_;
    InputShares input_shares_;
    const BlockTransform& transform_;
    int newest_ = 0;  ///< slot of the present block
    int spectrum_count_ = 0;
    std::vector<Input> inputs_;
    std::vector<Output> outputs_;
    std::vector<Share> shares_;
};

}  // namespace tutti::cpu
