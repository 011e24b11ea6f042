#pragma once

#include "viewer/app.hpp"
#include "viewer/frame_times.hpp"
#include "viewer/options.hpp"

namespace tutti::viewer {

/// A device, a canvas and the viewer on it: what a window and a script share.
class Stage {
  public:
    Stage(const Instance& instance, VkPhysicalDevice physical, VkSurfaceKHR surface, const Options& options,
          float scale);

    App& app() { return app_; }
    Device& device() { return device_; }
    Canvas& canvas() { return canvas_; }
    FrameTimes& times() { return times_; }

    /// Makes a frame and draws it into the canvas, by work that runs by itself.
    void draw_frame(int width, int height);

    /// The same in two steps, where something else has to be in the work.
    void make_frame(int width, int height);
    void record(VkCommandBuffer commands);

  private:
    Device device_;
    Canvas canvas_;
    Interface interface_;
    App app_;
    FrameTimes times_;
};

}  // namespace tutti::viewer
