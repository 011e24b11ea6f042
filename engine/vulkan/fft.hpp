#pragma once

#include <cstdint>
#include <memory>

#include "engine/vulkan/buffer.hpp"
#include "engine/vulkan/recording.hpp"

namespace tutti::vulkan {

enum class FftDirection { to_spectra, to_frames };

/// Real FFTs of one size over blocks that lie one after another in a buffer, in place: `size` frames and two
/// floats to spare become size / 2 + 1 bins, and back. Neither direction scales.
class Fft {
  public:
    /// Compiles shaders, which takes a while. `size`: a power of two. A run does at most `block_count`
    /// blocks.
    Fft(Device& device, const Buffer& blocks, std::uint32_t size, std::uint32_t block_count,
        FftDirection direction);
    ~Fft();
    Fft(Fft&&) noexcept;

    /// Bytes of memory it needs while it runs; 0 when none.
    std::uint64_t workspace_bytes() const;

    /// Gives it that memory, once, before the first run. Several may share it: each ends its run with a
    /// barrier.
    void set_workspace(const Buffer& workspace);

    /// Transforms blocks first_block ... first_block + block_count - 1; what lies behind them, up to the most
    /// that a run does, is lost. A barrier between shaders must stand before it.
    void run(Recording& recording, std::uint64_t first_block, std::uint32_t block_count) const;

  private:
    struct Application;
    std::unique_ptr<Application> application_;
};

}  // namespace tutti::vulkan
