#include "benchmarks/masking.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <numeric>

#include "benchmarks/masking_plan.hpp"
#include "benchmarks/masking_text.hpp"
#include "benchmarks/statistics.hpp"
#include "engine/devices.hpp"
#include "engine/errors.hpp"
#include "engine/masking_analysis.hpp"
#include "engine/threads.hpp"
#include "host/pending_file.hpp"
#include "host/user_cache.hpp"
#include "host/version.hpp"

namespace tutti::bench {

namespace {

constexpr const char* pairs_stage = "masking_product";

double resident_mib() {
    std::ifstream file("/proc/self/statm");
    double total_pages = 0.0;
    double resident_pages = 0.0;
    file >> total_pages >> resident_pages;
    return resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

std::unique_ptr<MaskingTracks> make_tracks(const MaskingOptions& options, int track_count) {
    return options.stems.empty() ? synthetic_tracks(track_count) : stem_tracks(track_count, options.stems);
}

class NoSink final : public MaskingSink {
  public:
    void take(const MaskingTile& /*tile*/) override {}
};

/// One number of tracks on one device.
class CaseRun {
  public:
    CaseRun(Backend& backend, const MaskingOptions& options, int track_count)
        : backend_(backend), options_(options), setup_(track_count), result_(setup_.masking) {
        rows_ = backend.make_rows(setup_.shape);
        samples_.resize(static_cast<std::size_t>(setup_.shape.row_count) * setup_.shape.frame_count);
        tracks_ = make_tracks(options, track_count);
        next_chunk();
    }

    MaskingCase run() {
        MaskingCase results;
        results.track_count = setup_.track_count();
        const double before_mib = resident_mib();
        make_operations();
        analyse();  // a device compiles its programs, memory is touched
        results.memory_mib = resident_mib() - before_mib;
        results.forecast_mib = static_cast<double>(masking_bytes(as_step())) / (1 << 20);
        for (int i = 0; i < options_.repeat_count; ++i) results.wall_s.push_back(run_once());
        backend_.set_profiling(true);
        active_cells_ = 0.0;
        run_once();
        add_stages(backend_.stage_reports(), results);
        backend_.set_profiling(false);
        const double cells = static_cast<double>(setup_.track_count()) * setup_.masking.grid.band_count() *
                             MaskingSetup::slices_per_s;
        results.active_share = active_cells_ / options_.seconds / cells;
        return results;
    }

  private:
    void make_operations() {
        excitation_ = backend_.make_excitation(setup_.shape, setup_.excitation);
        tile_ = backend_.make_excitations(
            {setup_.masking.tile_slices, setup_.track_count(), setup_.masking.grid.band_count()});
        masking_ = backend_.make_masking(setup_.masking);
    }

    MaskingStep as_step() const {
        MaskingStep step;
        step.excitation = setup_.excitation;
        step.views.push_back({setup_.masking, std::make_shared<NoSink>()});
        return step;
    }

    void next_chunk() {
        rows_->advance();
        tracks_->next(samples_, setup_.shape.frame_count);
        rows_->write(0, samples_);
    }

    void analyse() {
        excitation_->process(*rows_, setup_.centres, *tile_, 0);
        masking_->process(*tile_, setup_.masking.tile_slices, result_);
    }

    /// Seconds per second of audio; what brings the audio is not timed.
    double run_once() {
        double wall_s = 0.0;
        for (int second = 0; second < options_.seconds; ++second) {
            next_chunk();
            rows_->read(0, std::span(samples_).first(setup_.shape.frame_count));  // it is there
            const auto start = std::chrono::steady_clock::now();
            analyse();
            wall_s += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            active_cells_ += active_cells(setup_, result_);
        }
        return wall_s / options_.seconds;
    }

    void add_stages(const std::vector<StageReport>& reports, MaskingCase& results) const {
        for (const StageReport& report : reports) {
            if (!report.name.starts_with("excitation") && !report.name.starts_with("masking")) continue;
            results.stages.push_back(
                {report.name, report.seconds / options_.seconds,
                 needed_operations(setup_, report.name, active_cells_ / options_.seconds),
                 static_cast<double>(report.bytes) / options_.seconds});
        }
    }

    Backend& backend_;
    const MaskingOptions& options_;
    MaskingSetup setup_;
    std::unique_ptr<Rows> rows_;
    std::vector<float> samples_;
    std::unique_ptr<MaskingTracks> tracks_;
    std::unique_ptr<Excitation> excitation_;
    std::unique_ptr<Excitations> tile_;
    std::unique_ptr<Masking> masking_;
    MaskingTile result_;
    double active_cells_ = 0.0;
};

PeakRates peaks_of(Backend& backend) {
    if (backend.info().kind == DeviceKind::cpu) return measure_cpu_peaks();
    return {0.0, backend.measure_copy_bytes_per_s()};
}

void write_file(const std::filesystem::path& file, const std::string& text) {
    if (file.empty()) return;
    PendingFile pending(file);
    pending.write(text.data(), text.size());
    pending.commit();
}

}  // namespace

double MaskingCase::x_real_time() const { return 1.0 / summarize(wall_s).median; }

double MaskingCase::pairs_share() const {
    double all_s = 0.0;
    double pairs_s = 0.0;
    for (const MaskingStage& stage : stages) {
        all_s += stage.seconds;
        if (stage.name == pairs_stage) pairs_s += stage.seconds;
    }
    return all_s > 0.0 ? pairs_s / all_s : 0.0;
}

double MaskingCase::track_s() const { return summarize(wall_s).median * (1.0 - pairs_share()) / track_count; }

bool MaskingReport::is_right() const {
    return std::all_of(errors.begin(), errors.end(),
                       [](const MaskingError& e) { return e.error <= most_masking_error; });
}

bool benchmark_masking(const MaskingOptions& options, std::ostream& out) {
    set_thread_count(options.thread_count);
    const std::unique_ptr<BlobStore> cache = open_user_cache();
    const OpenedDevice opened = open_device(options.device, cache.get());
    MaskingReport report;
    report.machine = this_machine();
    report.version = version_text();
    report.version.resize(std::min(report.version.find('\n'), report.version.size()));  // not its libraries'
    report.device = opened.reason;
    report.thread_count = thread_count();
    report.seconds = options.seconds;
    {
        const auto tracks = make_tracks(options, 4);
        report.material = tracks->description();
        report.errors = compare_with_textbook(*opened.backend, *tracks);
    }
    if (report.is_right()) report.peaks = peaks_of(*opened.backend);
    out << masking_heading(report) << std::flush;
    if (report.is_right()) {
        for (const int track_count : options.track_counts) {
            report.cases.push_back(CaseRun(*opened.backend, options, track_count).run());
            out << masking_case_text(report, report.cases.back()) << std::flush;
        }
        out << masking_growth_text(report) << std::flush;
    }
    write_file(options.json, masking_json(report));
    write_file(options.markdown, masking_markdown(report));
    return report.is_right();
}

}  // namespace tutti::bench
