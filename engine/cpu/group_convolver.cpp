#include "engine/cpu/group_convolver.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <utility>

#include "engine/threads.hpp"
#include "engine/zeros.hpp"

namespace tutti::cpu {

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
    const float* input(int row) const { return std::as_const(rows).frames(row) + first; }
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

    /// Calls body(first, end) for pieces of the block's frames that are all of it.
    template <typename Body>
    void for_each_piece(const Body& body) const {
        constexpr int piece = 1 << 16;
        if (count <= piece) return body(0, count);
        for_each((count + piece - 1) / piece,
                 [&](int i) { body(i * piece, std::min((i + 1) * piece, count)); });
    }

    bool is_silent(int row) const {
        const float* const samples = input(row);
        std::atomic<bool> sounds = false;
        for_each_piece([&](int first, int end) {
            if (sounds.load(std::memory_order_relaxed)) return;
            if (!all_zero({samples + first, static_cast<std::size_t>(end - first)})) sounds = true;
        });
        return !sounds;
    }

    /// The same for a part of the work that one of the threads does alone, in spectra of its own.
    Block for_this_thread() const {
        Block mine = *this;
        if (on_all_threads) mine.spectra = workspaces[thread_number()].spectra.data();
        mine.on_all_threads = false;
        return mine;
    }
};

GroupConvolver::GroupConvolver(const ConvolverGroup& group, const ConvolverLayout& layout,
                               const InputShares& shares, const BlockTransform& transform)
    : layout_(layout), input_shares_(shares), transform_(transform) {
    for (const int row : group.input_rows) {
        Input& input = inputs_.emplace_back();
        input.row = row;
        input.is_silent.resize(static_cast<std::size_t>(layout.slot_count()), 1);
        if (keeps_spectra()) input.ring.resize(layout.slot_count() * transform.spectrum_bins());
    }
    for (const ConvolverGroup::Output& output : group.outputs) {
        Output& mine = outputs_.emplace_back();
        mine.row = output.row;
        mine.tail.resize(static_cast<std::size_t>(layout.hop_frames) + tail_frames());
    }
    const std::size_t output_count = outputs_.size();
    shares_.resize(static_cast<std::size_t>(shares.share_count));
    for (int batch = 0; batch < shares.batch_count; ++batch) {
        const int first = batch * shares.batch_inputs;
        const int end = std::min(first + shares.batch_inputs, static_cast<int>(inputs_.size()));
        shares_[batch * shares.share_count / shares.batch_count].batches.push_back(
            {first, end, std::vector<std::vector<Term>>(output_count)});
    }
    for (Share& share : shares_) {
        share.products.resize(output_count);
        share.has_sums.resize(output_count, 0);
        if (keeps_sums()) share.sums.resize(output_count * transform.spectrum_bins());
    }
    // Made at once, outputs are made one after the other, in one place; the last one takes that of an input,
    // since products are read before their sum is written. So little memory is worked on that it stays in the
    // cache.
    spectrum_count_ = shares.batch_inputs + (!keeps_sums() && output_count > 1 ? 1 : 0);
}

void GroupConvolver::connect(int output, int input, const KernelSpectra& kernel, float gain) {
    for (Share& share : shares_) {
        for (Batch& batch : share.batches) {
            if (input < batch.first_input || input >= batch.end_input) continue;
            std::vector<Term>& terms = batch.terms[output];
            terms.push_back({input, &kernel, gain});
            std::size_t parts = 0;
            for (const Term& term : terms) parts += term.kernel->part_count();
            share.products[output].reserve(parts);
        }
    }
}

void GroupConvolver::process(CpuRows& rows, int chunk_frames, std::vector<ConvolverWorkspace>& workspaces,
                             int mine, bool on_all_threads) {
    for (Input& input : inputs_) input.is_known_silent = rows.is_known_silent(input.row);
    for (int first = 0; first < chunk_frames; first += layout_.hop_frames) {
        const Block block{rows,
                          first,
                          std::min(layout_.hop_frames, chunk_frames - first),
                          workspaces[mine].spectra.data(),
                          transform_.spectrum_bins(),
                          workspaces,
                          on_all_threads};
        newest_ = (newest_ + 1) % layout_.slot_count();
        if (!keeps_sums()) {
            make_at_once(block);
            continue;
        }
        block.for_each(static_cast<int>(shares_.size()),
                       [&](int share) { add_up(block.for_this_thread(), shares_[share]); });
        for (int o = 0; o < static_cast<int>(outputs_.size()); ++o) make_from_sums(block, o);
    }
}

