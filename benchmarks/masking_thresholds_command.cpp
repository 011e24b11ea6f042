#include "benchmarks/masking_thresholds_command.hpp"

#include <cmath>
#include <iomanip>

#include "benchmarks/chart.hpp"
#include "benchmarks/masking_thresholds.hpp"
#include "engine/devices.hpp"

namespace tutti::bench {

namespace {

constexpr double allowed_db = 4.0;

Chart chart_of(const std::vector<MaskedThreshold>& thresholds) {
    ChartLine listeners{.name = "ISO/PAS 20065", .points = {}, .colour = ChartColour::black, .bold = true};
    ChartLine found{.name = "Tutti: margin of 0 dB", .points = {}, .colour = ChartColour::vermilion};
    ChartLine above{.name = "4 dB above", .points = {}, .colour = ChartColour::grey, .dashed = true};
    ChartLine below{.name = "4 dB below", .points = {}, .colour = ChartColour::grey, .dashed = true};
    const auto add = [](ChartLine& line, double hz, double db) { line.points.push_back({hz, db, db, db}); };
    for (const MaskedThreshold& t : thresholds) {
        add(listeners, t.hz, t.standard_db);
        add(found, t.hz, t.found_db);
        add(above, t.hz, t.standard_db + allowed_db);
        add(below, t.hz, t.standard_db - allowed_db);
    }
    return {
        .title = "A tone in noise: where it begins to be heard",
        .notes = {"The tone rises through noise of 40 dB SPL per hertz, each a track of a mix. Listeners' "
                  "threshold, and where",
                  "the audibility margin of the tone's best band crosses 0 dB."},
        .x_title = "frequency of the tone, Hz",
        .y_title = "tone level over noise level per hertz, dB",
        .lines = {listeners, found, above, below},
        .y_is_linear = true};
}

}  // namespace

MaskedThresholdsCommand::MaskedThresholdsCommand(CLI::App& app)
    : command_(
          app.add_subcommand("masked-thresholds",
                             "Hold the audibility of a tone in noise against the thresholds of listeners")) {
    command_->add_option("--device", device_, "As in tutti render")->capture_default_str();
    command_->add_option("--seconds", seconds_, "How slowly the tone rises")
        ->check(CLI::Range(4, 3600))
        ->capture_default_str();
    command_->add_option("--png", picture_, "Draw them into this file");
}

int MaskedThresholdsCommand::run(std::ostream& out) const {
    const OpenedDevice device = open_device(device_);
    const std::vector<MaskedThreshold> thresholds = find_masked_thresholds(*device.backend, seconds_);
    out << "tone over noise per hertz at the masked threshold, on " << device.backend->info().id << "\n"
        << "     Hz   ISO/PAS 20065    found    apart\n"
        << std::fixed << std::setprecision(1);
    bool all_near = true;
    for (const MaskedThreshold& t : thresholds) {
        const double apart_db = t.found_db - t.standard_db;
        all_near = all_near && std::abs(apart_db) < allowed_db;
        out << std::setw(7) << static_cast<int>(t.hz) << std::setw(13) << t.standard_db << " dB"
            << std::setw(6) << t.found_db << " dB" << std::showpos << std::setw(6) << apart_db
            << std::noshowpos << " dB\n";
    }
    if (!picture_.empty()) write_chart(picture_, chart_of(thresholds));
    return all_near ? 0 : 1;
}

}  // namespace tutti::bench
