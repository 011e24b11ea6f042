#pragma once

#include <functional>
#include <string>
#include <vector>

#include "viewer/gpu/canvas.hpp"
#include "viewer/key_codes.hpp"

struct GLFWwindow;

namespace tutti::viewer {

/// A window on the screen. Made before the device, which has to be able to draw into it.
class Window {
  public:
    /// Throws DeviceError when there is no display.
    Window(int width, int height);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    GLFWwindow* handle() const { return window_; }

    /// What Vulkan needs for windows here.
    static std::vector<const char*> extensions();

    /// Dots per inch over 96, as the desktop says.
    float content_scale() const;
    int width() const;
    int height() const;
    bool wants_to_close() const;
    void set_title(const std::string& title);

    /// Handles what has happened; when nothing has, waits that long for it. True when something has.
    bool handle_events(double wait_s);

    std::function<void(const KeyPress&)> on_key;

    /// Called with the file or folder that was dropped onto the window.
    std::function<void(const std::string&)> on_drop;

  private:
    GLFWwindow* window_ = nullptr;
    bool is_touched_ = true;
    friend struct WindowCallbacks;
};

/// A window as Vulkan knows it; outlives the device that draws into it.
class Surface {
  public:
    Surface(const Instance& instance, Window& window);
    ~Surface();
    Surface(const Surface&) = delete;
    Surface& operator=(const Surface&) = delete;

    VkSurfaceKHR handle() const { return surface_; }

  private:
    VkInstance instance_;
    VkSurfaceKHR surface_ = VK_NULL_HANDLE;
};

/// The images that a window shows, one after the other.
class Swapchain {
  public:
    Swapchain(const Device& device, const Surface& surface, const Window& window)
        : device_(device), surface_(surface.handle()), window_(window) {}
    ~Swapchain() { vkDeviceWaitIdle(device_.handle()); }  // what is being shown holds a semaphore
    Swapchain(const Swapchain&) = delete;
    Swapchain& operator=(const Swapchain&) = delete;

    /// Draws by `work`, copies the canvas into the window and shows it. A window without area shows nothing.
    void show(const Canvas& canvas, const std::function<void(VkCommandBuffer)>& work);

  private:
    bool make();

    const Device& device_;
    VkSurfaceKHR surface_;
    const Window& window_;
    VkExtent2D extent_{};
    bool is_current_ = false;
    std::vector<VkImage> images_;
    OwnedSwapchain swapchain_;
    OwnedSemaphore acquired_;
    std::vector<OwnedSemaphore> drawn_;  ///< [image]
};

}  // namespace tutti::viewer
