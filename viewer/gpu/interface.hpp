#pragma once

#include <imgui.h>

#include <array>
#include <deque>

#include "viewer/gpu/canvas.hpp"
#include "viewer/gpu/field.hpp"
#include "viewer/theme.hpp"

namespace tutti::viewer {

/// Dear ImGui, drawn into a canvas; and fields among what it draws. One at a time.
class Interface {
  public:
    /// `scale`: of everything, 1 on screens of about 96 dots per inch.
    Interface(const Instance& instance, const Device& device, Canvas& canvas, float scale);
    ~Interface();
    Interface(const Interface&) = delete;
    Interface& operator=(const Interface&) = delete;

    float scale() const { return scale_; }
    const FieldPipeline& fields() const { return pipeline_; }
    void set_theme(Theme theme);

    ImFont* small_font() const { return small_; }
    ImFont* bold_font() const { return bold_; }

    /// Draws a field among what `list` holds so far and what comes after. It must live until the frame is
    /// drawn.
    void add_field(ImDrawList& list, const Field& field, const FieldView& view);

    /// Between ImGui::NewFrame() and here everything was said; draws it.
    void draw(VkCommandBuffer commands);

    /// Forgets the frame's fields.
    void begin_frame();

  private:
    struct FieldDraw {
        Interface* interface;
        const Field* field;
        FieldView view;
    };
    static void draw_field(const ImDrawList* list, const ImDrawCmd* command);
    void load_fonts();

    const Device& device_;
    Canvas& canvas_;
    FieldPipeline pipeline_;
    OwnedDescriptorPool pool_;
    float scale_;
    ImFont* small_ = nullptr;
    ImFont* bold_ = nullptr;
    std::deque<FieldDraw> draws_;  ///< of this frame; addresses stay
    VkCommandBuffer commands_ = VK_NULL_HANDLE;
};

}  // namespace tutti::viewer