/// All inputs side by side, then one output after the other.
void GroupConvolver::make_at_once(const Block& block) {
    Share& all = shares_.front();
    const Batch& batch = all.batches.front();
    for (int i = batch.first_input; i < batch.end_input; ++i) take(block, batch, i);
    const int bins = transform_.row_bins();
    const int piece = transform_.piece_bins();
    const int output_count = static_cast<int>(outputs_.size());
    for (int o = 0; o < output_count; ++o) {
        std::vector<SpectrumProduct>& products = all.products[o];
        list_products(block, batch, o, products);
        LaneBins* const sum = block.spectrum(o + 1 < output_count ? spectrum_count_ - 1 : 0);
        block.for_each(transform_.row_group_count(), [&](int row) {
            const std::size_t begin = static_cast<std::size_t>(row) * bins;
            if (o == 0) begin_row(block, batch, begin);
            for (std::size_t at = begin; at < begin + bins; at += piece) {
                if (o == 0) finish_piece(block, batch, at);
                if (products.empty()) continue;
                transform_.multiply(products, at, sum + at, piece);
                transform_.inverse_piece(sum + at);
            }
            if (!products.empty()) transform_.inverse_row(sum + begin);
        });
        put(block, outputs_[o], products.empty() ? nullptr : sum);
    }
}

/// The share's batches, one after the other, into its sums.
void GroupConvolver::add_up(const Block& block, Share& share) {
    const int bins = transform_.row_bins();
    const int piece = transform_.piece_bins();
    const int output_count = static_cast<int>(outputs_.size());
    std::fill(share.has_sums.begin(), share.has_sums.end(), 0);
    for (const Batch& batch : share.batches) {
        for (int i = batch.first_input; i < batch.end_input; ++i) take(block, batch, i);
        for (int o = 0; o < output_count; ++o) list_products(block, batch, o, share.products[o]);
        for (int row = 0; row < transform_.row_group_count(); ++row) {
            const std::size_t begin = static_cast<std::size_t>(row) * bins;
            begin_row(block, batch, begin);
            for (std::size_t at = begin; at < begin + bins; at += piece) {
                finish_piece(block, batch, at);
                for (int o = 0; o < output_count; ++o) {
                    if (share.products[o].empty()) continue;
                    transform_.multiply(share.products[o], at, sum_of(share, o) + at, piece,
                                        share.has_sums[o] != 0);
                }
            }
        }
        for (int o = 0; o < output_count; ++o) {
            if (!share.products[o].empty()) share.has_sums[o] = 1;
        }
    }
}

/// The shares' sums of an output, added in their order, and their way back.
void GroupConvolver::make_from_sums(const Block& block, int output) {
    const auto has_sum = [&](const Share& share) { return share.has_sums[output] != 0; };
    const auto first_share = std::find_if(shares_.begin(), shares_.end(), has_sum);
    if (first_share == shares_.end()) {
        put(block, outputs_[output], nullptr);
        return;
    }
    const int bins = transform_.row_bins();
    const int piece = transform_.piece_bins();
    LaneBins* const sum = sum_of(*first_share, output);
    block.for_each(transform_.row_group_count(), [&](int row) {
        const std::size_t begin = static_cast<std::size_t>(row) * bins;
        for (std::size_t at = begin; at < begin + bins; at += piece) {
            for (auto share = first_share + 1; share != shares_.end(); ++share) {
                if (has_sum(*share)) transform_.add(sum + at, sum_of(*share, output) + at, piece);
            }
            transform_.inverse_piece(sum + at);
        }
        transform_.inverse_row(sum + begin);
    });
    put(block, outputs_[output], sum);
}

/// Frames behind a block that its convolution with one partition reaches.
int GroupConvolver::tail_frames() const {
    return std::min(layout_.partition_frames, layout_.transform_frames - layout_.hop_frames);
}

