#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "viewer/gpu/device.hpp"

namespace tutti::viewer {

/// Pixels, row by row from the top: red, green, blue, 255 each.
struct Picture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgba;
};

/// The image everything is drawn into, on a screen or without one. It is copied to a window or read back.
class Canvas {
  public:
    explicit Canvas(const Device& device);

    /// What pipelines that draw here are made for.
    VkRenderPass render_pass() const { return render_pass_.get(); }

    void resize(int width, int height);
    int width() const { return width_; }
    int height() const { return height_; }

    /// Inside a recording: clears, has `work` draw, and leaves the image ready to be copied from.
    void draw(VkCommandBuffer commands, const std::array<float, 3>& background,
              const std::function<void(VkCommandBuffer)>& work) const;

    /// Copies it, after a draw, into an image of a window, which is ready to be shown after it.
    void copy_to(VkCommandBuffer commands, VkImage image, VkExtent2D extent) const;

    /// What was drawn last.
    Picture read() const;

  private:
    const Device& device_;
    OwnedRenderPass render_pass_;
    int width_ = 0;
    int height_ = 0;
    OwnedMemory memory_;
    OwnedImage image_;
    OwnedImageView view_;
    OwnedFramebuffer framebuffer_;
};

}  // namespace tutti::viewer
