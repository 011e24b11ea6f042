#pragma once

#include <array>
#include <span>
#include <vector>

#include "engine/backend.hpp"
#include "engine/vulkan/buffer.hpp"
#include "engine/vulkan/pipeline.hpp"
#include "engine/vulkan/routine.hpp"
#include "engine/vulkan/silence.hpp"
#include "shaders/layouts.h"

namespace tutti::vulkan {

/// Rows of one shape that an operation expects to work on in turn, and keeps its work written down for.
inline constexpr std::size_t rows_in_turn = 2;

/// Bytes that the host's chunks of rows of that shape come in at a time.
std::uint64_t upload_bytes(const RowsShape& shape);

/// Rows in device memory, over several buffers where one would be larger than the device can bind. The host
/// writes and reads them by the transfer lane, beside what shaders do meanwhile to others.
class VulkanRows final : public Rows {
  public:
    VulkanRows(Device& device, const RowsShape& shape);
    ~VulkanRows() override;

    const RowsShape& shape() const override { return shape_; }
    void write(int first_row, std::span<const float> samples) override;
    void read(int first_row, std::span<float> samples) const override;
    void advance() override;

    const Device& device() const { return device_; }
    VkDescriptorSet set() const { return set_.handle(); }
    const shaders::RowsLayout& layout() const { return layout_; }
    const TiledBuffer& samples() const { return samples_; }

    /// Which rows are known to be zero, when all that was given so far is done.
    Silence& silence() const { return silence_; }

    /// The way for the host's chunks, which others than write() may take.
    UploadHalves& upload() const { return upload_; }

    /// What work of the compute lane on these rows has to come after.
    const Point& copied() const { return copied_; }

    /// Says that work of the compute lane uses these rows up to there.
    void used(const Point& point) const {
        used_ = point;
        copied_ = {};  // what is submitted from now on comes after it anyway
    }

  private:
    struct Piece {
        int first_row;
        int row_count;
        std::size_t tile;
    };
    Point submit_copy(const Piece& piece, const Buffer& staging, bool to_rows, std::size_t half) const;
    void listen(int first_row, std::span<const float> samples);
    void copy_rows(float* to, const float* from, int row_count) const;
    Piece piece_from(int first_row, int end_row) const;
    std::span<const VkBufferCopy> regions_of(const Piece& piece, bool to_rows) const;

    Device& device_;
    RowsShape shape_;
    TiledBuffer samples_;
    shaders::RowsLayout layout_;
    BufferSet set_;
    Pipeline advance_;
    BufferSet advance_set_;
    int rows_per_piece_;
    mutable std::vector<VkBufferCopy> regions_;
    mutable UploadHalves upload_;
    std::array<Buffer, 2> readback_;
    Routine advancing_;
    mutable Routine copying_;
    mutable Silence silence_;
    mutable Point copied_;  ///< of the transfer lane
    mutable Point used_;    ///< of the compute lane
};

/// The Vulkan rows behind `rows`; checks that they belong to this device and have this shape.
const VulkanRows& vulkan_rows(const Rows& rows, const Device& device, const RowsShape& shape);

}  // namespace tutti::vulkan
