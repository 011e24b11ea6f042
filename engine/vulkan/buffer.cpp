#include "engine/vulkan/buffer.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "engine/errors.hpp"
#include "engine/vulkan/recording.hpp"
#include "engine/vulkan/structs.hpp"

namespace tutti::vulkan {

namespace {

OwnedBuffer make_buffer(const Device& device, std::uint64_t bytes) {
    auto info = of_type<VkBufferCreateInfo>(VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO);
    info.size = bytes;
    info.usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT |
                 VK_BUFFER_USAGE_TRANSFER_DST_BIT;
    // Both lanes use them. That costs a buffer nothing, unlike an image, and spares transfers of ownership.
    const QueueChoice& queues = device.queues();
    const std::uint32_t families[] = {queues.compute_family, queues.transfer_family};
    info.sharingMode = queues.share_family() ? VK_SHARING_MODE_EXCLUSIVE : VK_SHARING_MODE_CONCURRENT;
    info.queueFamilyIndexCount = queues.share_family() ? 0 : 2;
    info.pQueueFamilyIndices = families;
    VkBuffer buffer = VK_NULL_HANDLE;
    check(vkCreateBuffer(device.handle(), &info, nullptr, &buffer), "making a buffer");
    return {device.handle(), buffer};
}

Allocation allocate_for(Device& device, VkBuffer buffer, Memory memory) {
    VkMemoryRequirements requirements;
    vkGetBufferMemoryRequirements(device.handle(), buffer, &requirements);
    constexpr VkMemoryPropertyFlags host =
        VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
    switch (memory) {
        case Memory::upload:
            return device.allocate(requirements, host, 0);
        case Memory::readback:
            return device.allocate(requirements, host, VK_MEMORY_PROPERTY_HOST_CACHED_BIT);
        default:
            return device.allocate(requirements, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT, 0);
    }
}

}  // namespace

Buffer::Buffer(Device& device, std::uint64_t bytes, Memory memory)
    : bytes_(std::max<std::uint64_t>(bytes, sizeof(float))),
      buffer_(make_buffer(device, bytes_)),
      allocation_(allocate_for(device, buffer_.get(), memory)) {
    if (memory == Memory::device && bytes_ > device.binding_bytes()) {
        throw DeviceError("a table for this chunk is larger than the Vulkan device allows (" +
                          std::to_string(device.binding_bytes() >> 20) +
                          " MiB); give a lower --memory or use --device cpu");
    }
    check(vkBindBufferMemory(device.handle(), buffer_.get(), allocation_.memory.get(), 0), "binding memory");
    if (memory != Memory::device) {
        check(vkMapMemory(device.handle(), allocation_.memory.get(), 0, VK_WHOLE_SIZE, 0, &mapped_),
              "mapping memory");
    }
}

TiledBuffer::TiledBuffer(Device& device, std::uint32_t unit_count, std::uint64_t unit_bytes)
    : unit_count_(std::max(unit_count, 1U)), unit_bytes_(unit_bytes) {
    const std::uint64_t most_per_tile = device.tile_bytes() / unit_bytes_;
    if (most_per_tile * shaders::tile_limit < unit_count_) {
        throw DeviceError(
            "the Vulkan device holds at most " + std::to_string(shaders::tile_limit) + " buffers of " +
            std::to_string(device.tile_bytes() >> 20) +
            " MiB per matrix, too little for this chunk; give a lower --memory or use --device cpu");
    }
    const std::uint64_t tile_count = (unit_count_ + most_per_tile - 1) / most_per_tile;
    units_per_tile_ = static_cast<std::uint32_t>((unit_count_ + tile_count - 1) / tile_count);
    tiles_.reserve(tile_count);
    for (std::uint32_t first = 0; first < unit_count_; first += units_per_tile_) {
        tiles_.emplace_back(device, units_in(tiles_.size()) * unit_bytes_, Memory::device);
    }
    Recording recording = device.record();
    for (const Buffer& tile : tiles_) recording.fill_with_zeros(tile);
    device.wait(recording.submit());  // or an owner that fails to be made would free buffers in use
}

TileHandles TiledBuffer::handles() const {
    TileHandles handles;
    for (std::size_t i = 0; i < handles.size(); ++i) handles[i] = tiles_[i < tiles_.size() ? i : 0].handle();
    return handles;
}

std::uint32_t TiledBuffer::units_in(std::size_t tile) const {
    return std::min(units_per_tile_, unit_count_ - first_unit(tile));
}

Buffer make_table(Device& device, std::span<const std::byte> bytes) {
    Buffer table(device, bytes.size(), Memory::device);
    if (bytes.empty()) return table;
    const Buffer upload(device, bytes.size(), Memory::upload);
    std::memcpy(upload.mapped(), bytes.data(), bytes.size());
    Recording recording = device.record();
    recording.copy(upload, table, {0, 0, bytes.size()});
    device.wait(recording.submit());
    return table;
}

UploadHalves::UploadHalves(Device& device, std::uint64_t half_bytes)
    : device_(device),
      halves_{Buffer(device, half_bytes, Memory::upload), Buffer(device, half_bytes, Memory::upload)} {}

UploadHalves::~UploadHalves() { device_.finish(); }

Buffer& UploadHalves::next() {
    device_.wait(points_[current_]);
    return halves_[current_];
}

void UploadHalves::sent(const Point& point) {
    points_[current_] = point;
    current_ = 1 - current_;
}

}  // namespace tutti::vulkan
