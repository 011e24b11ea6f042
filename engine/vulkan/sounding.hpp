#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/vulkan/convolver_plan.hpp"
#include "engine/vulkan/live_table.hpp"
#include "engine/vulkan/silence.hpp"

namespace tutti::vulkan {

/// What a group has to do in a chunk, where silence costs nothing: an input is transformed when its chunk or
/// its past sounds, an output made when it hears an input that does or did, as far back as its kernel
/// reaches. What is left out would have been zeros.
class Sounding {
  public:
    /// The group must outlive it.
    Sounding(Device& device, const ConvolverGroup& group, std::uint32_t frame_count);

    /// A chunk begins, whose blocks go to the ring's slots from first_slot on.
    void listen(const Silence& rows, std::uint32_t first_slot);

    /// After listen(), of all groups: what becomes of the output rows, and of their silence.
    void answer(Silence& rows);

    /// The lists that shaders read, and where in them each begins.
    LiveTable& lists() { return lists_; }
    const LiveTable& lists() const { return lists_; }
    struct Begin {
        std::uint32_t inputs = 0;   ///< [input tile][inputs_per_tile]: numbers in the tile, then `nothing`
        std::uint32_t places = 0;   ///< [slot][input]
        std::uint32_t bundles = 0;  ///< to make
        std::uint32_t output_places = 0;  ///< [output]
        std::uint32_t outputs = 0;        ///< to write
        std::uint32_t end = 0;
    };
    const Begin& begin() const { return begin_; }
    static Begin begin_of(const ConvolverGroup& group);

    /// Inputs to transform: in the tile that has most of them, and in all.
    std::uint32_t most_inputs() const { return most_inputs_; }
    std::uint32_t input_count() const { return input_count_; }
    std::uint32_t bundle_count() const { return bundle_count_; }
    /// Outputs made, and rows written: those, and those that fall silent.
    std::uint32_t made_count() const { return made_count_; }
    std::uint32_t written_count() const { return written_count_; }

    /// Of the outputs of a bundle those whose input of that term sounds, as far back as the term reaches.
    std::uint32_t sounding_outputs(const shaders::ConvolverBundle& bundle, std::uint32_t term) const;

    /// The bundles to make, and the outputs to write, by number.
    std::span<const std::uint32_t> bundles() const {
        return lists_.words().subspan(begin_.bundles, bundle_count_);
    }
    std::span<const std::uint32_t> outputs() const {
        return lists_.words().subspan(begin_.outputs, written_count_);
    }

  private:
    /// What is known of an input.
    struct Input {
        std::uint32_t quiet_frames = 0;  ///< up to the end of the last chunk, at most past_frames
        std::uint32_t quiet_chunks = 0;  ///< since its last block that is not silent; 0: the present ones are
    };
    bool sounds(Input& input, int row, const Silence& rows) const;
    bool is_heard(const shaders::ConvolverBundle& bundle, std::uint32_t output) const;
    bool reaches(const shaders::ConvolverBundle& bundle, std::uint32_t term, std::uint32_t output) const;

    const ConvolverGroup& group_;
    std::uint32_t frame_count_;
    std::uint32_t ring_chunks_;
    std::vector<Input> inputs_;
    Begin begin_;
    LiveTable lists_;
    std::uint32_t most_inputs_ = 0;
    std::uint32_t input_count_ = 0;
    std::uint32_t bundle_count_ = 0;
    std::uint32_t made_count_ = 0;
    std::uint32_t written_count_ = 0;
};

}  // namespace tutti::vulkan
