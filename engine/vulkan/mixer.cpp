#include "engine/vulkan/mixer.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "engine/errors.hpp"
#include "engine/vulkan/routine.hpp"
#include "engine/vulkan/rows.hpp"
#include "shaders/mixer.spv.hpp"

namespace tutti::vulkan {

namespace {

/// The plan as the shader reads it: routes by output, in plan order within one.
struct Routing {
    std::vector<shaders::MixerOutput> outputs;
    std::vector<shaders::MixerRoute> routes;

    Routing(const RowsShape& shape, const MixerPlan& plan) {
        std::vector<MixRoute> sorted = plan.routes;
        std::stable_sort(sorted.begin(), sorted.end(),
                         [](const MixRoute& a, const MixRoute& b) { return a.output_row < b.output_row; });
        for (const MixRoute& route : sorted) {
            TUTTI_CHECK(route.input_row >= 0 && route.input_row < shape.row_count);
            TUTTI_CHECK(route.output_row >= 0 && route.output_row < shape.row_count);
            TUTTI_CHECK(route.delay_frames >= 0 && route.delay_frames <= shape.history_count);
            TUTTI_CHECK(route.curve >= -1 && route.curve < plan.curve_count);
            const auto index = static_cast<std::uint32_t>(routes.size());
            const auto row = static_cast<std::uint32_t>(route.output_row);
            if (outputs.empty() || outputs.back().row != row) outputs.push_back({row, index, index});
            outputs.back().route_end = index + 1;
            routes.push_back({static_cast<std::uint32_t>(route.input_row),
                              static_cast<std::uint32_t>(route.delay_frames), route.gain, route.curve});
        }
    }
};

class VulkanMixer final : public Mixer {
  public:
    VulkanMixer(Device& device, const RowsShape& shape, const MixerPlan& plan)
        : device_(device),
          shape_(shape),
          routing_(shape, plan),
          gain_count_(static_cast<std::size_t>(plan.curve_count) *
                      static_cast<std::size_t>(shape.hop_count() + 1)),
          outputs_(make_table(device, routing_.outputs)),
          routes_(make_table(device, routing_.routes)),
          gains_(device, gain_count_ * sizeof(float), Memory::device),
          upload_(device, gain_count_ * sizeof(float)),
          pipeline_(device, {shaders::mixer, {1, 1, 1}, sizeof(shaders::MixerPush)}),
          buffers_(device, pipeline_.set_layout(),
                   {outputs_.handle_span(), routes_.handle_span(), gains_.handle_span()}),
          routine_(device, device.compute(), 2 * rows_in_turn) {}

    ~VulkanMixer() override { device_.finish(); }

    void process(Rows& rows, std::span<const float> gains) override {
        const VulkanRows& target = vulkan_rows(rows, device_, shape_);
        TUTTI_CHECK(gains.size() == gain_count_);
        if (routing_.outputs.empty()) return;
        std::size_t half = 0;
        if (!gains.empty()) {
            std::memcpy(upload_.next().mapped(), gains.data(), gains.size_bytes());
            half = upload_.current();
        }
        const Point point =
            routine_.submit({key_of(target.set()), half}, {&target.copied(), 1},
                            [&](Recording& recording) { write_down(recording, target, half); });
        target.used(point);
        pass_silence(target.silence());
        if (!gains.empty()) upload_.sent(point);
    }

  private:
    /// A sum of silent rows is silent. No output is another one's input.
    void pass_silence(Silence& silence) const {
        for (const shaders::MixerOutput& output : routing_.outputs) {
            const auto first = routing_.routes.begin() + output.route_begin;
            const auto end = routing_.routes.begin() + output.route_end;
            const bool is_silent = std::all_of(first, end, [&](const shaders::MixerRoute& route) {
                return silence.holds(static_cast<int>(route.row), static_cast<int>(route.delay_frames));
            });
            silence.set(static_cast<int>(output.row), is_silent);
        }
    }

    void write_down(Recording& recording, const VulkanRows& rows, std::size_t half) const {
        const std::uint64_t gain_bytes = gain_count_ * sizeof(float);
        if (gain_count_ > 0) {
            recording.stage("mixer_gains", gain_bytes);
            recording.copy(upload_.half(half), gains_, {0, 0, gain_bytes});
            recording.copies_before_shaders();
        }
        const shaders::MixerPush push{rows.layout()};
        const auto frame_count = static_cast<std::uint32_t>(shape_.frame_count);
        const auto output_count = static_cast<std::uint32_t>(routing_.outputs.size());
        const std::uint64_t moved = (routing_.routes.size() + output_count) * frame_count * sizeof(float);
        recording.stage("mixer", moved + gain_bytes);
        recording.run(pipeline_, buffers_, rows.set(), push, {groups_for(frame_count), output_count});
    }

    Device& device_;
    RowsShape shape_;
    Routing routing_;
    std::size_t gain_count_;
    Buffer outputs_;
    Buffer routes_;
    Buffer gains_;
    UploadHalves upload_;
    Pipeline pipeline_;
    BufferSet buffers_;
    Routine routine_;
};

}  // namespace

std::unique_ptr<Mixer> make_mixer(Device& device, const RowsShape& shape, const MixerPlan& plan) {
    return std::make_unique<VulkanMixer>(device, shape, plan);
}

}  // namespace tutti::vulkan
