#pragma once

#include <memory>
#include <span>

#include "engine/vulkan/device.hpp"

namespace tutti::vulkan {

/// Bytes are copied as they are by the transfer lane, into memory that holds a whole chunk of them, and
/// converted there by the compute lane: nobody waits for the other's chunk before.
std::unique_ptr<PcmLoader> make_pcm_loader(Device& device, const RowsShape& shape,
                                           std::span<const PcmSource> sources);

}  // namespace tutti::vulkan
