#include "host/mix_pass.hpp"

#include <utility>

#include "host/split_pass.hpp"
#include "host/track_feed.hpp"

namespace tutti {

namespace {

class OneDevicePass final : public MixPass {
  public:
    OneDevicePass(RenderDevice& device, MixPlan& plan, const PassJob& job, const Warn& warn)
        : job_(job),
          words_(describe_steps(plan)),
          started_(start(device, plan, job, warn)),
          backend_(device.backend()),
          feed_(plan, job.session, job.repair_nonfinite, job.stretch.first_source),
          plan_(plan) {
        times_device_ = job.times_devices && backend_.info().kind != DeviceKind::cpu;
        if (times_device_) backend_.set_profiling(true);
        waited_before_s_ = backend_.waited_s();
    }

    const RenderForecast& forecast() const override { return started_.forecast; }

    PassSeconds run(bool show_progress, const TakeFrames& take) override {
        const PassSeconds seconds =
            run_pass("rendering", show_progress, job_.stretch, job_.frames, feed_, *started_.renderer, take);
        process_s_ = seconds.process;
        return seconds;
    }

    std::vector<std::string> findings() const override { return feed_.findings(); }

    void fill_in(RenderReport& report) const override {
        const double waited_s = backend_.waited_s() - waited_before_s_;
        report.seconds.device_waiting = waited_s;
        report.devices.push_back({backend_.info().id, backend_.info().name,
                                  static_cast<int>(plan_.sources.size()), process_s_, waited_s});
        if (times_device_) report.device_stages = backend_.stage_reports();
        const std::vector<GainReport> gains = started_.renderer->gain_reports();
        for (std::size_t i = 0; i < gains.size(); ++i) report.dynamics.push_back({plan_.curves[i], gains[i]});
        const std::vector<double> seconds = started_.renderer->step_seconds();
        for (std::size_t i = 0; i < words_.size(); ++i) report.steps.push_back({words_[i], seconds[i]});
        report.steps.push_back({"write rows to the device", seconds[words_.size()]});
        report.steps.push_back({"read rows back", seconds[words_.size() + 1]});
    }

  private:
    static RenderDevice::Started start(RenderDevice& device, MixPlan& plan, const PassJob& job,
                                       const Warn& warn) {
        job.pcm.choose(plan, device.backend());
        return device.start(plan, job.frames, warn);
    }

    PassJob job_;
    std::vector<std::string> words_;
    RenderDevice::Started started_;
    Backend& backend_;
    TrackFeed feed_;
    const MixPlan& plan_;
    bool times_device_ = false;
    double waited_before_s_ = 0.0;
    double process_s_ = 0.0;
};

}  // namespace

std::unique_ptr<MixPass> make_pass(RenderDevice& device, MixPlan& plan, const PassJob& job,
                                   const Warn& warn) {
    if (device.count() > 1) return std::make_unique<SplitPass>(device, plan, job);
    return std::make_unique<OneDevicePass>(device, plan, job, warn);
}

}  // namespace tutti
