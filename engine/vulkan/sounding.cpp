#include "engine/vulkan/sounding.hpp"

#include <algorithm>

namespace tutti::vulkan {

Sounding::Begin Sounding::begin_of(const ConvolverGroup& group) {
    Begin begin;
    begin.places = begin.inputs + group.ring.input_tile_count * group.ring.inputs_per_tile;
    begin.bundles = begin.places + group.slot_count * group.input_count();
    begin.output_places = begin.bundles + static_cast<std::uint32_t>(group.bundles.size());
    begin.outputs = begin.output_places + group.output_count();
    begin.end = begin.outputs + group.output_count();
    return begin;
}

Sounding::Sounding(Device& device, const ConvolverGroup& group, std::uint32_t frame_count)
    : group_(group),
      frame_count_(frame_count),
      ring_chunks_(group.slot_count / group.block_count),
      inputs_(group.input_count(), Input{group.past_frames(), ring_chunks_}),
      begin_(begin_of(group)),
      lists_(device, std::vector<std::uint32_t>(begin_.end, shaders::nothing)) {}

void Sounding::listen(const Silence& rows, std::uint32_t first_slot) {
    const std::span<std::uint32_t> lists = lists_.words();
    const std::uint32_t count = group_.input_count();
    const std::uint32_t per_tile = group_.ring.inputs_per_tile;
    most_inputs_ = 0;
    input_count_ = 0;
    for (std::uint32_t tile = 0; tile < group_.ring.input_tile_count; ++tile) {
        const std::span<std::uint32_t> numbers = lists.subspan(begin_.inputs + tile * per_tile, per_tile);
        const std::uint32_t first_block = first_slot % group_.ring.slots_per_tile * group_.inputs_in(tile);
        std::uint32_t sounding = 0;
        for (std::uint32_t i = 0; i < group_.inputs_in(tile); ++i) {
            const std::uint32_t number = tile * per_tile + i;
            const bool is_silent =
                !sounds(inputs_[number], static_cast<int>(group_.input_rows[number]), rows);
            for (std::uint32_t b = 0; b < group_.block_count; ++b) {
                lists[begin_.places + (first_slot + b) * count + number] =
                    is_silent ? shaders::nothing : first_block + sounding * group_.block_count + b;
            }
            if (!is_silent) numbers[sounding++] = i;
        }
        std::fill(numbers.begin() + sounding, numbers.end(), shaders::nothing);
        most_inputs_ = std::max(most_inputs_, sounding);
        input_count_ += sounding;
    }
}

/// Whether a block of this chunk is not silent.
bool Sounding::sounds(Input& input, int row, const Silence& rows) const {
    const bool is_silent = rows.holds(row);
    const bool was_silent = input.quiet_frames == group_.past_frames();
    input.quiet_frames = is_silent ? std::min(group_.past_frames(), input.quiet_frames + frame_count_) : 0;
    input.quiet_chunks = is_silent && was_silent ? std::min(ring_chunks_, input.quiet_chunks + 1) : 0;
    return input.quiet_chunks == 0;
}

void Sounding::answer(Silence& rows) {
    const std::span<std::uint32_t> lists = lists_.words();
    bundle_count_ = made_count_ = written_count_ = 0;
    for (std::uint32_t b = 0; b < group_.bundles.size(); ++b) {
        const shaders::ConvolverBundle& bundle = group_.bundles[b];
        const std::uint32_t made_before = made_count_;
        for (std::uint32_t o = 0; o < bundle.output_count; ++o) {
            const std::uint32_t number = bundle.first_output + o;
            const bool adds = (group_.output_rows[number] & shaders::adds_to_row) != 0;
            const auto row = static_cast<int>(group_.output_rows[number] & ~shaders::adds_to_row);
            const bool is_silent = !is_heard(bundle, o);
            lists[begin_.output_places + number] = is_silent ? shaders::nothing : made_count_++;
            // Nothing need be added in silence, nor silence be written where it is.
            if (is_silent && (adds || rows.holds(row))) continue;
            lists[begin_.outputs + written_count_++] = number;
            rows.set(row, is_silent);
        }
        if (made_count_ > made_before) lists[begin_.bundles + bundle_count_++] = b;
    }
}

std::uint32_t Sounding::sounding_outputs(const shaders::ConvolverBundle& bundle, std::uint32_t term) const {
    std::uint32_t count = 0;
    for (std::uint32_t o = 0; o < bundle.output_count; ++o) count += reaches(bundle, term, o) ? 1 : 0;
    return count;
}

bool Sounding::is_heard(const shaders::ConvolverBundle& bundle, std::uint32_t output) const {
    for (std::uint32_t term = 0; term < bundle.term_count; ++term) {
        if (reaches(bundle, term, output)) return true;
    }
    return false;
}

/// Whether the input of a term sounds, or did in chunks that the term's last partition reaches back to.
bool Sounding::reaches(const shaders::ConvolverBundle& bundle, std::uint32_t term,
                       std::uint32_t output) const {
    const shaders::ConvolverTerm& part = group_.terms[bundle.first_term + term];
    const std::uint32_t last = part.first_partition + part.partition_count - 1;
    const std::uint32_t reach =
        (last * group_.hops_per_partition + group_.block_count - 1) / group_.block_count;
    const std::uint32_t place = bundle.first_input + term * bundle.output_count + output;
    return inputs_[group_.term_inputs[place].number].quiet_chunks <= reach;
}

}  // namespace tutti::vulkan
