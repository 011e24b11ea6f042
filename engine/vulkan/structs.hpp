#pragma once

#include <vulkan/vulkan.h>

namespace tutti::vulkan {

/// A Vulkan struct with its type filled in and the rest zero.
template <typename Struct>
Struct of_type(VkStructureType type) {
    Struct filled{};
    filled.sType = type;
    return filled;
}

}  // namespace tutti::vulkan
