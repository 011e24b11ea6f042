#include "shaders/viewer_field_frag.spv.hpp"
#include "shaders/viewer_field_vert.spv.hpp"
#include "shaders/viewer_layouts.h"
#include "viewer/gpu/field.hpp"

namespace tutti::viewer {

namespace {

OwnedSetLayout make_set_layout(VkDevice device) {
    std::array<VkDescriptorSetLayoutBinding, 2> bindings{};
    for (std::uint32_t i = 0; i < bindings.size(); ++i) {
        bindings[i] = {i, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, 1, VK_SHADER_STAGE_FRAGMENT_BIT, nullptr};
    }
    auto info = of_type<VkDescriptorSetLayoutCreateInfo>(VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO);
    info.bindingCount = bindings.size();
    info.pBindings = bindings.data();
    VkDescriptorSetLayout made = VK_NULL_HANDLE;
    check(vkCreateDescriptorSetLayout(device, &info, nullptr, &made), "making a descriptor set layout");
    return {device, made};
}

OwnedPipelineLayout make_layout(VkDevice device, VkDescriptorSetLayout set_layout) {
    const VkPushConstantRange push{VK_SHADER_STAGE_VERTEX_BIT | VK_SHADER_STAGE_FRAGMENT_BIT, 0,
                                   sizeof(shaders::FieldPush)};
    auto info = of_type<VkPipelineLayoutCreateInfo>(VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO);
    info.setLayoutCount = 1;
    info.pSetLayouts = &set_layout;
    info.pushConstantRangeCount = 1;
    info.pPushConstantRanges = &push;
    VkPipelineLayout made = VK_NULL_HANDLE;
    check(vkCreatePipelineLayout(device, &info, nullptr, &made), "making a pipeline layout");
    return {device, made};
}

OwnedShaderModule make_module(VkDevice device, std::span<const std::uint32_t> spirv) {
    auto info = of_type<VkShaderModuleCreateInfo>(VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO);
    info.codeSize = spirv.size_bytes();
    info.pCode = spirv.data();
    VkShaderModule made = VK_NULL_HANDLE;
    check(vkCreateShaderModule(device, &info, nullptr, &made), "loading a shader");
    return {device, made};
}

VkPipelineShaderStageCreateInfo stage(VkShaderStageFlagBits kind, VkShaderModule module) {
    auto made = of_type<VkPipelineShaderStageCreateInfo>(VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO);
    made.stage = kind;
    made.module = module;
    made.pName = "main";
    return made;
}

OwnedPipeline make_pipeline(VkDevice device, VkPipelineLayout layout, VkRenderPass render_pass) {
    const OwnedShaderModule vertex = make_module(device, shaders::viewer_field_vert);
    const OwnedShaderModule fragment = make_module(device, shaders::viewer_field_frag);
    const std::array stages = {stage(VK_SHADER_STAGE_VERTEX_BIT, vertex.get()),
                               stage(VK_SHADER_STAGE_FRAGMENT_BIT, fragment.get())};
    // Everything that is off stays zero: no vertex buffers, no depth, no blending.
    const auto vertices = of_type<VkPipelineVertexInputStateCreateInfo>(
        VK_STRUCTURE_TYPE_PIPELINE_VERTEX_INPUT_STATE_CREATE_INFO);
    auto assembly = of_type<VkPipelineInputAssemblyStateCreateInfo>(
        VK_STRUCTURE_TYPE_PIPELINE_INPUT_ASSEMBLY_STATE_CREATE_INFO);
    assembly.topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_LIST;
    auto viewport =
        of_type<VkPipelineViewportStateCreateInfo>(VK_STRUCTURE_TYPE_PIPELINE_VIEWPORT_STATE_CREATE_INFO);
    viewport.viewportCount = 1;
    viewport.scissorCount = 1;
    auto raster = of_type<VkPipelineRasterizationStateCreateInfo>(
        VK_STRUCTURE_TYPE_PIPELINE_RASTERIZATION_STATE_CREATE_INFO);
    raster.lineWidth = 1.0F;
    auto samples = of_type<VkPipelineMultisampleStateCreateInfo>(
        VK_STRUCTURE_TYPE_PIPELINE_MULTISAMPLE_STATE_CREATE_INFO);
    samples.rasterizationSamples = VK_SAMPLE_COUNT_1_BIT;
    VkPipelineColorBlendAttachmentState colours{};
    colours.colorWriteMask = VK_COLOR_COMPONENT_R_BIT | VK_COLOR_COMPONENT_G_BIT | VK_COLOR_COMPONENT_B_BIT |
                             VK_COLOR_COMPONENT_A_BIT;
    auto blend = of_type<VkPipelineColorBlendStateCreateInfo>(
        VK_STRUCTURE_TYPE_PIPELINE_COLOR_BLEND_STATE_CREATE_INFO);
    blend.attachmentCount = 1;
    blend.pAttachments = &colours;
    const std::array changing = {VK_DYNAMIC_STATE_VIEWPORT, VK_DYNAMIC_STATE_SCISSOR};
    auto dynamic =
        of_type<VkPipelineDynamicStateCreateInfo>(VK_STRUCTURE_TYPE_PIPELINE_DYNAMIC_STATE_CREATE_INFO);
    dynamic.dynamicStateCount = changing.size();
    dynamic.pDynamicStates = changing.data();

    auto info = of_type<VkGraphicsPipelineCreateInfo>(VK_STRUCTURE_TYPE_GRAPHICS_PIPELINE_CREATE_INFO);
    info.stageCount = stages.size();
    info.pStages = stages.data();
    info.pVertexInputState = &vertices;
    info.pInputAssemblyState = &assembly;
    info.pViewportState = &viewport;
    info.pRasterizationState = &raster;
    info.pMultisampleState = &samples;
    info.pColorBlendState = &blend;
    info.pDynamicState = &dynamic;
    info.layout = layout;
    info.renderPass = render_pass;
    VkPipeline made = VK_NULL_HANDLE;
    check(vkCreateGraphicsPipelines(device, VK_NULL_HANDLE, 1, &info, nullptr, &made), "compiling a shader");
    return {device, made};
}

}  // namespace

FieldPipeline::FieldPipeline(const Device& device, VkRenderPass render_pass)
    : device_(device),
      set_layout_(make_set_layout(device.handle())),
      layout_(make_layout(device.handle(), set_layout_.get())),
      pipeline_(make_pipeline(device.handle(), layout_.get(), render_pass)) {}

}  // namespace tutti::viewer
