#include "engine/vulkan/stage_times.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "engine/errors.hpp"
#include "engine/vulkan/instance.hpp"
#include "engine/vulkan/structs.hpp"

namespace tutti::vulkan {

void StageTimes::add(const char* name, double seconds, std::uint64_t bytes, std::uint64_t submission) {
    const auto place = std::find_if(totals_.begin(), totals_.end(), [name](const Total& total) {
        return total.name == nullptr || std::strcmp(total.name, name) == 0;
    });
    TUTTI_CHECK(place != totals_.end());
    if (place->name == nullptr || submission < place->first_submission) place->first_submission = submission;
    place->name = name;
    place->seconds += seconds;
    place->bytes += bytes;
    ++place->run_count;
}

std::vector<StageReport> StageTimes::reports() const {
    std::vector<Total> sorted;
    std::copy_if(totals_.begin(), totals_.end(), std::back_inserter(sorted),
                 [](const Total& total) { return total.name != nullptr; });
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Total& a, const Total& b) { return a.first_submission < b.first_submission; });
    std::vector<StageReport> reports;
    for (const Total& total : sorted) {
        reports.push_back({total.name, total.seconds, total.bytes, total.run_count});
    }
    return reports;
}

void StageMarks::begin(VkDevice device, bool timed) {
    stage_count_ = 0;
    is_timed_ = timed;
    if (!timed || pool_.get() != VK_NULL_HANDLE) return;
    auto info = of_type<VkQueryPoolCreateInfo>(VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO);
    info.queryType = VK_QUERY_TYPE_TIMESTAMP;
    info.queryCount = query_count;
    VkQueryPool pool = VK_NULL_HANDLE;
    check(vkCreateQueryPool(device, &info, nullptr, &pool), "making a query pool");
    pool_ = {device, pool};
    vkResetQueryPool(device, pool, 0, query_count);
}

void StageMarks::begin_stage(VkCommandBuffer commands, const char* name, std::uint64_t bytes) {
    if (!is_timed_ || stage_count_ > stage_limit) return;
    write(commands, stage_count_);
    if (stage_count_ < stage_limit) stages_[stage_count_] = {name, bytes};
    ++stage_count_;  // one above the limit: the last query is written, and ended the last stage
}

void StageMarks::set_bytes(const char* name, std::uint64_t bytes) {
    for (std::uint32_t i = 0; i < std::min(stage_count_, stage_limit); ++i) {
        if (std::strcmp(stages_[i].name, name) == 0) stages_[i].bytes = bytes;
    }
}

void StageMarks::end(VkCommandBuffer commands) {
    if (!is_timed_ || stage_count_ == 0) return;
    if (stage_count_ <= stage_limit) write(commands, stage_count_);
}

/// When all that was recorded before is done.
void StageMarks::write(VkCommandBuffer commands, std::uint32_t query) const {
    vkCmdWriteTimestamp(commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, pool_.get(), query);
}

/// Number of stages whose ticks were read.
std::uint32_t StageMarks::read(VkDevice device) {
    const std::uint32_t count = std::min(stage_count_, stage_limit);
    if (!is_timed_ || count == 0) return 0;
    check(vkGetQueryPoolResults(device, pool_.get(), 0, count + 1, sizeof ticks_, ticks_.data(),
                                sizeof ticks_[0], VK_QUERY_RESULT_64_BIT),
          "reading timestamps");
    // By the host: a queue that only copies could not.
    vkResetQueryPool(device, pool_.get(), 0, query_count);
    return count;
}

}  // namespace tutti::vulkan
