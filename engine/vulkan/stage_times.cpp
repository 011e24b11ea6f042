#include "engine/vulkan/stage_times.hpp"

#include <algorithm>
#include <cstring>

#include "engine/errors.hpp"
#include "engine/vulkan/instance.hpp"
#include "engine/vulkan/structs.hpp"

namespace tutti::vulkan {

StageTimes::StageTimes(VkPhysicalDevice physical, std::uint32_t queue_family) {
    std::uint32_t count = 0;
    vkGetPhysicalDeviceQueueFamilyProperties(physical, &count, nullptr);
    std::vector<VkQueueFamilyProperties> families(count);
    vkGetPhysicalDeviceQueueFamilyProperties(physical, &count, families.data());
    valid_bits_ = families[queue_family].timestampValidBits;
    VkPhysicalDeviceProperties properties;
    vkGetPhysicalDeviceProperties(physical, &properties);
    tick_s_ = 1e-9 * static_cast<double>(properties.limits.timestampPeriod);
}

void StageTimes::set_on(VkDevice device, bool on) {
    is_on_ = on && can_time();
    if (!is_on_ || pool_.get() != VK_NULL_HANDLE) return;
    auto info = of_type<VkQueryPoolCreateInfo>(VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO);
    info.queryType = VK_QUERY_TYPE_TIMESTAMP;
    info.queryCount = static_cast<std::uint32_t>(slot_limit) * queries_per_slot;
    VkQueryPool pool = VK_NULL_HANDLE;
    check(vkCreateQueryPool(device, &info, nullptr, &pool), "making a query pool");
    pool_ = {device, pool};
}

void StageTimes::begin(std::size_t slot, VkCommandBuffer commands) {
    slots_[slot].stage_count = 0;
    slots_[slot].is_timed = is_on_;
    if (!is_on_) return;
    vkCmdResetQueryPool(commands, pool_.get(), static_cast<std::uint32_t>(slot) * queries_per_slot,
                        queries_per_slot);
}

void StageTimes::begin_stage(std::size_t slot, VkCommandBuffer commands, const char* name,
                             std::uint64_t bytes) {
    Slot& mine = slots_[slot];
    if (!mine.is_timed || mine.stage_count > stage_limit) return;
    write(slot, commands, mine.stage_count);
    if (mine.stage_count < stage_limit) mine.stages[mine.stage_count] = {name, bytes};
    ++mine.stage_count;  // one above the limit: the last query is written, and ended the last stage
}

void StageTimes::end(std::size_t slot, VkCommandBuffer commands) {
    Slot& mine = slots_[slot];
    if (!mine.is_timed || mine.stage_count == 0) return;
    if (mine.stage_count <= stage_limit) write(slot, commands, mine.stage_count);
}

/// When all that was recorded before is done.
void StageTimes::write(std::size_t slot, VkCommandBuffer commands, std::uint32_t query) const {
    vkCmdWriteTimestamp(commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, pool_.get(),
                        static_cast<std::uint32_t>(slot) * queries_per_slot + query);
}

void StageTimes::harvest(VkDevice device, std::size_t slot) {
    Slot& mine = slots_[slot];
    const std::uint32_t count = std::min(mine.stage_count, stage_limit);
    mine.stage_count = 0;
    if (!mine.is_timed || count == 0) return;
    std::array<std::uint64_t, queries_per_slot> ticks;
    check(
        vkGetQueryPoolResults(device, pool_.get(), static_cast<std::uint32_t>(slot) * queries_per_slot,
                              count + 1, sizeof ticks, ticks.data(), sizeof ticks[0], VK_QUERY_RESULT_64_BIT),
        "reading timestamps");
    const std::uint64_t mask = valid_bits_ >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << valid_bits_) - 1;
    for (std::uint32_t i = 0; i < count; ++i) {
        Total& total = total_of(mine.stages[i].name);
        total.seconds += tick_s_ * static_cast<double>((ticks[i + 1] - ticks[i]) & mask);
        total.bytes += mine.stages[i].bytes;
        ++total.run_count;
    }
}

StageTimes::Total& StageTimes::total_of(const char* name) {
    const auto place = std::find_if(totals_.begin(), totals_.end(), [name](const Total& total) {
        return total.name == nullptr || std::strcmp(total.name, name) == 0;
    });
    TUTTI_CHECK(place != totals_.end());
    place->name = name;
    return *place;
}

void StageTimes::set_totals(const Totals& totals) {
    totals_ = totals;
    for (Slot& slot : slots_) slot.is_timed = false;
}

std::vector<StageReport> StageTimes::reports() const {
    std::vector<StageReport> reports;
    for (const Total& total : totals_) {
        if (total.name == nullptr) continue;
        reports.push_back({total.name, total.seconds, total.bytes, total.run_count});
    }
    return reports;
}

}  // namespace tutti::vulkan
