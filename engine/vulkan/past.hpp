#pragma once

#include <memory>
#include <span>

#include "engine/backend.hpp"
#include "engine/vulkan/device.hpp"

namespace tutti::vulkan {

std::unique_ptr<Past> make_past(Device& device, const RowsShape& shape, std::span<const int> row_numbers);

}  // namespace tutti::vulkan
