#include <sys/sysinfo.h>

#include <fstream>
#include <new>
#include <optional>
#include <string>

#include "engine/backend.hpp"
#include "engine/cpu/block_transform_kernels.hpp"
#include "engine/cpu/convolver_costs.hpp"
#include "engine/cpu/excitations.hpp"
#include "engine/cpu/operations.hpp"
#include "engine/cpu/rows.hpp"
#include "engine/errors.hpp"
#include "engine/versions.hpp"

namespace tutti {

namespace {

std::string processor_name() {
    std::ifstream lines("/proc/cpuinfo");
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    }
    return "CPU";
}

std::uint64_t memory_bytes() {
    struct sysinfo system {};
    sysinfo(&system);
    return static_cast<std::uint64_t>(system.totalram) * system.mem_unit;
}

/// What a user can do about memory that is not there.
template <typename Make>
auto with_memory(const Make& make) {
    try {
        return make();
    } catch (const std::bad_alloc&) {
        throw DeviceError("out of memory on the CPU; give a smaller --memory");
    }
}

class CpuBackend final : public Backend {
  public:
    explicit CpuBackend(BlobStore* store) : store_(store) {}

    const DeviceInfo& info() const override { return info_; }
    std::unique_ptr<Rows> make_rows(const RowsShape& shape) override {
        return with_memory([&] { return std::make_unique<cpu::CpuRows>(shape); });
    }
    std::unique_ptr<Past> make_past(const RowsShape& shape, std::span<const int> row_numbers) override {
        return cpu::make_past(shape, row_numbers);
    }
    std::unique_ptr<PcmLoader> make_pcm_loader(const RowsShape& shape,
                                               std::span<const PcmSource> sources) override {
        return cpu::make_pcm_loader(shape, sources);
    }
    std::unique_ptr<Convolver> make_convolver(const RowsShape& shape, const ConvolverPlan& plan) override {
        return with_memory([&] { return cpu::make_convolver(shape, plan, costs()); });
    }
    ConvolverForecast forecast_convolver(const RowsShape& shape, const ConvolverPlan& plan) override {
        return cpu::forecast_convolver(shape, plan, costs());
    }
    std::unique_ptr<LevelMeter> make_level_meter(const RowsShape& shape,
                                                 std::span<const LevelTap> taps) override {
        return with_memory([&] { return cpu::make_level_meter(shape, taps); });
    }
    std::unique_ptr<Mixer> make_mixer(const RowsShape& shape, const MixerPlan& plan) override {
        return with_memory([&] { return cpu::make_mixer(shape, plan); });
    }
    std::unique_ptr<Excitations> make_excitations(const ExcitationsShape& shape) override {
        return with_memory([&] { return std::make_unique<cpu::CpuExcitations>(shape); });
    }
    std::unique_ptr<Excitation> make_excitation(const RowsShape& shape, const ExcitationPlan& plan) override {
        return with_memory([&] { return cpu::make_excitation(shape, plan, clock_); });
    }
    std::unique_ptr<Masking> make_masking(const MaskingPlan& plan) override {
        return with_memory([&] { return cpu::make_masking(plan, clock_); });
    }
    void set_profiling(bool on) override { on ? clock_.start() : clock_.stop(); }
    std::vector<StageReport> stage_reports() override { return clock_.reports(); }

  private:
    const ConvolverCosts& costs() {
        if (store_ == nullptr) return cpu::usual_convolver_costs();
        if (!costs_) costs_ = cpu::stored_convolver_costs(*store_, info_.name);
        return *costs_;
    }

    BlobStore* store_;
    std::optional<ConvolverCosts> costs_;
    cpu::StageClock clock_;
    DeviceInfo info_{"cpu", processor_name(), DeviceKind::cpu,
                     cpu_library_versions() + ", loops for " + cpu::block_transform_kernels().name,
                     memory_bytes()};
};

}  // namespace

std::unique_ptr<Backend> make_cpu_backend(BlobStore* store) { return std::make_unique<CpuBackend>(store); }

}  // namespace tutti
