#include "engine/vulkan/lane.hpp"

#include <array>
#include <chrono>
#include <limits>

#include "engine/errors.hpp"
#include "engine/trace.hpp"
#include "engine/vulkan/instance.hpp"
#include "engine/vulkan/structs.hpp"

namespace tutti::vulkan {

namespace {

/// Command buffers for work that comes once, that may be under way at the same time.
constexpr int once_count = 32;

/// Command buffers of one submission, and points that it waits for, at most.
constexpr std::size_t work_limit = 64;
constexpr std::size_t after_limit = 4;

OwnedSemaphore make_timeline(VkDevice device) {
    auto type = of_type<VkSemaphoreTypeCreateInfo>(VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO);
    type.semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE;
    auto info = of_type<VkSemaphoreCreateInfo>(VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO);
    info.pNext = &type;
    VkSemaphore semaphore = VK_NULL_HANDLE;
    check(vkCreateSemaphore(device, &info, nullptr, &semaphore), "making a semaphore");
    return {device, semaphore};
}

OwnedCommandPool make_command_pool(VkDevice device, std::uint32_t family) {
    auto info = of_type<VkCommandPoolCreateInfo>(VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO);
    info.flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT;
    info.queueFamilyIndex = family;
    VkCommandPool pool = VK_NULL_HANDLE;
    check(vkCreateCommandPool(device, &info, nullptr, &pool), "making a command pool");
    return {device, pool};
}

}  // namespace

Commands::Commands(Lane& lane) : lane_(lane) {
    auto info = of_type<VkCommandBufferAllocateInfo>(VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO);
    info.commandPool = lane.command_pool();
    info.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
    info.commandBufferCount = 1;
    check(vkAllocateCommandBuffers(lane.device(), &info, &handle_), "making command buffers");
    lane_.ledger_.all.push_back(this);
}

Commands::~Commands() {
    try {
        settle();
    } catch (const DeviceError&) {
        // A lost device: nothing is under way any more.
    }
    std::erase(lane_.ledger_.all, this);
    vkFreeCommandBuffers(lane_.device(), lane_.command_pool(), 1, &handle_);
}

void Commands::settle() {
    lane_.wait(number_);
    lane_.count(*this);
}

Lane::Lane(VkDevice device, VkQueue queue, std::uint32_t family, const StageClock& clock, Ledger& ledger)
    : device_(device),
      queue_(queue),
      clock_(clock),
      ledger_(ledger),
      done_(make_timeline(device)),
      pool_(make_command_pool(device, family)) {
    handles_.reserve(work_limit);
    for (int i = 0; i < once_count; ++i) once_.emplace_back(*this);
}

Lane::~Lane() { vkQueueWaitIdle(queue_); }

Commands& Lane::next_commands() {
    Commands& commands = once_[next_];
    next_ = (next_ + 1) % once_.size();
    commands.settle();
    return commands;
}

Point Lane::submit(std::span<Commands* const> work, std::span<const Point> after) {
    std::array<VkSemaphore, after_limit> semaphores{};
    std::array<std::uint64_t, after_limit> numbers{};
    std::array<VkPipelineStageFlags, after_limit> stages{};
    std::uint32_t wait_count = 0;
    for (const Point& point : after) {
        if (point.number == 0 || point.lane == this) continue;  // in order anyway
        TUTTI_CHECK(wait_count < after_limit);
        semaphores[wait_count] = point.lane->done_.get();
        numbers[wait_count] = point.number;
        stages[wait_count++] = VK_PIPELINE_STAGE_ALL_COMMANDS_BIT;
    }
    const std::uint64_t number = last_number_ + 1;
    auto timeline = of_type<VkTimelineSemaphoreSubmitInfo>(VK_STRUCTURE_TYPE_TIMELINE_SEMAPHORE_SUBMIT_INFO);
    timeline.waitSemaphoreValueCount = wait_count;
    timeline.pWaitSemaphoreValues = numbers.data();
    timeline.signalSemaphoreValueCount = 1;
    timeline.pSignalSemaphoreValues = &number;
    TUTTI_CHECK(work.size() <= work_limit);
    handles_.clear();
    for (const Commands* commands : work) handles_.push_back(commands->handle_);
    const VkSemaphore done = done_.get();
    auto info = of_type<VkSubmitInfo>(VK_STRUCTURE_TYPE_SUBMIT_INFO);
    info.pNext = &timeline;
    info.waitSemaphoreCount = wait_count;
    info.pWaitSemaphores = semaphores.data();
    info.pWaitDstStageMask = stages.data();
    info.commandBufferCount = static_cast<std::uint32_t>(handles_.size());
    info.pCommandBuffers = handles_.data();
    info.signalSemaphoreCount = 1;
    info.pSignalSemaphores = &done;
    check(vkQueueSubmit(queue_, 1, &info, VK_NULL_HANDLE), "submitting work");
    last_number_ = number;
    for (Commands* commands : work) {
        commands->number_ = number;
        commands->submission_ = ++ledger_.submission_count;
        commands->is_counted_ = false;
    }
    return {this, number};
}

void Lane::wait(std::uint64_t number) {
    if (number == 0 || number <= done_number_) return;
    const auto begin = std::chrono::steady_clock::now();
    const VkSemaphore done = done_.get();
    auto info = of_type<VkSemaphoreWaitInfo>(VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO);
    info.semaphoreCount = 1;
    info.pSemaphores = &done;
    info.pValues = &number;
    check(vkWaitSemaphores(device_, &info, UINT64_MAX), "waiting for work");
    done_number_ = number;
    ledger_.waited_s += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void Ledger::settle() {
    for (Commands* commands : all) commands->settle();
}

/// Asks the queue for its time, and takes the answer that came soonest: it is half of that off at most.
void Lane::trace_as(const std::string& name) {
    if (clock_.mask == 0) return;
    Commands asking(*this);
    double least_s = std::numeric_limits<double>::infinity();
    for (int i = 0; i < 8; ++i) {
        const auto info = of_type<VkCommandBufferBeginInfo>(VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO);
        check(vkBeginCommandBuffer(asking.handle(), &info), "recording work");
        asking.marks_.begin(device_, true);
        asking.marks_.begin_stage(asking.handle(), "time", 0);
        asking.marks_.end(asking.handle());
        check(vkEndCommandBuffer(asking.handle()), "recording work");
        Commands* const work = &asking;
        const double begin_s = tutti::trace_time_s(std::chrono::steady_clock::now());
        wait(submit({&work, 1}, {}).number);
        const double end_s = tutti::trace_time_s(std::chrono::steady_clock::now());
        asking.is_counted_ = true;
        asking.marks_.harvest(device_, [&](const char* /*name*/, std::uint64_t /*bytes*/, std::uint64_t tick,
                                           std::uint64_t /*end*/) {
            if (end_s - begin_s >= least_s) return;
            least_s = end_s - begin_s;
            known_tick_ = tick;
            known_s_ = 0.5 * (begin_s + end_s);
        });
    }
    trace_lane_ = add_trace_lane(name);
}

double Lane::trace_time_s(std::uint64_t tick) const { return known_s_ + clock_.seconds(known_tick_, tick); }

void Lane::count(Commands& commands) {
    if (commands.is_counted_) return;
    commands.is_counted_ = true;
    commands.marks_.harvest(
        device_, [&](const char* name, std::uint64_t bytes, std::uint64_t begin, std::uint64_t end) {
            ledger_.times.add(name, clock_.seconds(begin, end), bytes, commands.submission_);
            if (trace_lane_ >= 0) note_trace({name, trace_lane_, trace_time_s(begin), trace_time_s(end)});
        });
}

}  // namespace tutti::vulkan
