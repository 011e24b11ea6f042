#include "viewer/gpu/canvas.hpp"

#include <cstring>

namespace tutti::viewer {

namespace {

constexpr VkFormat format = VK_FORMAT_R8G8B8A8_UNORM;
constexpr VkImageSubresourceRange whole{VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1};
constexpr VkImageSubresourceLayers layer{VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};

OwnedRenderPass make_render_pass(VkDevice device) {
    VkAttachmentDescription colour{};
    colour.format = format;
    colour.samples = VK_SAMPLE_COUNT_1_BIT;
    colour.loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR;
    colour.storeOp = VK_ATTACHMENT_STORE_OP_STORE;
    colour.stencilLoadOp = VK_ATTACHMENT_LOAD_OP_DONT_CARE;
    colour.stencilStoreOp = VK_ATTACHMENT_STORE_OP_DONT_CARE;
    colour.initialLayout = VK_IMAGE_LAYOUT_UNDEFINED;
    colour.finalLayout = VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL;
    const VkAttachmentReference reference{0, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL};
    VkSubpassDescription subpass{};
    subpass.pipelineBindPoint = VK_PIPELINE_BIND_POINT_GRAPHICS;
    subpass.colorAttachmentCount = 1;
    subpass.pColorAttachments = &reference;
    // The copy of the frame before has to be over before this one draws; this one's copy comes after.
    const VkSubpassDependency dependencies[] = {
        {VK_SUBPASS_EXTERNAL, 0, VK_PIPELINE_STAGE_TRANSFER_BIT,
         VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT, VK_ACCESS_TRANSFER_READ_BIT,
         VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT, 0},
        {0, VK_SUBPASS_EXTERNAL, VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT,
         VK_PIPELINE_STAGE_TRANSFER_BIT, VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT, VK_ACCESS_TRANSFER_READ_BIT,
         0},
    };
    auto info = of_type<VkRenderPassCreateInfo>(VK_STRUCTURE_TYPE_RENDER_PASS_CREATE_INFO);
    info.attachmentCount = 1;
    info.pAttachments = &colour;
    info.subpassCount = 1;
    info.pSubpasses = &subpass;
    info.dependencyCount = 2;
    info.pDependencies = dependencies;
    VkRenderPass made = VK_NULL_HANDLE;
    check(vkCreateRenderPass(device, &info, nullptr, &made), "making a render pass");
    return {device, made};
}

VkImageMemoryBarrier barrier(VkImage image, VkImageLayout before, VkImageLayout after) {
    auto made = of_type<VkImageMemoryBarrier>(VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER);
    made.oldLayout = before;
    made.newLayout = after;
    made.srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED;
    made.dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED;
    made.image = image;
    made.subresourceRange = whole;
    return made;
}

}  // namespace

Canvas::Canvas(const Device& device) : device_(device), render_pass_(make_render_pass(device.handle())) {}

void Canvas::resize(int width, int height) {
    if (width == width_ && height == height_) return;
    framebuffer_ = {};
    view_ = {};
    image_ = {};
    memory_ = {};
    width_ = width;
    height_ = height;
    const VkDevice handle = device_.handle();

    auto image = of_type<VkImageCreateInfo>(VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO);
    image.imageType = VK_IMAGE_TYPE_2D;
    image.format = format;
    image.extent = {static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height), 1};
    image.mipLevels = 1;
    image.arrayLayers = 1;
    image.samples = VK_SAMPLE_COUNT_1_BIT;
    image.usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT;
    VkImage made_image = VK_NULL_HANDLE;
    check(vkCreateImage(handle, &image, nullptr, &made_image), "making an image");
    image_ = {handle, made_image};
    VkMemoryRequirements requirements;
    vkGetImageMemoryRequirements(handle, made_image, &requirements);
    memory_ = device_.allocate(requirements, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT);
    check(vkBindImageMemory(handle, made_image, memory_.get(), 0), "binding memory");

    auto view = of_type<VkImageViewCreateInfo>(VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO);
    view.image = made_image;
    view.viewType = VK_IMAGE_VIEW_TYPE_2D;
    view.format = format;
    view.subresourceRange = whole;
    VkImageView made_view = VK_NULL_HANDLE;
    check(vkCreateImageView(handle, &view, nullptr, &made_view), "making an image");
    view_ = {handle, made_view};

