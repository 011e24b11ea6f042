#include "engine/cpu/stage_clock.hpp"

#include "engine/threads.hpp"

namespace tutti::cpu {

namespace {

constexpr std::array<const char*, stage_count> stage_names = {"excitation_spectrum", "excitation_filters",
                                                              "excitation_product",  "masking_survey",
                                                              "masking_cells",       "masking_product"};

}  // namespace

void StageClock::start() {
    threads_.assign(thread_count(), {});
    is_on_ = true;
}

void StageClock::add(Stage stage, double seconds, std::uint64_t bytes) {
    Tally& tally = threads_[thread_number()].stages[static_cast<int>(stage)];
    tally.seconds += seconds;
    tally.bytes += bytes;
    ++tally.run_count;
}

std::vector<StageReport> StageClock::reports() const {
    std::vector<StageReport> reports;
    for (int stage = 0; stage < stage_count; ++stage) {
        StageReport report{stage_names[stage], 0.0, 0, 0};
        for (const Thread& thread : threads_) {
            const Tally& tally = thread.stages[stage];
            report.seconds += tally.seconds / static_cast<double>(threads_.size());
            report.bytes += tally.bytes;
            report.run_count += tally.run_count;
        }
        if (report.run_count > 0) reports.push_back(report);
    }
    return reports;
}

}  // namespace tutti::cpu
