#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "tests/masking_runs.hpp"
#include "tests/signals.hpp"

using namespace tutti;
using namespace tutti::tests;

TEST_CASE("the CPU times the stages of masking while it is asked to") {
    const auto backend = make_cpu_backend();
    const MaskingGrid grid = masking_grid(48000, GridKind::usual);
    const MaskingPlan plan = tracks_plan(grid, 3, 10, 10);
    const std::vector<float> powers(std::size_t{10} * 2 * 3 * grid.component_count(), 1000.0F);
    ExcitationPlan listening = stereo_plan(3, 48000, GridKind::usual);
    for (ExcitationObject& object : listening.objects) object.rows = {-1, -1};  // powers are given
    const auto run = [&] { run_masking(*backend, plan, run_powers(*backend, listening, powers)); };
    run();
    CHECK(backend->stage_reports().empty());

    backend->set_profiling(true);
    run();
    std::set<std::string> names;
    for (const StageReport& stage : backend->stage_reports()) {
        CAPTURE(stage.name);
        names.insert(stage.name);
        CHECK(stage.seconds > 0.0);
        CHECK(stage.bytes > 0);
        CHECK(stage.run_count > 0);
    }
    CHECK(names == std::set<std::string>{"excitation_filters", "excitation_product", "masking_survey",
                                         "masking_cells", "masking_product"});
    backend->set_profiling(false);
    const std::uint64_t before = backend->stage_reports().front().run_count;
    run();
    CHECK(backend->stage_reports().front().run_count == before);
}
