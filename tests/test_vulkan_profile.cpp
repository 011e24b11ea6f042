#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "tests/vulkan_device.hpp"

using namespace tutti;

namespace {

/// Rows 0 and 1 through one kernel into rows 1 and 2, measured and mixed: one chunk.
class SmallWork {
  public:
    explicit SmallWork(Backend& backend) : rows_(backend.make_rows(shape)) {
        ConvolverPlan plan;
        plan.kernels = {test::noise(3000, 1)};
        plan.paths = {{0, 0, 1}, {1, 0, 2}};
        plan.transform_frames = 8192;
        convolver_ = backend.make_convolver(shape, plan);
        meter_ = backend.make_level_meter(shape, std::vector<LevelTap>{{1, LevelKind::peak}});
        mixer_ = backend.make_mixer(shape, {{{1, 0, 1.0F, 0, 0}, {2, 0, 0.5F, 3, -1}}, 1});
    }

    void run() {
        rows_->write(0, test::noise(2 * 4096, 3));
        convolver_->process(*rows_);
        std::vector<float> levels(shape.hop_count());
        meter_->process(*rows_, levels);
        mixer_->process(*rows_, std::vector<float>(shape.hop_count() + 1, 1.0F));
        std::vector<float> output(4096);
        rows_->read(0, output);
        rows_->advance();
    }

  private:
    static constexpr RowsShape shape{3, 4096, 16};
    std::unique_ptr<Rows> rows_;
    std::unique_ptr<Convolver> convolver_;
    std::unique_ptr<LevelMeter> meter_;
    std::unique_ptr<Mixer> mixer_;
};

}  // namespace

TEST_CASE("A Vulkan profile says what every stage took and how many bytes its plan moves") {
    const auto backend = test::validated_vulkan();
    SmallWork work(*backend);
    backend->set_profiling(true);
    work.run();
    work.run();
    const std::vector<StageReport> reports = backend->stage_reports();
    constexpr std::uint64_t row = 4096 * 4;
    constexpr std::uint64_t spectrum = 4097 * 8;
    const std::map<std::string, std::uint64_t> bytes{
        {"rows_write", 2 * row},
        {"convolver_pack", 2 * (2 * row + 8192 * 4)},  // the past and the chunk, into a block each
        {"convolver_keep", 2 * 2 * row},
        {"convolver_to_spectra", 2 * 2 * spectrum},
        {"convolver_multiply", (2 + 1 + 2) * spectrum},  // two inputs, the kernel once, two outputs
        {"convolver_to_frames", 2 * 2 * spectrum},
        {"convolver_unpack", 2 * 2 * row},
        {"level_meter", row + 256 * 4},
        {"level_meter_read", 256 * 4},
        {"mixer_gains", 257 * 4},
        {"mixer", 3 * row + 257 * 4},
        {"rows_read", row},
        {"rows_advance", 2 * 3 * 16 * 4},
    };
    CHECK(reports.size() == bytes.size());
    for (const StageReport& report : reports) {
        CAPTURE(report.name);
        REQUIRE(bytes.count(report.name) == 1);
        CHECK(report.run_count == 2);
        CHECK(report.bytes == 2 * bytes.at(report.name));
        CHECK(report.seconds > 0.0);
        CHECK(report.seconds < 60.0);
    }
    CHECK(reports.front().name == "rows_write");
    CHECK(vulkan_validation_message_count() == 0);
}

TEST_CASE("A Vulkan profile counts the bytes of what a convolver makes, not of as much that it made before") {
    // Two outputs that take turns, one through three partitions and one through five.
    constexpr RowsShape shape{4, 4096, 16};
    ConvolverPlan plan;
    plan.kernels = {test::noise(9000, 1), test::noise(18000, 2)};
    plan.paths = {{0, 0, 2}, {1, 1, 3}};
    plan.transform_frames = 8192;
    const auto bytes_of = [&](const std::vector<int>& sounding) {
        const auto backend = test::validated_vulkan();
        const auto rows = backend->make_rows(shape);
        const auto convolver = backend->make_convolver(shape, plan);
        backend->set_profiling(true);
        for (const int row : sounding) {
            // A ring of blocks comes round in so many chunks, and is silent again after so many more.
            for (int chunk = 0; chunk < 36; ++chunk) {
                std::vector<float> samples(2 * 4096, 0.0F);
                const std::vector<float> sound = test::noise(4096, 3);
                if (chunk < 18) std::copy(sound.begin(), sound.end(), samples.begin() + row * 4096);
                rows->write(0, samples);
                convolver->process(*rows);
                rows->advance();
            }
        }
        std::map<std::string, std::uint64_t> bytes;
        for (const StageReport& report : backend->stage_reports()) bytes[report.name] = report.bytes;
        return bytes;
    };
    const auto short_one = bytes_of({0});
    const auto long_one = bytes_of({1});
    const auto both = bytes_of({0, 1});
    for (const char* stage : {"convolver_multiply", "convolver_unpack"}) {
        CAPTURE(stage);
        CHECK(both.at(stage) == short_one.at(stage) + long_one.at(stage));
    }
    CHECK(long_one.at("convolver_multiply") > short_one.at("convolver_multiply"));
    CHECK(vulkan_validation_message_count() == 0);
}

TEST_CASE("A Vulkan profile begins when it is switched on, and ends when it is switched off") {
    const auto backend = test::validated_vulkan();
    SmallWork work(*backend);
    work.run();
    CHECK(backend->stage_reports().empty());
    backend->set_profiling(true);
    CHECK(backend->stage_reports().empty());
    for (int i = 0; i < 20; ++i) work.run();  // more recordings than may be under way at once
    CHECK(backend->stage_reports().front().run_count == 20);
    work.run();
    CHECK(backend->stage_reports().front().run_count == 21);
    backend->set_profiling(true);
    CHECK(backend->stage_reports().empty());
    work.run();
    backend->set_profiling(false);
    work.run();
    CHECK(backend->stage_reports().empty());
    CHECK(vulkan_validation_message_count() == 0);
}

TEST_CASE("A Vulkan device's copy speed is measured beside a profile, and leaves nothing in it") {
    const auto backend = test::validated_vulkan(std::uint64_t{1} << 24);
    SmallWork work(*backend);
    backend->set_profiling(true);
    work.run();
    CHECK(backend->measure_copy_bytes_per_s() > 1e6);
    work.run();
    for (const StageReport& report : backend->stage_reports()) {
        CAPTURE(report.name);
        CHECK(report.run_count == 2);
    }
    CHECK(vulkan_validation_message_count() == 0);
}
