#include "engine/vulkan/rows.hpp"

#include <algorithm>
#include <cstring>

#include "engine/errors.hpp"
#include "engine/threads.hpp"
#include "engine/vulkan/recording.hpp"
#include "engine/zeros.hpp"
#include "shaders/rows_advance.spv.hpp"

namespace tutti::vulkan {

namespace {

/// Large enough to make the cost of a submission vanish, small enough to be kept twice each way.
constexpr std::uint64_t piece_bytes = std::uint64_t{8} << 20;

/// Copies, each of a piece by one half of the staging memory, that are kept written down.
constexpr std::size_t copy_count = 16;

std::uint64_t chunk_bytes(const RowsShape& shape) {
    return static_cast<std::uint64_t>(shape.frame_count) * sizeof(float);
}

std::uint64_t row_bytes(const RowsShape& shape) {
    return chunk_bytes(shape) + static_cast<std::uint64_t>(shape.history_count) * sizeof(float);
}

int choose_rows_per_piece(const RowsShape& shape) {
    const auto fitting = static_cast<int>(std::max<std::uint64_t>(1, piece_bytes / chunk_bytes(shape)));
    return std::min(fitting, std::max(1, shape.row_count));
}

}  // namespace

std::uint64_t upload_bytes(const RowsShape& shape) {
    return chunk_bytes(shape) * static_cast<std::uint64_t>(choose_rows_per_piece(shape));
}

VulkanRows::VulkanRows(Device& device, const RowsShape& shape)
    : device_(device),
      shape_(shape),
      samples_(device, static_cast<std::uint32_t>(shape.row_count), row_bytes(shape)),
      layout_{samples_.units_per_tile(), static_cast<std::uint32_t>(shape.history_count + shape.frame_count),
              static_cast<std::uint32_t>(shape.history_count), static_cast<std::uint32_t>(shape.frame_count)},
      set_(device, device.rows_set_layout(), {samples_.handles(), samples_.handles()}),
      advance_(device, {shaders::rows_advance, {}, sizeof(shaders::AdvancePush)}),
      advance_set_(device, advance_.set_layout(), {}),
      rows_per_piece_(choose_rows_per_piece(shape)),
      regions_(static_cast<std::size_t>(rows_per_piece_)),
      upload_(device, upload_bytes(shape)),
      readback_{Buffer(device, upload_bytes(shape), Memory::readback),
                Buffer(device, upload_bytes(shape), Memory::readback)},
      advancing_(device, device.compute(), 1),
      copying_(device, device.transfer(), copy_count),
      silence_(shape) {}

VulkanRows::~VulkanRows() { device_.finish(); }

void VulkanRows::write(int first_row, std::span<const float> samples) {
    const auto frame_count = static_cast<std::size_t>(shape_.frame_count);
    const int end_row = first_row + static_cast<int>(samples.size() / frame_count);
    TUTTI_CHECK(samples.size() % frame_count == 0 && first_row >= 0 && end_row <= shape_.row_count);
    while (first_row < end_row) {
        const Piece piece = piece_from(first_row, end_row);
        const Buffer& half = upload_.next();
        const std::size_t count = static_cast<std::size_t>(piece.row_count) * frame_count;
        copy_rows(static_cast<float*>(half.mapped()), samples.data(), piece.row_count);
        listen(piece.first_row, samples.first(count));
        upload_.sent(submit_copy(piece, half, true, upload_.current()));
        samples = samples.subspan(count);
        first_row += piece.row_count;
    }
}

void VulkanRows::read(int first_row, std::span<float> samples) const {
    const auto frame_count = static_cast<std::size_t>(shape_.frame_count);
    const int end_row = first_row + static_cast<int>(samples.size() / frame_count);
    TUTTI_CHECK(samples.size() % frame_count == 0 && first_row >= 0 && end_row <= shape_.row_count);
    // The device copies one piece while the host copies the one before.
    std::span<float> pending;
    Point pending_point;
    std::size_t half = 0;
    const auto take_pending = [&](std::size_t from) {
        if (pending.empty()) return;
        device_.wait(pending_point);
        copy_rows(pending.data(), static_cast<const float*>(readback_[from].mapped()),
                  static_cast<int>(pending.size() / frame_count));
    };
    while (first_row < end_row) {
        const Piece piece = piece_from(first_row, end_row);
        const std::size_t count = static_cast<std::size_t>(piece.row_count) * frame_count;
        const Point point = submit_copy(piece, readback_[half], false, half);
        take_pending(1 - half);
        pending = samples.first(count);
        pending_point = point;
        samples = samples.subspan(count);
        first_row += piece.row_count;
        half = 1 - half;
    }
    take_pending(1 - half);
}

void VulkanRows::advance() {
    if (shape_.row_count == 0) return;
    silence_.advance();
    used_ = advancing_.submit({}, {&copied_, 1}, [&](Recording& recording) {
        const std::uint64_t past_bytes = row_bytes(shape_) - chunk_bytes(shape_);
        recording.stage("rows_advance", 2 * past_bytes * static_cast<std::uint64_t>(shape_.row_count));
        const shaders::AdvancePush push{layout_};
        recording.run(advance_, advance_set_, set(), push, {static_cast<std::uint32_t>(shape_.row_count)});
    });
}

/// When shaders are done with the rows.
Point VulkanRows::submit_copy(const Piece& piece, const Buffer& staging, bool to_rows,
                              std::size_t half) const {
    const Routine::Key key{static_cast<std::uint64_t>(piece.first_row),
                           static_cast<std::uint64_t>(piece.row_count), 2 * half + (to_rows ? 1 : 0)};
    copied_ = copying_.submit(key, {&used_, 1}, [&](Recording& recording) {
        const Buffer& tile = samples_.tiles()[piece.tile];
        recording.stage(to_rows ? "rows_write" : "rows_read",
                        chunk_bytes(shape_) * static_cast<std::uint64_t>(piece.row_count));
        if (to_rows) {
            recording.copy(staging, tile, regions_of(piece, true));
        } else {
            recording.copy(tile, staging, regions_of(piece, false));
            recording.copies_before_host();
        }
    });
    return copied_;
}

/// On all threads: one core moves less than a bus does.
void VulkanRows::copy_rows(float* to, const float* from, int row_count) const {
    const auto frame_count = static_cast<std::size_t>(shape_.frame_count);
    parallel_for(row_count, [&](int row) {
        const std::size_t at = static_cast<std::size_t>(row) * frame_count;
        std::memcpy(to + at, from + at, frame_count * sizeof(float));
    });
}

/// While the samples are near.
void VulkanRows::listen(int first_row, std::span<const float> samples) {
    const auto frame_count = static_cast<std::size_t>(shape_.frame_count);
    for (int i = 0; samples.size() > i * frame_count; ++i) {
        silence_.set(first_row + i, all_zero(samples.subspan(i * frame_count, frame_count)));
    }
}

/// The rows from first_row on that one staging buffer holds and one tile has.
VulkanRows::Piece VulkanRows::piece_from(int first_row, int end_row) const {
    const auto per_tile = static_cast<int>(samples_.units_per_tile());
    const int tile = first_row / per_tile;
    const int end = std::min({end_row, first_row + rows_per_piece_, (tile + 1) * per_tile});
    return {first_row, end - first_row, static_cast<std::size_t>(tile)};
}

std::span<const VkBufferCopy> VulkanRows::regions_of(const Piece& piece, bool to_rows) const {
    const auto row_in_tile = static_cast<std::uint64_t>(piece.first_row) - samples_.first_unit(piece.tile);
    const std::uint64_t past = row_bytes(shape_) - chunk_bytes(shape_);
    for (int i = 0; i < piece.row_count; ++i) {
        const std::uint64_t in_staging = static_cast<std::uint64_t>(i) * chunk_bytes(shape_);
        const std::uint64_t in_rows =
            (row_in_tile + static_cast<std::uint64_t>(i)) * row_bytes(shape_) + past;
        regions_[i] = to_rows ? VkBufferCopy{in_staging, in_rows, chunk_bytes(shape_)}
                              : VkBufferCopy{in_rows, in_staging, chunk_bytes(shape_)};
    }
    return std::span(regions_).first(static_cast<std::size_t>(piece.row_count));
}

const VulkanRows& vulkan_rows(const Rows& rows, const Device& device, const RowsShape& shape) {
    const auto* found = dynamic_cast<const VulkanRows*>(&rows);
    TUTTI_CHECK(found != nullptr && &found->device() == &device);
    TUTTI_CHECK(rows.shape().row_count == shape.row_count && rows.shape().frame_count == shape.frame_count &&
                rows.shape().history_count == shape.history_count);
    return *found;
}

}  // namespace tutti::vulkan
