#include "engine/vulkan/backend.hpp"

#include <optional>
#include <string>

#include "engine/errors.hpp"
#include "engine/trace.hpp"
#include "engine/vulkan/convolver.hpp"
#include "engine/vulkan/convolver_costs.hpp"
#include "engine/vulkan/copy_speed.hpp"
#include "engine/vulkan/device.hpp"
#include "engine/vulkan/excitation.hpp"
#include "engine/vulkan/excitations.hpp"
#include "engine/vulkan/level_meter.hpp"
#include "engine/vulkan/masking.hpp"
#include "engine/vulkan/mixer.hpp"
#include "engine/vulkan/past.hpp"
#include "engine/vulkan/pcm_costs.hpp"
#include "engine/vulkan/pcm_loader.hpp"
#include "engine/vulkan/rows.hpp"

namespace tutti {

namespace vulkan {

namespace {

VkPhysicalDevice pick(const Instance& instance, int index) {
    const auto count = static_cast<int>(instance.devices().size());
    if (count == 0) {
        throw DeviceError(
            "there is no Vulkan device on this machine; install its driver or use --device cpu");
    }
    if (index < 0 || index >= count) {
        throw DeviceError("there is no device vulkan:" + std::to_string(index) +
                          "; the last is vulkan:" + std::to_string(count - 1) + " (see tutti devices)");
    }
    return instance.devices()[static_cast<std::size_t>(index)];
}

class VulkanBackend final : public Backend {
  public:
    explicit VulkanBackend(const BackendOptions& options)
        : instance_(options.validate),
          info_(describe(pick(instance_, options.index), options.index)),
          device_(pick(instance_, options.index), options.tile_bytes, options.store) {
        if (is_tracing()) device_.trace_as(info_.id);
    }

    const DeviceInfo& info() const override { return info_; }

    std::unique_ptr<Rows> make_rows(const RowsShape& shape) override {
        check_shape(shape);
        return std::make_unique<VulkanRows>(device_, shape);
    }

    std::unique_ptr<Past> make_past(const RowsShape& shape, std::span<const int> row_numbers) override {
        check_shape(shape);
        return vulkan::make_past(device_, shape, row_numbers);
    }

    std::unique_ptr<PcmLoader> make_pcm_loader(const RowsShape& shape,
                                               std::span<const PcmSource> sources) override {
        check_shape(shape);
        return vulkan::make_pcm_loader(device_, shape, sources);
    }

    std::unique_ptr<Convolver> make_convolver(const RowsShape& shape, const ConvolverPlan& plan) override {
        check_shape(shape);
        return vulkan::make_convolver(device_, shape, plan, costs_for(plan));
    }

    ConvolverForecast forecast_convolver(const RowsShape& shape, const ConvolverPlan& plan) override {
        check_shape(shape);
        return vulkan::forecast_convolver(device_, shape, plan, costs_for(plan));
    }

    std::unique_ptr<LevelMeter> make_level_meter(const RowsShape& shape,
                                                 std::span<const LevelTap> taps) override {
        check_shape(shape);
        device_.require({1, static_cast<std::uint32_t>(taps.size())});
        return vulkan::make_level_meter(device_, shape, taps);
    }

    std::unique_ptr<Mixer> make_mixer(const RowsShape& shape, const MixerPlan& plan) override {
        check_shape(shape);
        return vulkan::make_mixer(device_, shape, plan);
    }

    std::unique_ptr<Excitations> make_excitations(const ExcitationsShape& shape) override {
        return std::make_unique<VulkanExcitations>(device_, shape);
    }

    std::unique_ptr<Excitation> make_excitation(const RowsShape& shape, const ExcitationPlan& plan) override {
        return vulkan::make_excitation(device_, shape, plan);
    }

    std::unique_ptr<Masking> make_masking(const MaskingPlan& plan) override {
        return vulkan::make_masking(device_, plan);
    }

    bool wants_pcm() const override { return true; }
    PcmCosts pcm_costs() override {
        if (!device_.shaders().is_kept()) return usual_pcm_costs(info_.kind);
        if (!pcm_costs_) pcm_costs_ = stored_pcm_costs(device_, info_.kind);
        return *pcm_costs_;
    }

    /// While the host shapes the gains of one, the device works on the other.
    int chunks_in_flight() const override { return 2; }
    void finish() override { device_.settle(); }
    double waited_s() const override { return device_.waited_s(); }

    void set_profiling(bool on) override {
        device_.set_times({});
        device_.set_timing(on);
    }
    std::vector<StageReport> stage_reports() override { return device_.times().reports(); }
    double measure_copy_bytes_per_s() override { return vulkan::measure_copy_bytes_per_s(device_); }

  private:
    /// The dispatches of all operations run over frames in x, and over rows or outputs, which are rows, in x
    /// or y.
    void check_shape(const RowsShape& shape) const {
        TUTTI_CHECK(shape.row_count >= 0);
        TUTTI_CHECK(shape.frame_count > 0 && shape.frame_count % control_hop == 0);
        TUTTI_CHECK(shape.history_count >= control_hop && shape.history_count % control_hop == 0);
        const auto row_count = static_cast<std::uint32_t>(shape.row_count);
        device_.require({groups_for(static_cast<std::uint32_t>(shape.frame_count)), row_count});
        device_.require({row_count});
    }

    /// What to choose by. With a store the device is measured when there first is a choice.
    ConvolverCosts costs_for(const ConvolverPlan& plan) {
        const bool has_choice = !plan.paths.empty() && plan.transform_frames == 0;
        if (!costs_ && has_choice && device_.shaders().is_kept()) costs_ = stored_convolver_costs(device_);
        return with_fitting_transforms(costs_ ? *costs_ : usual_convolver_costs(), device_);
    }

    Instance instance_;
    DeviceInfo info_;
    Device device_;
    std::optional<ConvolverCosts> costs_;  ///< measured
    std::optional<PcmCosts> pcm_costs_;
};

}  // namespace

std::unique_ptr<Backend> make_backend(const BackendOptions& options) {
    return std::make_unique<VulkanBackend>(options);
}

}  // namespace vulkan

std::unique_ptr<Backend> make_vulkan_backend(int index, bool validate, BlobStore* store) {
    return vulkan::make_backend({index, validate, store});
}

}  // namespace tutti
