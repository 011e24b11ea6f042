#include "engine/vulkan/live_table.hpp"

#include <algorithm>
#include <utility>

namespace tutti::vulkan {

LiveTable::LiveTable(Device& device, std::vector<std::uint32_t> words)
    : words_(std::move(words)), known_(words_), buffer_(make_table(device, words_)) {}

void LiveTable::update(Recording& recording) {
    const auto first = std::mismatch(words_.begin(), words_.end(), known_.begin()).first - words_.begin();
    const auto end = words_.rend() - std::mismatch(words_.rbegin(), words_.rend(), known_.rbegin()).first;
    if (first >= end) return;
    const auto changed =
        std::span(words_).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(end - first));
    recording.update(buffer_, static_cast<std::uint64_t>(first) * sizeof(std::uint32_t),
                     std::as_bytes(changed));
    std::copy(changed.begin(), changed.end(), known_.begin() + first);
}

}  // namespace tutti::vulkan
