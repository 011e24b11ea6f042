#include "engine/vulkan/pipeline.hpp"

#include "engine/vulkan/structs.hpp"
#include "shaders/layouts.h"

namespace tutti::vulkan {

namespace {

OwnedSetLayout make_set_layout(const Device& device, std::span<const std::uint32_t> binding_sizes) {
    std::vector<VkDescriptorSetLayoutBinding> bindings(binding_sizes.size());
    for (std::size_t i = 0; i < bindings.size(); ++i) {
        bindings[i].binding = static_cast<std::uint32_t>(i);
        bindings[i].descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
        bindings[i].descriptorCount = binding_sizes[i];
        bindings[i].stageFlags = VK_SHADER_STAGE_COMPUTE_BIT;
    }
    auto info = of_type<VkDescriptorSetLayoutCreateInfo>(VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO);
    info.bindingCount = static_cast<std::uint32_t>(bindings.size());
    info.pBindings = bindings.data();
    VkDescriptorSetLayout layout = VK_NULL_HANDLE;
    check(vkCreateDescriptorSetLayout(device.handle(), &info, nullptr, &layout),
          "making a descriptor set layout");
    return {device.handle(), layout};
}

OwnedPipelineLayout make_layout(const Device& device, VkDescriptorSetLayout own, const PipelineShape& shape) {
    const VkDescriptorSetLayout sets[] = {own, device.rows_set_layout()};
    VkPushConstantRange push{VK_SHADER_STAGE_COMPUTE_BIT, 0, shape.push_bytes};
    auto info = of_type<VkPipelineLayoutCreateInfo>(VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO);
    info.setLayoutCount = shape.uses_rows == UsesRows::yes ? 2 : 1;
    info.pSetLayouts = sets;
    info.pushConstantRangeCount = 1;
    info.pPushConstantRanges = &push;
    VkPipelineLayout layout = VK_NULL_HANDLE;
    check(vkCreatePipelineLayout(device.handle(), &info, nullptr, &layout), "making a pipeline layout");
    return {device.handle(), layout};
}

OwnedShaderModule make_module(const Device& device, std::span<const std::uint32_t> spirv) {
    auto info = of_type<VkShaderModuleCreateInfo>(VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO);
    info.codeSize = spirv.size_bytes();
    info.pCode = spirv.data();
    VkShaderModule module = VK_NULL_HANDLE;
    check(vkCreateShaderModule(device.handle(), &info, nullptr, &module), "loading a shader");
    return {device.handle(), module};
}

OwnedPipeline make_pipeline(const Device& device, VkPipelineLayout layout, const PipelineShape& shape) {
    const OwnedShaderModule module = make_module(device, shape.spirv);
    std::vector<VkSpecializationMapEntry> entries;
    for (std::uint32_t i = 0; i < shape.constants.size(); ++i) {
        entries.push_back({i, i * static_cast<std::uint32_t>(sizeof(std::int32_t)), sizeof(std::int32_t)});
    }
    VkSpecializationInfo constants{};
    constants.mapEntryCount = static_cast<std::uint32_t>(entries.size());
    constants.pMapEntries = entries.data();
    constants.dataSize = shape.constants.size() * sizeof(std::int32_t);
    constants.pData = shape.constants.data();
    auto info = of_type<VkComputePipelineCreateInfo>(VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO);
    info.stage.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO;
    info.stage.stage = VK_SHADER_STAGE_COMPUTE_BIT;
    info.stage.module = module.get();
    info.stage.pName = "main";
    info.stage.pSpecializationInfo = &constants;
    info.layout = layout;
    VkPipeline pipeline = VK_NULL_HANDLE;
    check(vkCreateComputePipelines(device.handle(), device.pipeline_cache(), 1, &info, nullptr, &pipeline),
          "compiling a shader");
    return {device.handle(), pipeline};
}

OwnedDescriptorPool make_pool(const Device& device, std::uint32_t descriptor_count) {
    const VkDescriptorPoolSize size{VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, descriptor_count};
    auto info = of_type<VkDescriptorPoolCreateInfo>(VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO);
    info.maxSets = 1;
    info.poolSizeCount = 1;
    info.pPoolSizes = &size;
    VkDescriptorPool pool = VK_NULL_HANDLE;
    check(vkCreateDescriptorPool(device.handle(), &info, nullptr, &pool), "making a descriptor pool");
    return {device.handle(), pool};
}

}  // namespace

std::uint32_t groups_for(std::uint32_t count) { return groups_for(count, shaders::workgroup_size); }

std::uint32_t groups_for(std::uint32_t count, std::uint32_t tile) { return (count + tile - 1) / tile; }

Pipeline::Pipeline(const Device& device, const PipelineShape& shape)
    : set_layout_(make_set_layout(device, shape.binding_sizes)),
      layout_(make_layout(device, set_layout_.get(), shape)),
      pipeline_(make_pipeline(device, layout_.get(), shape)) {}

BufferSet::BufferSet(const Device& device, VkDescriptorSetLayout layout,
                     std::initializer_list<std::span<const VkBuffer>> bindings) {
    std::vector<VkDescriptorBufferInfo> buffers;
    for (const auto binding : bindings) {
        for (const VkBuffer buffer : binding) buffers.push_back({buffer, 0, VK_WHOLE_SIZE});
    }
    const auto buffer_count = static_cast<std::uint32_t>(buffers.size());
    pool_ = make_pool(device, buffer_count == 0 ? 1 : buffer_count);
    auto info = of_type<VkDescriptorSetAllocateInfo>(VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO);
    info.descriptorPool = pool_.get();
    info.descriptorSetCount = 1;
    info.pSetLayouts = &layout;
    check(vkAllocateDescriptorSets(device.handle(), &info, &set_), "making a descriptor set");

    std::vector<VkWriteDescriptorSet> writes;
    const VkDescriptorBufferInfo* next = buffers.data();
    for (const auto binding : bindings) {
        auto write = of_type<VkWriteDescriptorSet>(VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET);
        write.dstSet = set_;
        write.dstBinding = static_cast<std::uint32_t>(writes.size());
        write.descriptorCount = static_cast<std::uint32_t>(binding.size());
        write.descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
        write.pBufferInfo = next;
        writes.push_back(write);
        next += binding.size();
    }
    vkUpdateDescriptorSets(device.handle(), static_cast<std::uint32_t>(writes.size()), writes.data(), 0,
                           nullptr);
}

}  // namespace tutti::vulkan