/// Transforms the columns of the block.
void GroupConvolver::take(const Block& block, const Batch& batch, int index) {
    Input& input = inputs_[index];
    const BlockInput present{block.input(input.row), block.count};
    const bool is_silent = input.is_known_silent || block.is_silent(input.row);
    input.is_silent[newest_] = is_silent ? 1 : 0;
    if (is_silent) return;
    LaneBins* const bins = block.spectrum(index - batch.first_input);
    block.for_each(transform_.column_group_count(), [&](int group) {
        transform_.forward_columns(present, bins, block.column_scratch(), group);
    });
}

void GroupConvolver::list_products(const Block& block, const Batch& batch, int output,
                                   std::vector<SpectrumProduct>& products) {
    products.clear();
    for (const Term& term : batch.terms[output]) {
        Input& input = inputs_[term.input];
        for (int part = 0; part < term.kernel->part_count(); ++part) {
            const int back = part * layout_.hops_per_partition();
            const int index = (newest_ - back + layout_.slot_count()) % layout_.slot_count();
            if (term.kernel->is_zero(part) || input.is_silent[index] != 0) continue;
            const LaneBins* const x =
                part == 0 ? block.spectrum(term.input - batch.first_input) : slot(input, index);
            products.push_back({x, term.kernel->part(part), term.gain});
        }
    }
}

/// The second half of the newest spectra's transform: its beginning, for one row of bins from `first` on.
void GroupConvolver::begin_row(const Block& block, const Batch& batch, std::size_t first) const {
    for (int i = batch.first_input; i < batch.end_input; ++i) {
        if (inputs_[i].is_silent[newest_] != 0) continue;
        transform_.begin_row(block.spectrum(i - batch.first_input) + first);
    }
}

/// The rest, for one piece of the row; keeps it.
void GroupConvolver::finish_piece(const Block& block, const Batch& batch, std::size_t first) {
    const std::size_t bytes = static_cast<std::size_t>(transform_.piece_bins()) * sizeof(LaneBins);
    for (int i = batch.first_input; i < batch.end_input; ++i) {
        if (inputs_[i].is_silent[newest_] != 0) continue;
        LaneBins* const newest = block.spectrum(i - batch.first_input) + first;
        transform_.finish_piece(newest);
        // Kept in one go, while the piece is in the cache: scattered writes to memory would cost far more.
        if (keeps_spectra()) std::memcpy(slot(inputs_[i], newest_) + first, newest, bytes);
    }
}

/// Writes the block of an output; null: nothing is added to its tail.
void GroupConvolver::put(const Block& block, Output& output, const LaneBins* sum) const {
    const auto size = static_cast<int>(output.tail.size());
    if (sum == nullptr) {
        put_tail(block, output);
        output.tail_count = std::max(0, output.tail_count - block.count);
    } else {
        const BlockOutput to{block.frames(output.row), block.count,       output.tail.data(), size,
                             output.tail_begin,        output.tail_count, tail_frames()};
        block.for_each(transform_.column_group_count(), [&](int group) {
            transform_.inverse_columns(sum, to, block.column_scratch(), group);
        });
        output.tail_count = tail_frames();
    }
    output.tail_begin = (output.tail_begin + block.count) % size;
}

void GroupConvolver::put_tail(const Block& block, const Output& output) const {
    const int count = std::min(block.count, output.tail_count);
    const auto size = static_cast<int>(output.tail.size());
    // A silent input that is written in place is what it is to become.
    const bool is_silent = std::any_of(inputs_.begin(), inputs_.end(), [&](const Input& input) {
        return input.row == output.row && input.is_silent[newest_] != 0;
    });
    if (is_silent && count == 0) return;
    block.for_each_piece([&](int first, int end) {
        float* const frames = block.frames(output.row);
        for (int at = first; at < std::min(end, count);) {
            const int in_tail = (output.tail_begin + at) % size;
            const int run = std::min({end - at, count - at, size - in_tail});
            std::copy_n(output.tail.data() + in_tail, run, frames + at);
            at += run;
        }
        if (!is_silent) std::fill(frames + std::clamp(count, first, end), frames + end, 0.0F);
    });
}

}  // namespace tutti::cpu
