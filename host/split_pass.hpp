#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/device_team.hpp"
#include "host/mix_pass.hpp"
#include "host/plan_split.hpp"

namespace tutti {

/// A pass that several devices do together, each on a thread of its own. The first is a chunk behind the
/// others, whose sums it takes, so that all work at the same time.
class SplitPass final : public MixPass {
  public:
    SplitPass(RenderDevice& device, MixPlan& plan, const PassJob& job);
    ~SplitPass() override;

    const RenderForecast& forecast() const override { return forecast_; }
    PassSeconds run(bool show_progress, const TakeFrames& take) override;
    std::vector<std::string> findings() const override;
    void fill_in(RenderReport& report) const override;

  private:
    struct Runner;

    void place_rows();
    void read(std::span<float> sources);
    void process(std::span<float> sources, std::span<float> outputs);
    void run_share(Runner& runner);
    void take_inputs(std::span<float> sources, int chunk) const;
    void put_outputs(int chunk, std::span<float> outputs) const;

    const MixPlan& plan_;
    PassJob job_;
    std::vector<Backend*> backends_;  ///< [device]
    SplitMix mix_;
    RenderForecast forecast_;
    std::vector<std::unique_ptr<Runner>> runners_;  ///< [device]; null where there is nothing to do
    std::size_t source_row_count_ = 0;
    int chunk_count_ = 0;
    int late_chunks_ = 0;
    int read_items_ = 0;
    int item_ = -1;  ///< of the pass, that is processed
    std::span<float> sources_;
    std::unique_ptr<DeviceTeam> team_;  ///< last: its threads end before what they work with
};

}  // namespace tutti
