#include "engine/vulkan/convolver.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "engine/vulkan/convolver_parts.hpp"
#include "engine/vulkan/convolver_plan.hpp"
#include "engine/vulkan/group_convolver.hpp"
#include "engine/vulkan/recording.hpp"
#include "engine/vulkan/rows.hpp"

namespace tutti::vulkan {

namespace {

/// Groups whose work is submitted at once.
constexpr std::size_t groups_at_once = 32;

class VulkanConvolver final : public Convolver {
  public:
    VulkanConvolver(Device& device, const RowsShape& shape, std::vector<ConvolverGroup> groups)
        : device_(device), shape_(shape) {
        ConvolverBytes most;
        for (const ConvolverGroup& group : groups) {
            most.outputs = std::max(most.outputs, bytes_of(group).outputs);
            most.workspace = std::max(most.workspace, bytes_of(group).workspace);
        }
        outputs_.emplace(device, most.outputs, Memory::device);
        workspace_.emplace(device, most.workspace, Memory::device);
        for (ConvolverGroup& group : groups) {
            groups_.emplace_back(device, shape, std::move(group), ConvolverScratch{*outputs_, *workspace_});
        }
    }

    ~VulkanConvolver() override { device_.finish(); }

    void process(Rows& rows) override {
        const VulkanRows& target = vulkan_rows(rows, device_, shape_);
        if (groups_.empty()) return;
        Silence& silence = target.silence();
        for (GroupConvolver& group : groups_) group.listen(silence);
        for (GroupConvolver& group : groups_) group.answer(silence);
        update_lists();
        // Of all groups, before any of them writes an output.
        submit(target, &GroupConvolver::inputs);
        submit(target, &GroupConvolver::outputs);
        for (GroupConvolver& group : groups_) group.next_chunk();
    }

  private:
    /// What sounds is mostly what did before.
    void update_lists() {
        const auto has_changed = [](GroupConvolver& group) { return group.lists().has_changed(); };
        if (std::none_of(groups_.begin(), groups_.end(), has_changed)) return;
        Recording recording = device_.record();
        for (GroupConvolver& group : groups_) group.lists().update(recording);
        recording.submit();
    }

    void submit(const VulkanRows& rows, Commands* (GroupConvolver::*prepare)(const VulkanRows&)) {
        std::array<Commands*, groups_at_once> work{};
        std::size_t count = 0;
        const auto flush = [&] {
            if (count == 0) return;
            rows.used(device_.compute().submit(std::span(work).first(count), {&rows.copied(), 1}));
            count = 0;
        };
        for (GroupConvolver& group : groups_) {
            work[count] = (group.*prepare)(rows);
            if (work[count] != nullptr && ++count == work.size()) flush();
        }
        flush();
    }

    Device& device_;
    RowsShape shape_;
    std::optional<Buffer> outputs_;
    std::optional<Buffer> workspace_;
    std::deque<GroupConvolver> groups_;
};

}  // namespace

std::unique_ptr<Convolver> make_convolver(Device& device, const RowsShape& shape, const ConvolverPlan& plan,
                                          const ConvolverCosts& costs) {
    return std::make_unique<VulkanConvolver>(device, shape,
                                             group_paths(shape, plan, costs, device.tile_bytes()));
}

ConvolverForecast forecast_convolver(const Device& device, const RowsShape& shape, const ConvolverPlan& plan,
                                     const ConvolverCosts& costs) {
    ForecastSum sum;
    for (const ConvolverPart& part : split_into_parts(shape, plan)) {
        sum.add(part.job(plan, shape.frame_count), costs, plan.transform_frames);
    }
    ConvolverForecast forecast = sum.forecast();
    // Known better now: parts share kernels and scratch, and keep the blocks of whole chunks.
    ConvolverBytes most;
    forecast.bytes = 0;
    for (const ConvolverGroup& group : group_paths(shape, plan, costs, device.tile_bytes())) {
        const ConvolverBytes bytes = bytes_of(group);
        forecast.bytes += bytes.own;
        most.outputs = std::max(most.outputs, bytes.outputs);
        most.workspace = std::max(most.workspace, bytes.workspace);
    }
    forecast.bytes += most.outputs + most.workspace;
    return forecast;
}

}  // namespace tutti::vulkan
