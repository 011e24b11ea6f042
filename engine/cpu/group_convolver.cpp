#include "engine/cpu/group_convolver.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/threads.hpp"

namespace tutti::cpu {

namespace {

/// Of a whole number of control hops. Stops at the first piece that is not; a piece is one loop without
/// branches.
bool all_zero(const float* frames, int count) {
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

/// A stretch of the chunk while it is worked on.
struct GroupConvolver::Block {
    CpuRows& rows;
    int first;
    int count;
    LaneBins* spectra;
    std::size_t spectrum_bins;
    std::vector<ConvolverWorkspace>& workspaces;
    bool on_all_threads;

    float* frames(int row) const { return rows.frames(row) + first; }
    LaneBins* spectrum(int index) const { return spectra + index * spectrum_bins; }
    LaneBins* column_scratch() const { return workspaces[thread_number()].column.data(); }

    /// Calls body(i) for i = 0 ... unit_count - 1, on all threads or on this one.
    template <typename Body>
    void for_each(int unit_count, const Body& body) const {
        if (on_all_threads) {
            parallel_for(unit_count, body);
        } else {
            for (int i = 0; i < unit_count; ++i) body(i);
        }
    }
};

GroupConvolver::GroupConvolver(const ConvolverGroup& group, const ConvolverLayout& layout,
                               const BlockTransform& transform)
    : layout_(layout), transform_(transform) {
    for (const int row : group.input_rows) {
        Input& input = inputs_.emplace_back();
        input.row = row;
        input.past.resize(static_cast<std::size_t>(past_frames()), 0.0F);
        input.is_silent.resize(static_cast<std::size_t>(layout.slot_count()), 1);
        input.silent_frames = std::int64_t{1} << 40;  // it was silent from the beginning
        if (keeps_spectra()) input.ring.resize(layout.slot_count() * transform.spectrum_bins());
    }
    for (const ConvolverGroup::Output& output : group.outputs) outputs_.emplace_back().row = output.row;
    // Outputs are made one after the other, in one place; the last one takes that of an input, since products
    // are read before their sum is written. So little memory is worked on that it stays in the cache.
    spectrum_count_ = static_cast<int>(inputs_.size()) + (outputs_.size() > 1 ? 1 : 0);
}

void GroupConvolver::connect(int output, int input, const KernelSpectra& kernel) {
    Output& mine = outputs_[output];
    mine.terms.push_back({input, &kernel});
    mine.products.reserve(mine.products.capacity() + kernel.part_count());
}

void GroupConvolver::process(CpuRows& rows, int chunk_frames, std::vector<ConvolverWorkspace>& workspaces,
                             int mine, bool on_all_threads) {
    for (int first = 0; first < chunk_frames; first += layout_.hop_frames) {
        const Block block{rows,
                          first,
                          std::min(layout_.hop_frames, chunk_frames - first),
                          workspaces[mine].spectra.data(),
                          transform_.spectrum_bins(),
                          workspaces,
                          on_all_threads};
        newest_ = (newest_ + 1) % layout_.slot_count();
        for (int i = 0; i < static_cast<int>(inputs_.size()); ++i) take(block, i);
        for (int o = 0; o < static_cast<int>(outputs_.size()); ++o) {
            list_products(block, outputs_[o]);
            LaneBins* const sum =
                block.spectrum(o + 1 < static_cast<int>(outputs_.size()) ? spectrum_count_ - 1 : 0);
            block.for_each(transform_.row_group_count(), [&](int row) {
                if (o == 0) finish_row(block, row);
                make_row(outputs_[o], row, sum);
            });
            put(block, outputs_[o], sum);
        }
    }
}

/// Frames before a block that its convolution with one partition reaches.
int GroupConvolver::past_frames() const {
    return std::min(layout_.partition_frames, layout_.transform_frames - layout_.hop_frames);
}

/// Transforms the columns of the window that ends with the block; keeps what the next one needs.
void GroupConvolver::take(const Block& block, int index) {
    Input& input = inputs_[index];
    const float* const frames = block.frames(input.row);
    const int past = past_frames();
    input.silent_frames = all_zero(frames, block.count) ? input.silent_frames + block.count : 0;
    const bool is_silent = input.silent_frames >= past + block.count;
    input.is_silent[newest_] = is_silent ? 1 : 0;
    if (is_silent) return;  // and so is the past that is kept
    const BlockWindow window{layout_.transform_frames - past - block.count, input.past.data(), past, frames};
    LaneBins* const bins = block.spectrum(index);
    block.for_each(transform_.column_group_count(), [&](int group) {
        transform_.forward_columns(window, bins, block.column_scratch(), group);
    });
    if (past == 0) return;
    float* const kept = input.past.data();
    const int more = std::min(block.count, past);
    std::memmove(kept, kept + more, (past - more) * sizeof(float));
    std::memcpy(kept + past - more, frames + block.count - more, more * sizeof(float));
}

void GroupConvolver::list_products(const Block& block, Output& output) {
    output.products.clear();
    for (const Term& term : output.terms) {
        Input& input = inputs_[term.input];
        for (int part = 0; part < term.kernel->part_count(); ++part) {
            const int back = part * layout_.hops_per_partition();
            const int index = (newest_ - back + layout_.slot_count()) % layout_.slot_count();
            if (term.kernel->is_zero(part) || input.is_silent[index] != 0) continue;
            output.products.push_back(
                {part == 0 ? block.spectrum(term.input) : slot(input, index), term.kernel->part(part)});
        }
    }
}

/// The second half of the newest spectra's transform, for one row of bins; keeps it.
void GroupConvolver::finish_row(const Block& block, int row) {
    const int bins = transform_.row_bins();
    const std::size_t first = static_cast<std::size_t>(row) * bins;
    for (int i = 0; i < static_cast<int>(inputs_.size()); ++i) {
        if (inputs_[i].is_silent[newest_] != 0) continue;
        LaneBins* const newest = block.spectrum(i) + first;
        transform_.forward_row(newest);
        // Kept in one go, while the row is in the cache: scattered writes to memory would cost far more.
        if (keeps_spectra()) std::memcpy(slot(inputs_[i], newest_) + first, newest, bins * sizeof(LaneBins));
    }
}

/// An output's products for one row of bins, and the first half of their way back.
void GroupConvolver::make_row(const Output& output, int row, LaneBins* sum) const {
    if (output.products.empty()) return;
    const int bins = transform_.row_bins();
    const std::size_t first = static_cast<std::size_t>(row) * bins;
    transform_.multiply(output.products, first, sum + first, bins);
    transform_.inverse_row(sum + first);
}

void GroupConvolver::put(const Block& block, const Output& output, const LaneBins* sum) const {
    float* const frames = block.frames(output.row);
    if (output.products.empty()) {
        // A silent input that is written in place is what it is to become.
        const bool is_there = std::any_of(inputs_.begin(), inputs_.end(), [&](const Input& input) {
            return input.row == output.row && input.silent_frames >= block.count;
        });
        if (!is_there) std::fill(frames, frames + block.count, 0.0F);
        return;
    }
    block.for_each(transform_.column_group_count(), [&](int group) {
        transform_.inverse_columns(sum, frames, block.count, block.column_scratch(), group);
    });
}

}  // namespace tutti::cpu
