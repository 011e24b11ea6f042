#include "engine/vulkan/excitations.hpp"

#include <algorithm>
#include <cstring>

#include "engine/errors.hpp"
#include "engine/vulkan/recording.hpp"

namespace tutti::vulkan {

namespace {

/// Large enough to make the cost of a submission vanish, small enough to be kept three times.
constexpr std::uint64_t piece_bytes = std::uint64_t{4} << 20;

std::size_t values_of_slice(const ExcitationsShape& shape) {
    TUTTI_CHECK(shape.slice_count > 0 && shape.object_count > 0 && shape.band_count > 0);
    return std::size_t{2} * shape.object_count * shape.band_count;
}

}  // namespace

VulkanExcitations::VulkanExcitations(Device& device, const ExcitationsShape& shape)
    : device_(device),
      shape_(shape),
      slice_values_(values_of_slice(shape)),
      values_(device, static_cast<std::uint32_t>(shape.slice_count), slice_values_ * sizeof(float)),
      layout_{values_.units_per_tile(), static_cast<std::uint32_t>(shape.object_count),
              static_cast<std::uint32_t>(shape.band_count)},
      set_(device, device.rows_set_layout(), {values_.handles(), values_.handles()}),
      slices_per_piece_(static_cast<std::uint32_t>(std::clamp<std::uint64_t>(
          piece_bytes / (slice_values_ * sizeof(float)), 1, static_cast<std::uint64_t>(shape.slice_count)))),
      upload_(device, slices_per_piece_ * slice_values_ * sizeof(float)),
      readback_(device, slices_per_piece_ * slice_values_ * sizeof(float), Memory::readback) {}

VulkanExcitations::~VulkanExcitations() { device_.finish(); }

void VulkanExcitations::write(int first_slice, std::span<const float> values) {
    check_range(first_slice, values.size());
    auto slice = static_cast<std::uint32_t>(first_slice);
    while (!values.empty()) {
        const Piece piece = piece_from(slice, values.size());
        const Buffer& half = upload_.next();
        const std::size_t bytes = piece.value_count * sizeof(float);
        std::memcpy(half.mapped(), values.data(), bytes);
        Recording recording = device_.record();
        recording.stage("excitations_write", bytes);
        recording.copy(half, values_.tiles()[piece.tile], {0, piece.offset_bytes, bytes});
        upload_.sent(recording.submit());
        values = values.subspan(piece.value_count);
        slice += static_cast<std::uint32_t>(piece.value_count / slice_values_);
    }
}

void VulkanExcitations::read(int first_slice, std::span<float> values) const {
    check_range(first_slice, values.size());
    auto slice = static_cast<std::uint32_t>(first_slice);
    while (!values.empty()) {
        const Piece piece = piece_from(slice, values.size());
        const std::size_t bytes = piece.value_count * sizeof(float);
        Recording recording = device_.record();
        recording.stage("excitations_read", bytes);
        recording.copy(values_.tiles()[piece.tile], readback_, {piece.offset_bytes, 0, bytes});
        recording.copies_before_host();
        device_.wait(recording.submit());
        std::memcpy(values.data(), readback_.mapped(), bytes);
        values = values.subspan(piece.value_count);
        slice += static_cast<std::uint32_t>(piece.value_count / slice_values_);
    }
}

void VulkanExcitations::check_range(int first_slice, std::size_t value_count) const {
    TUTTI_CHECK(first_slice >= 0 && value_count % slice_values_ == 0);
    TUTTI_CHECK(static_cast<std::size_t>(first_slice) + value_count / slice_values_ <=
                static_cast<std::size_t>(shape_.slice_count));
}

/// The values from a slice on that one staging buffer holds and one tile has.
VulkanExcitations::Piece VulkanExcitations::piece_from(std::uint32_t first_slice,
                                                       std::size_t value_count) const {
    const std::uint32_t per_tile = values_.units_per_tile();
    const std::uint32_t in_tile = first_slice % per_tile;
    const std::size_t slices =
        std::min<std::size_t>({value_count / slice_values_, slices_per_piece_, per_tile - in_tile});
    return {first_slice / per_tile, in_tile * slice_values_ * sizeof(float), slices * slice_values_};
}

const VulkanExcitations& vulkan_excitations(const Excitations& tile, const Device& device) {
    const auto* found = dynamic_cast<const VulkanExcitations*>(&tile);
    TUTTI_CHECK(found != nullptr && &found->device() == &device);
    return *found;
}

}  // namespace tutti::vulkan
