#include "engine/vulkan/level_meter.hpp"

#include <cstring>
#include <vector>

#include "engine/errors.hpp"
#include "engine/true_peak.hpp"
#include "engine/vulkan/routine.hpp"
#include "engine/vulkan/rows.hpp"
#include "shaders/level_meter.spv.hpp"

namespace tutti::vulkan {

namespace {

static_assert(std::size(true_peak_taps[0]) == true_peak_tap_count);
static_assert(shaders::frames_per_hop == control_hop);

std::vector<shaders::LevelMeterTap> to_records(const RowsShape& shape, std::span<const LevelTap> taps) {
    std::vector<shaders::LevelMeterTap> records;
    for (const LevelTap& tap : taps) {
        TUTTI_CHECK(tap.row >= 0 && tap.row < shape.row_count);
        const std::uint32_t kind = tap.kind == LevelKind::peak          ? shaders::level_peak
                                   : tap.kind == LevelKind::mean_square ? shaders::level_mean_square
                                                                        : shaders::level_true_peak;
        records.push_back({static_cast<std::uint32_t>(tap.row), kind});
    }
    return records;
}

class VulkanLevelMeter final : public LevelMeter {
  public:
    VulkanLevelMeter(Device& device, const RowsShape& shape, std::span<const LevelTap> taps)
        : device_(device),
          shape_(shape),
          tap_count_(static_cast<std::uint32_t>(taps.size())),
          level_count_(taps.size() * static_cast<std::size_t>(shape.hop_count())),
          taps_(make_table(device, to_records(shape, taps))),
          levels_(device, level_count_ * sizeof(float), Memory::device),
          readback_(device, level_count_ * sizeof(float), Memory::readback),
          pipeline_(device, {shaders::level_meter, {1, 1}, sizeof(shaders::LevelMeterPush)}),
          buffers_(device, pipeline_.set_layout(), {taps_.handle_span(), levels_.handle_span()}),
          routine_(device, device.compute(), rows_in_turn) {}

    ~VulkanLevelMeter() override { device_.finish(); }

    void start(const Rows& rows, std::span<float> levels) override {
        const VulkanRows& source = vulkan_rows(rows, device_, shape_);
        TUTTI_CHECK(levels.size() == level_count_ && levels_on_their_way_.empty());
        if (levels.empty()) return;
        measured_ = routine_.submit({key_of(source.set())}, {&source.copied(), 1},
                                    [&](Recording& recording) { write_down(recording, source); });
        source.used(measured_);
        levels_on_their_way_ = levels;
    }

    void finish() override {
        if (levels_on_their_way_.empty()) return;
        device_.wait(measured_);
        std::memcpy(levels_on_their_way_.data(), readback_.mapped(), levels_on_their_way_.size_bytes());
        levels_on_their_way_ = {};
    }

  private:
    void write_down(Recording& recording, const VulkanRows& rows) const {
        const shaders::LevelMeterPush push{rows.layout()};
        recording.stage(
            "level_meter",
            (std::uint64_t{tap_count_} * control_hop * shape_.hop_count() + level_count_) * sizeof(float));
        const auto hop_count = static_cast<std::uint32_t>(shape_.hop_count());
        recording.run(pipeline_, buffers_, rows.set(), push, {groups_for(hop_count), tap_count_});
        recording.stage("level_meter_read", level_count_ * sizeof(float));
        recording.shaders_before_copies();
        recording.copy(levels_, readback_, {0, 0, level_count_ * sizeof(float)});
        recording.copies_before_host();
    }

    Device& device_;
    RowsShape shape_;
    std::uint32_t tap_count_;
    std::size_t level_count_;
    Buffer taps_;
    Buffer levels_;
    Buffer readback_;
    Pipeline pipeline_;
    BufferSet buffers_;
    Routine routine_;
    Point measured_;
    std::span<float> levels_on_their_way_;
};

}  // namespace

std::unique_ptr<LevelMeter> make_level_meter(Device& device, const RowsShape& shape,
                                             std::span<const LevelTap> taps) {
    return std::make_unique<VulkanLevelMeter>(device, shape, taps);
}

}  // namespace tutti::vulkan
