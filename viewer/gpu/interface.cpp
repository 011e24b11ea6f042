#include "viewer/gpu/interface.hpp"

#include <imgui_impl_vulkan.h>

#include <algorithm>
#include <cmath>

#include "viewer/fonts.hpp"

namespace tutti::viewer {

namespace {

constexpr float text_px = 15.0F;
constexpr float small_text_px = 12.5F;

/// Latin, Greek and Cyrillic letters, punctuation, arrows, mathematical signs.
constexpr ImWchar glyphs[] = {0x20,   0x24f,  0x370,  0x52f,  0x1e00, 0x1eff, 0x2010,
                              0x205e, 0x2190, 0x21ff, 0x2200, 0x22ff, 0};

OwnedDescriptorPool make_pool(VkDevice device) {
    const VkDescriptorPoolSize size{VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, 4};
    auto info = of_type<VkDescriptorPoolCreateInfo>(VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO);
    info.flags = VK_DESCRIPTOR_POOL_CREATE_FREE_DESCRIPTOR_SET_BIT;
    info.maxSets = 4;
    info.poolSizeCount = 1;
    info.pPoolSizes = &size;
    VkDescriptorPool made = VK_NULL_HANDLE;
    check(vkCreateDescriptorPool(device, &info, nullptr, &made), "making a descriptor pool");
    return {device, made};
}

void check_backend(VkResult result) { check(result, "drawing"); }

}  // namespace

Interface::Interface(const Instance& instance, const Device& device, Canvas& canvas, float scale)
    : device_(device),
      canvas_(canvas),
      pipeline_(device, canvas.render_pass()),
      pool_(make_pool(device.handle())),
      scale_(scale) {
    IMGUI_CHECKVERSION();
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_NoMouseCursorChange;

    ImGui_ImplVulkan_InitInfo info{};
    info.Instance = instance.handle();
    info.PhysicalDevice = device.physical();
    info.Device = device.handle();
    info.QueueFamily = device.queue_family();
    info.Queue = device.queue();
    info.DescriptorPool = pool_.get();
    info.MinImageCount = 2;
    info.ImageCount = 2;
    info.MSAASamples = VK_SAMPLE_COUNT_1_BIT;
    info.CheckVkResultFn = check_backend;
    ImGui_ImplVulkan_Init(&info, canvas.render_pass());
    load_fonts();
    set_theme(Theme::dark);
}

Interface::~Interface() {
    vkDeviceWaitIdle(device_.handle());
    ImGui_ImplVulkan_Shutdown();
    ImGui::DestroyContext();
}

void Interface::load_fonts() {
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    ImFontConfig config;
    config.FontDataOwnedByAtlas = false;
    config.OversampleH = scale_ < 1.5F ? 3 : 2;
    const auto add = [&](std::span<const unsigned char> font, float size_px) {
        return atlas.AddFontFromMemoryTTF(const_cast<unsigned char*>(font.data()),
                                          static_cast<int>(font.size()), std::round(size_px * scale_),
                                          &config, glyphs);
    };
    add(regular_typeface(), text_px);  // the first one is the usual one
    small_ = add(regular_typeface(), small_text_px);
    bold_ = add(bold_typeface(), text_px);
    device_.run([](VkCommandBuffer commands) { ImGui_ImplVulkan_CreateFontsTexture(commands); });
    ImGui_ImplVulkan_DestroyFontUploadObjects();
}

void Interface::set_theme(Theme theme) {
    ImGui::GetStyle() = imgui_style(theme);
    ImGui::GetStyle().ScaleAllSizes(scale_);
}

void Interface::begin_frame() {
    draws_.clear();
    ImGui_ImplVulkan_NewFrame();
}

void Interface::add_field(ImDrawList& list, const Field& field, const FieldView& view) {
    draws_.push_back({this, &field, view});
    list.AddCallback(draw_field, &draws_.back());
    list.AddCallback(ImDrawCallback_ResetRenderState, nullptr);
}

void Interface::draw_field(const ImDrawList* /*list*/, const ImDrawCmd* command) {
    const auto& draw = *static_cast<const FieldDraw*>(command->UserCallbackData);
    const Interface& self = *draw.interface;
    const auto width = static_cast<float>(self.canvas_.width());
    const auto height = static_cast<float>(self.canvas_.height());
    // What the callback's window shows of it, and no more than the picture.
    const ImVec4& clip = command->ClipRect;
    const float left = std::clamp(clip.x, 0.0F, width);
    const float top = std::clamp(clip.y, 0.0F, height);
    const float right = std::clamp(clip.z, left, width);
    const float bottom = std::clamp(clip.w, top, height);
    const VkRect2D scissor{
        {static_cast<std::int32_t>(left), static_cast<std::int32_t>(top)},
        {static_cast<std::uint32_t>(right - left), static_cast<std::uint32_t>(bottom - top)}};
    if (scissor.extent.width == 0 || scissor.extent.height == 0) return;
    vkCmdSetScissor(self.commands_, 0, 1, &scissor);
    draw.field->draw(self.pipeline_, self.commands_, draw.view, {width, height});
}

void Interface::draw(VkCommandBuffer commands) {
    commands_ = commands;
    ImGui_ImplVulkan_RenderDrawData(ImGui::GetDrawData(), commands);
    commands_ = VK_NULL_HANDLE;
}

}  // namespace tutti::viewer
