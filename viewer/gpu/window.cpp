#define GLFW_INCLUDE_NONE
#include "viewer/gpu/window.hpp"

#include <GLFW/glfw3.h>

#include "engine/errors.hpp"
#include "viewer/options.hpp"

namespace tutti::viewer {

/// GLFW's callbacks; those of Dear ImGui are put in front of them and call them on.
struct WindowCallbacks {
    static Window& of(GLFWwindow* window) { return *static_cast<Window*>(glfwGetWindowUserPointer(window)); }
    static void touch(GLFWwindow* window) { of(window).is_touched_ = true; }

    static void install(GLFWwindow* window) {
        glfwSetCursorPosCallback(window, [](GLFWwindow* w, double, double) { touch(w); });
        glfwSetMouseButtonCallback(window, [](GLFWwindow* w, int, int, int) { touch(w); });
        glfwSetScrollCallback(window, [](GLFWwindow* w, double, double) { touch(w); });
        glfwSetKeyCallback(window, [](GLFWwindow* w, int key, int, int action, int modifiers) {
            touch(w);
            if (action != GLFW_RELEASE && of(w).on_key)
                of(w).on_key({key, (modifiers & GLFW_MOD_CONTROL) != 0, (modifiers & GLFW_MOD_SHIFT) != 0});
        });
        glfwSetCharCallback(window, [](GLFWwindow* w, unsigned) { touch(w); });
        glfwSetFramebufferSizeCallback(window, [](GLFWwindow* w, int, int) { touch(w); });
        glfwSetWindowRefreshCallback(window, [](GLFWwindow* w) { touch(w); });
        glfwSetCursorEnterCallback(window, [](GLFWwindow* w, int) { touch(w); });
        glfwSetWindowCloseCallback(window, [](GLFWwindow* w) { touch(w); });
        glfwSetDropCallback(window, [](GLFWwindow* w, int count, const char** paths) {
            touch(w);
            if (count > 0 && of(w).on_drop) of(w).on_drop(paths[0]);
        });
    }
};

Window::Window(int width, int height) {
    if (glfwInit() == GLFW_FALSE) {
        throw DeviceError(
            "there is no display to open a window on; draw pictures with --offscreen, or see 'tutti masking' "
            "for reports that a browser opens");
    }
    glfwWindowHint(GLFW_CLIENT_API, GLFW_NO_API);
    window_ = glfwCreateWindow(width, height, "Tutti", nullptr, nullptr);
    if (window_ == nullptr || glfwVulkanSupported() == GLFW_FALSE) {
        if (window_ != nullptr) glfwDestroyWindow(window_);
        glfwTerminate();
        throw DeviceError("Vulkan cannot draw into windows here; draw pictures with --offscreen");
    }
    glfwSetWindowSizeLimits(window_, least_width, least_height, GLFW_DONT_CARE, GLFW_DONT_CARE);
    glfwSetWindowUserPointer(window_, this);
    WindowCallbacks::install(window_);
}

Window::~Window() {
    glfwDestroyWindow(window_);
    glfwTerminate();
}

std::vector<const char*> Window::extensions() {
    std::uint32_t count = 0;
    const char** names = glfwGetRequiredInstanceExtensions(&count);
    return {names, names + count};
}

float Window::content_scale() const {
    float x = 1.0F;
    float y = 1.0F;
    glfwGetWindowContentScale(window_, &x, &y);
    return x > y ? x : y;
}

int Window::width() const {
    int width = 0;
    int height = 0;
    glfwGetFramebufferSize(window_, &width, &height);
    return width;
}

int Window::height() const {
    int width = 0;
    int height = 0;
    glfwGetFramebufferSize(window_, &width, &height);
    return height;
}

bool Window::wants_to_close() const { return glfwWindowShouldClose(window_) == GLFW_TRUE; }

void Window::set_title(const std::string& title) { glfwSetWindowTitle(window_, title.c_str()); }

bool Window::handle_events(double wait_s) {
    is_touched_ = false;
    glfwPollEvents();
    if (!is_touched_ && wait_s > 0.0) glfwWaitEventsTimeout(wait_s);
    return is_touched_;
}

}  // namespace tutti::viewer
