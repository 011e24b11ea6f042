#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/vulkan/device.hpp"
#include "shaders/layouts.h"

namespace tutti::vulkan {

/// What a buffer is for, and so where it lives.
enum class Memory {
    device,    ///< read and written by shaders; the fastest memory there is
    upload,    ///< written by the host in order, copied from once
    readback,  ///< copied into, then read by the host
};

/// A buffer with memory of its own. Upload and readback buffers stay mapped.
class Buffer {
  public:
    /// Throws DeviceError when the device's memory or, for device memory, its limit on one binding does not
    /// suffice.
    Buffer(Device& device, std::uint64_t bytes, Memory memory);

    VkBuffer handle() const { return buffer_.get(); }
    std::span<const VkBuffer> handle_span() const { return {&buffer_.get(), 1}; }
    std::uint64_t bytes() const { return bytes_; }

    /// Where an upload or readback buffer is mapped.
    void* mapped() const { return mapped_; }

  private:
    std::uint64_t bytes_;
    OwnedBuffer buffer_;
    Allocation allocation_;
    void* mapped_ = nullptr;
};

/// One buffer for each tile of a matrix; the unused ones repeat the first, since every descriptor must be a
/// buffer.
using TileHandles = std::array<VkBuffer, shaders::tile_limit>;

/// Many units of one size in device memory, over as few buffers as the device's limit on one binding allows.
/// Unit u is number u % units_per_tile() in tile u / units_per_tile(). Zero when made.
class TiledBuffer {
  public:
    /// Throws DeviceError when the device's limits or memory do not suffice.
    TiledBuffer(Device& device, std::uint32_t unit_count, std::uint64_t unit_bytes);

    std::uint32_t unit_count() const { return unit_count_; }
    std::uint32_t units_per_tile() const { return units_per_tile_; }
    const std::vector<Buffer>& tiles() const { return tiles_; }
    TileHandles handles() const;

    std::uint32_t first_unit(std::size_t tile) const {
        return static_cast<std::uint32_t>(tile) * units_per_tile_;
    }
    std::uint32_t units_in(std::size_t tile) const;

  private:
    std::uint32_t unit_count_;
    std::uint64_t unit_bytes_;
    std::uint32_t units_per_tile_;
    std::vector<Buffer> tiles_;
};

/// A small table in device memory that never changes. Waits until it is there.
Buffer make_table(Device& device, std::span<const std::byte> bytes);

template <typename Record>
Buffer make_table(Device& device, const std::vector<Record>& records) {
    return make_table(device, std::as_bytes(std::span(records)));
}

/// Host memory on its way to the device, in two halves: one is filled while the other is copied.
class UploadHalves {
  public:
    UploadHalves(Device& device, std::uint64_t half_bytes);
    ~UploadHalves();
    UploadHalves(const UploadHalves&) = delete;
    UploadHalves& operator=(const UploadHalves&) = delete;

    /// The half to fill next; waits until the work that last copied from it is done.
    Buffer& next();

    /// Which half that is, and the halves by number.
    const Buffer& half(std::size_t number) const { return halves_[number]; }
    std::size_t current() const { return current_; }

    /// Says which work copies from the half that next() gave.
    void sent(const Point& point);

  private:
    Device& device_;
    std::array<Buffer, 2> halves_;
    std::array<Point, 2> points_{};
    std::size_t current_ = 0;
};

}  // namespace tutti::vulkan
