#pragma once

#include <memory>

#include "engine/masking.hpp"
#include "engine/vulkan/device.hpp"

namespace tutti {
struct RowsShape;
}

namespace tutti::vulkan {

std::unique_ptr<Excitation> make_excitation(Device& device, const RowsShape& shape,
                                            const ExcitationPlan& plan);

}  // namespace tutti::vulkan
