#include "engine/vulkan/convolver.hpp"

#include <algorithm>
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

/// Groups whose stages go into one recording, so that all of them are timed.
constexpr std::size_t groups_per_recording = 16;

template <typename Bytes>
std::uint64_t sum(const std::vector<GroupConvolver>& groups, Bytes bytes) {
    std::uint64_t all = 0;
    for (const GroupConvolver& group : groups) all += (group.*bytes)();
    return all;
}

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
        groups_.reserve(groups.size());
        for (ConvolverGroup& group : groups) {
            groups_.emplace_back(device, shape, std::move(group), ConvolverScratch{*outputs_, *workspace_});
        }
    }

    ~VulkanConvolver() override { device_.finish(); }

    void process(Rows& rows) override {
        const VulkanRows& target = vulkan_rows(rows, device_, shape_);
        if (groups_.empty()) return;
        take_inputs(target);
        for (std::size_t first = 0; first < groups_.size(); first += groups_per_recording) {
            const std::size_t count = std::min(groups_per_recording, groups_.size() - first);
            make_outputs(target, std::span(groups_).subspan(first, count));
        }
        for (GroupConvolver& group : groups_) group.next_chunk();
    }

  private:
    /// Of all groups, before any of them writes an output.
    void take_inputs(const VulkanRows& rows) {
        Recording recording = device_.record();
        recording.stage("convolver_pack", sum(groups_, &GroupConvolver::pack_bytes));
        for (const GroupConvolver& group : groups_) group.pack(recording, rows);
        recording.shaders_before_shaders();
        recording.stage("convolver_keep", sum(groups_, &GroupConvolver::keep_bytes));
        for (const GroupConvolver& group : groups_) group.keep(recording, rows);
        recording.stage("convolver_to_spectra", sum(groups_, &GroupConvolver::input_transform_bytes));
        for (GroupConvolver& group : groups_) group.transform_inputs(recording);
        recording.submit();
    }

    /// Group after group, in the scratch that they share.
    void make_outputs(const VulkanRows& rows, std::span<GroupConvolver> groups) {
        Recording recording = device_.record();
        for (GroupConvolver& group : groups) {
            recording.stage("convolver_multiply", group.multiply_bytes());
            group.multiply(recording);
            recording.shaders_before_shaders();
            recording.stage("convolver_to_frames", group.output_transform_bytes());
            group.transform_outputs(recording);
            recording.stage("convolver_unpack", group.unpack_bytes());
            group.unpack(recording, rows);
            recording.shaders_before_shaders();
        }
        recording.submit();
    }

    Device& device_;
    RowsShape shape_;
    std::optional<Buffer> outputs_;
    std::optional<Buffer> workspace_;
    std::vector<GroupConvolver> groups_;
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
