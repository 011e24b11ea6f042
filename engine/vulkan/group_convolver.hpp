#pragma once

#include <cstdint>
#include <vector>

#include "engine/vulkan/buffer.hpp"
#include "engine/vulkan/convolver_plan.hpp"
#include "engine/vulkan/fft.hpp"
#include "engine/vulkan/pipeline.hpp"
#include "engine/vulkan/routine.hpp"
#include "engine/vulkan/rows.hpp"
#include "engine/vulkan/sounding.hpp"

namespace tutti::vulkan {

/// What groups use one after the other: output spectra, and the room of transforms too long for a workgroup.
struct ConvolverScratch {
    const Buffer& outputs;
    const Buffer& workspace;
};

/// Device memory that a group needs, in bytes. An upper bound: transforms keep tables of sines as well.
struct ConvolverBytes {
    std::uint64_t own = 0;        ///< kernel and input spectra, past frames, tables
    std::uint64_t outputs = 0;    ///< of the scratch
    std::uint64_t workspace = 0;  ///< of the scratch
};
ConvolverBytes bytes_of(const ConvolverGroup& group);

/// The convolutions of one group: overlap-save, uniformly partitioned with a frequency-domain delay line
/// where kernels are longer than a transform has room for. Every input keeps the spectra of its last
/// slot_count blocks in a ring; each chunk writes the next block_count of them. Rows that are known to be
/// silent over a kernel's reach are left out of all of it.
class GroupConvolver {
  public:
    /// The scratch must be as large as bytes_of() says, and outlive this.
    GroupConvolver(Device& device, const RowsShape& shape, ConvolverGroup group,
                   const ConvolverScratch& scratch);

    /// What the next chunk sounds like: of all groups the inputs, then the outputs, and how these change what
    /// is silent. The lists of it go before the work.
    void listen(const Silence& rows) { sounding_.listen(rows, first_slot_); }
    void answer(Silence& rows) { sounding_.answer(rows); }
    LiveTable& lists() { return sounding_.lists(); }

    /// The work of that chunk, ready to be submitted, or null where there is none: all groups' inputs, then
    /// group after group its outputs, in the scratch that they share. Then next_chunk().
    Commands* inputs(const VulkanRows& rows);
    Commands* outputs(const VulkanRows& rows);
    void next_chunk();

  private:
    /// Bytes of device memory that each stage has to read and write in this chunk: every value once, but
    /// kernel and input spectra once for each tile of products.
    std::uint64_t pack_bytes() const;
    std::uint64_t keep_bytes() const;
    std::uint64_t input_transform_bytes() const;
    std::uint64_t multiply_bytes() const;
    std::uint64_t output_transform_bytes() const;
    std::uint64_t unpack_bytes() const;

    // The stages of one chunk, in this order. A barrier must stand behind pack() and multiply(); transforms
    // end with one.
    void pack(Recording& recording, const VulkanRows& rows) const;
    void keep(Recording& recording, const VulkanRows& rows) const;
    void transform_inputs(Recording& recording) const;
    void multiply(Recording& recording) const;
    void transform_outputs(Recording& recording) const;
    void unpack(Recording& recording, const VulkanRows& rows) const;

    struct Tile {
        Buffer spectra;  ///< [slot][input][bin], of some slots of some inputs
        BufferSet pack_set;
        Fft to_spectra;
    };
    struct Past {
        Buffer frames;  ///< of some inputs, the last before the chunk, in a ring: [input][past_frames]
        BufferSet keep_set;
    };

    Past make_past(Device& device, std::uint32_t input_tile) const;
    Tile make_tile(Device& device, std::uint32_t input_tile) const;
    const Tile& present(std::uint32_t input_tile) const;
    std::uint32_t first_block(std::uint32_t input_tile) const;
    std::uint32_t inputs_at_once(std::uint32_t input_tile) const;

    std::uint32_t frame_count_;
    ConvolverGroup group_;
    std::uint32_t first_slot_ = 0;
    std::uint32_t past_start_ = 0;
    Sounding sounding_;
    Buffer input_rows_;
    Buffer output_rows_;
    Buffer bundles_;
    Buffer terms_;
    Buffer term_inputs_;
    TiledBuffer kernels_;
    Pipeline pack_;
    Pipeline keep_;
    Pipeline multiply_;
    Pipeline unpack_;
    std::vector<Past> pasts_;  ///< [input tile]
    std::vector<Tile> tiles_;  ///< [input tile][slot tile]
    BufferSet multiply_set_;
    BufferSet unpack_set_;
    Fft to_frames_;
    Routine inputs_;
    Routine outputs_;
};

}  // namespace tutti::vulkan
