#include "benchmarks/masking_thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <random>
#include <utility>

#include "engine/masking_analysis.hpp"
#include "host/masking_calibration.hpp"

namespace tutti::bench {

namespace {

constexpr int rate_hz = 48000;
constexpr int chunk_frames = 9600;
constexpr double full_scale_spl_db = 110.0;
constexpr double noise_db = 40.0;  ///< per hertz
constexpr double sweep_db = 8.0;
constexpr int hop_slices = 25;

/// ISO/PAS 20065:2016: level of a just audible tone over the level of the noise in 1 Hz.
const std::vector<MaskedThreshold> standard{{250.0, 18.1, 0.0},  {500.0, 18.4, 0.0},  {1000.0, 19.3, 0.0},
                                            {2000.0, 21.3, 0.0}, {4000.0, 24.1, 0.0}, {8000.0, 27.3, 0.0}};

/// Amplitude of a sine at that sound pressure level.
double amplitude_of(double spl_db) { return std::pow(10.0, (spl_db - full_scale_spl_db) / 20.0); }

/// Row 0: noise; rows 1 ...: the tones.
class Sounds {
  public:
    explicit Sounds(double seconds) : seconds_(seconds) {}

    void next(std::vector<float>& planes) {
        // A sine has a mean square of half its amplitude squared, uniform noise a third.
        const double noise_amplitude =
            amplitude_of(noise_db + 10.0 * std::log10(rate_hz / 2.0)) * std::sqrt(1.5);
        for (int i = 0; i < chunk_frames; ++i, ++frame_) {
            const double t = static_cast<double>(frame_) / rate_hz;
            planes[i] = static_cast<float>(noise_amplitude * (random_() / 2147483648.0 - 1.0));
            for (std::size_t tone = 0; tone < standard.size(); ++tone) {
                const double over_noise_db =
                    standard[tone].standard_db + sweep_db * (2.0 * t / seconds_ - 1.0);
                planes[(tone + 1) * chunk_frames + i] =
                    static_cast<float>(amplitude_of(noise_db + over_noise_db) *
                                       std::sin(2.0 * std::numbers::pi * standard[tone].hz * t));
            }
        }
    }

  private:
    double seconds_;
    std::int64_t frame_ = 0;
    std::mt19937 random_{1};
};

/// Keeps the margin of every object's best band, hop by hop.
class BestMargins : public MaskingSink {
  public:
    BestMargins(int object_count, int band_count) : band_count_(band_count), margins_(object_count) {}

    void take(const MaskingTile& tile) override {
        for (std::size_t object = 0; object < margins_.size(); ++object) {
            const auto first = tile.margin_db.begin() + static_cast<std::ptrdiff_t>(object * band_count_);
            double best = -1e9;
            // NaN, where nothing is active, is never greater.
            for (auto band = first; band != first + band_count_; ++band) {
                if (*band > best) best = *band;
            }
            margins_[object].push_back(best);
        }
    }

    const std::vector<double>& of(std::size_t object) const { return margins_[object]; }

  private:
    int band_count_;
    std::vector<std::vector<double>> margins_;  ///< [object][hop]
};

/// Tones do not mask each other, so that all are found at once.
MaskingStep analysis_of(std::int64_t slice_count, const std::shared_ptr<BestMargins>& sink,
                        const MaskingGrid& grid) {
    MaskingStep step;
    step.excitation.sample_rate_hz = rate_hz;
    step.excitation.grid = grid;
    step.excitation.cochlea_gains =
        cochlea_gains(full_scale_spl_db, SoundField::free, step.excitation.grid.component_hz);
    step.excitation.most_slices = hop_slices;
    step.slice_count = slice_count;
    MaskingPlan masking;
    masking.grid = grid;
    masking.hop_slices = masking.tile_slices = hop_slices;
    const int rows = static_cast<int>(standard.size()) + 1;
    masking.excitation_count = rows;
    for (int row = 0; row < rows; ++row) {
        step.excitation.objects.push_back({.rows = {row, row}, .weights = {}});
        masking.objects.push_back({row});
        std::vector<int>& relatives = masking.relatives.emplace_back();
        for (int other = 1; row > 0 && other < rows; ++other) {
            if (other != row) relatives.push_back(other);
        }
    }
    step.views.push_back({masking, sink});
    return step;
}

/// Where the least-squares line through y over evenly spaced x in -1 ... 1 crosses 0.
double zero_of(const std::vector<double>& y) {
    double sum_x = 0.0, sum_y = 0.0, sum_xx = 0.0, sum_xy = 0.0;
    const auto count = static_cast<double>(y.size());
    for (std::size_t i = 0; i < y.size(); ++i) {
        const double x = (2.0 * static_cast<double>(i) + 1.0) / count - 1.0;
        sum_x += x;
        sum_y += y[i];
        sum_xx += x * x;
        sum_xy += x * y[i];
    }
    const double slope = (sum_xy - sum_x * sum_y / count) / (sum_xx - sum_x * sum_x / count);
    return (sum_x - sum_y / slope) / count;
}

}  // namespace

std::vector<MaskedThreshold> find_masked_thresholds(Backend& backend, int seconds) {
    const MaskingGrid grid = masking_grid(rate_hz, GridKind::usual);
    const int rows = static_cast<int>(standard.size()) + 1;
    const RowsShape shape{
        .row_count = rows, .frame_count = chunk_frames, .history_count = masking_history(grid, rate_hz)};
    const auto sink = std::make_shared<BestMargins>(rows, grid.display_band_count());
    const std::unique_ptr<Rows> samples = backend.make_rows(shape);
    const std::int64_t slice_count = std::int64_t{100} * seconds;
    MaskingAnalysis analysis(backend, shape, analysis_of(slice_count, sink, grid));
    Sounds sounds(seconds);
    std::vector<float> planes(static_cast<std::size_t>(rows) * chunk_frames);
    const std::size_t hops = static_cast<std::size_t>(slice_count) / hop_slices;
    while (sink->of(0).size() < hops) {
        sounds.next(planes);
        samples->write(0, planes);
        analysis.process(*samples);
        samples->advance();
    }
    std::vector<MaskedThreshold> thresholds = standard;
    for (std::size_t tone = 0; tone < thresholds.size(); ++tone) {
        thresholds[tone].found_db = thresholds[tone].standard_db + sweep_db * zero_of(sink->of(tone + 1));
    }
    return thresholds;
}

}  // namespace tutti::bench