    auto framebuffer = of_type<VkFramebufferCreateInfo>(VK_STRUCTURE_TYPE_FRAMEBUFFER_CREATE_INFO);
    framebuffer.renderPass = render_pass();
    framebuffer.attachmentCount = 1;
    framebuffer.pAttachments = &made_view;
    framebuffer.width = image.extent.width;
    framebuffer.height = image.extent.height;
    framebuffer.layers = 1;
    VkFramebuffer made_framebuffer = VK_NULL_HANDLE;
    check(vkCreateFramebuffer(handle, &framebuffer, nullptr, &made_framebuffer), "making a framebuffer");
    framebuffer_ = {handle, made_framebuffer};
}

void Canvas::draw(VkCommandBuffer commands, const std::array<float, 3>& background,
                  const std::function<void(VkCommandBuffer)>& work) const {
    VkClearValue clear{};
    clear.color = {{background[0], background[1], background[2], 1.0F}};
    auto begin = of_type<VkRenderPassBeginInfo>(VK_STRUCTURE_TYPE_RENDER_PASS_BEGIN_INFO);
    begin.renderPass = render_pass();
    begin.framebuffer = framebuffer_.get();
    begin.renderArea.extent = {static_cast<std::uint32_t>(width_), static_cast<std::uint32_t>(height_)};
    begin.clearValueCount = 1;
    begin.pClearValues = &clear;
    vkCmdBeginRenderPass(commands, &begin, VK_SUBPASS_CONTENTS_INLINE);
    work(commands);
    vkCmdEndRenderPass(commands);
}

void Canvas::copy_to(VkCommandBuffer commands, VkImage image, VkExtent2D extent) const {
    auto ready = barrier(image, VK_IMAGE_LAYOUT_UNDEFINED, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL);
    ready.dstAccessMask = VK_ACCESS_TRANSFER_WRITE_BIT;
    vkCmdPipelineBarrier(commands, VK_PIPELINE_STAGE_TRANSFER_BIT, VK_PIPELINE_STAGE_TRANSFER_BIT, 0, 0,
                         nullptr, 0, nullptr, 1, &ready);
    VkImageBlit blit{};
    blit.srcSubresource = layer;
    blit.srcOffsets[1] = {width_, height_, 1};
    blit.dstSubresource = layer;
    blit.dstOffsets[1] = {static_cast<std::int32_t>(extent.width), static_cast<std::int32_t>(extent.height),
                          1};
    vkCmdBlitImage(commands, image_.get(), VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, image,
                   VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &blit, VK_FILTER_NEAREST);
    auto shown = barrier(image, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, VK_IMAGE_LAYOUT_PRESENT_SRC_KHR);
    shown.srcAccessMask = VK_ACCESS_TRANSFER_WRITE_BIT;
    vkCmdPipelineBarrier(commands, VK_PIPELINE_STAGE_TRANSFER_BIT, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, 0, 0,
                         nullptr, 0, nullptr, 1, &shown);
}

Picture Canvas::read() const {
    Picture picture{width_, height_, {}};
    picture.rgba.resize(std::size_t{4} * width_ * height_);
    const MappedBuffer buffer = device_.make_buffer(picture.rgba.size(), VK_BUFFER_USAGE_TRANSFER_DST_BIT);
    device_.run([&](VkCommandBuffer commands) {
        VkBufferImageCopy copy{};
        copy.imageSubresource = layer;
        copy.imageExtent = {static_cast<std::uint32_t>(width_), static_cast<std::uint32_t>(height_), 1};
        vkCmdCopyImageToBuffer(commands, image_.get(), VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL,
                               buffer.buffer.get(), 1, &copy);
        auto seen = of_type<VkMemoryBarrier>(VK_STRUCTURE_TYPE_MEMORY_BARRIER);
        seen.srcAccessMask = VK_ACCESS_TRANSFER_WRITE_BIT;
        seen.dstAccessMask = VK_ACCESS_HOST_READ_BIT;
        vkCmdPipelineBarrier(commands, VK_PIPELINE_STAGE_TRANSFER_BIT, VK_PIPELINE_STAGE_HOST_BIT, 0, 1,
                             &seen, 0, nullptr, 0, nullptr);
    });
    std::memcpy(picture.rgba.data(), buffer.bytes, picture.rgba.size());
    return picture;
}

}  // namespace tutti::viewer
