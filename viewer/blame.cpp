#include "viewer/blame.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/masking_model.hpp"
#include "host/half_float.hpp"

namespace tutti::viewer {

namespace {

constexpr double display_band_cam = 0.5;

float level_power(std::uint8_t level) {
    return level == 0 ? 0.0F : std::pow(10.0F, (0.5F * static_cast<float>(level) - 20.0F) / 10.0F);
}

/// Excitations of both views' objects, from what is kept of the tracks.
class Powers {
  public:
    Powers(const Report& report, const ReportView& view)
        : results_(report.results()), tracks_(report.tracks().shape) {
        for (int i = 0; i < 256; ++i) table_[i] = level_power(static_cast<std::uint8_t>(i));
        members_.resize(view.view->objects.size());
        for (int track = 0; track < tracks_.objects; ++track) {
            const int object = &view == &report.tracks()
                                   ? track
                                   : find_object(*view.view, results_.tracks.objects[track].group);
            if (object >= 0) members_[object].push_back(track);
        }
    }

    float of(int ear, int object, int hop, int band) const {
        float sum = 0.0F;
        for (const int track : members_[object]) {
            sum += table_[results_.excitation[tracks_.excitation(ear, track, hop, band)]];
        }
        return sum;
    }

  private:
    const MaskingResults& results_;
    const MaskingShape& tracks_;
    std::array<float, 256> table_{};
    std::vector<std::vector<int>> members_;  ///< [object]: tracks
};

/// Objects that can mask the target.
std::vector<int> strangers(const ReportView& view, int target) {
    std::vector<int> found;
    for (int i = 0; i < view.shape.objects; ++i) {
        if (!are_relatives(*view.view, target, i)) found.push_back(i);
    }
    return found;
}

Audibility class_of(float margin_db) {
    if (margin_db < 0.0F) return Audibility::inaudible;
    if (margin_db < 6.0F) return Audibility::heavily_masked;
    return margin_db < 15.0F ? Audibility::partly_masked : Audibility::clear;
}

/// 1 at a margin of 0 dB and below, 0 at 15 dB.
double severity(float margin_db) { return std::clamp(1.0 - static_cast<double>(margin_db) / 15.0, 0.0, 1.0); }

/// Positions of cells whose middles lie between two positions.
std::pair<int, int> cells_between(double first, double last, int count) {
    const int begin = std::clamp(static_cast<int>(std::ceil(first - 0.5)), 0, count);
    return {begin, std::clamp(static_cast<int>(std::ceil(last - 0.5)), begin, count)};
}

std::vector<Share> normalized(const std::vector<int>& objects, const std::vector<double>& blame) {
    double sum = 0.0;
    for (const double part : blame) sum += part;
    std::vector<Share> shares;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        if (blame[i] > 0.0) shares.push_back({objects[i], blame[i] / sum});
    }
    std::stable_sort(shares.begin(), shares.end(),
                     [](const auto& a, const auto& b) { return a.share > b.share; });
    return shares;
}

}  // namespace

int hop_at(const MaskingResults& results, double time_s) {
    const int hop = static_cast<int>(std::floor((time_s - results.from_s) / results.hop_s));
    return std::clamp(hop, 0, std::max(0, results.hop_count - 1));
}

double band_position(double cam) {
    static const double first_cam = hz_to_cam(display_band_hz().front()) - display_band_cam / 2.0;
    return (cam - first_cam) / display_band_cam;
}

double band_position_to_cam(double position) {
    static const double first_cam = hz_to_cam(display_band_hz().front()) - display_band_cam / 2.0;
    return first_cam + position * display_band_cam;
}

RegionNumbers region_numbers(const Report& report, const ReportView& view, int target,
                             const Stretch& stretch) {
    const MaskingResults& results = report.results();
    const MaskingShape& shape = view.shape;
    const auto [first_hop, last_hop] =
        cells_between((stretch.from_s - results.from_s) / results.hop_s,
                      (stretch.to_s - results.from_s) / results.hop_s, shape.hops);
    const auto [first_band, last_band] =
        cells_between(band_position(stretch.low_cam), band_position(stretch.high_cam), shape.bands);
    const Powers powers(report, view);
    const std::vector<int> others = strangers(view, target);
    std::vector<double> blame(others.size(), 0.0);
    std::vector<float> at(others.size());
    RegionNumbers numbers;
    double active_count = 0.0;
    for (int hop = first_hop; hop < last_hop; ++hop) {
        bool is_active = false;
        for (int band = first_band; band < last_band; ++band) {
            const float margin = from_half(view.view->margin_db[shape.cell(target, hop, band)]);
            if (std::isnan(margin)) continue;
            is_active = true;
            active_count += 1.0;
            numbers.audibility[static_cast<std::size_t>(class_of(margin))] += 1.0;
            const double weight = severity(margin);
            if (weight == 0.0) continue;
            float sum = 0.0F;
            for (std::size_t i = 0; i < others.size(); ++i) {
                at[i] = powers.of(0, others[i], hop, band) + powers.of(1, others[i], hop, band);
                sum += at[i];
            }
            if (sum == 0.0F) continue;
            for (std::size_t i = 0; i < others.size(); ++i) {
                blame[i] += weight * static_cast<double>(at[i] / sum);
            }
        }
        if (is_active) numbers.active_s += results.hop_s;
    }
    if (active_count > 0.0) {
        for (double& share : numbers.audibility) share /= active_count;
    }
    numbers.maskers = normalized(others, blame);
    return numbers;
}

Spectrum spectrum_at(const Report& report, const ReportView& view, int target, int hop, int most) {
    const MaskingShape& shape = view.shape;
    const Powers powers(report, view);
    const std::vector<int> others = strangers(view, target);
    Spectrum spectrum;
    std::vector<int> ears(static_cast<std::size_t>(shape.bands));
    std::vector<double> blame(others.size(), 0.0);
    for (int band = 0; band < shape.bands; ++band) {
        std::array<double, 2> masking{};
        for (int ear = 0; ear < 2; ++ear) {
            for (const int other : others) masking[ear] += powers.of(ear, other, hop, band);
        }
        const double left = powers.of(0, target, hop, band);
        const double right = powers.of(1, target, hop, band);
        const int ear = right * (masking[0] + 1.0) > left * (masking[1] + 1.0) ? 1 : 0;
        ears[band] = ear;
        const auto level = static_cast<float>(10.0 * std::log10(ear == 0 ? left : right));
        const float margin = from_half(view.view->margin_db[shape.cell(target, hop, band)]);
        spectrum.target_db.push_back(level);
        spectrum.threshold_db.push_back(std::isinf(level) ? std::numeric_limits<float>::quiet_NaN()
                                                          : level - margin);
        if (std::isnan(margin) || masking[ear] == 0.0) continue;
        for (std::size_t i = 0; i < others.size(); ++i) {
            blame[i] += severity(margin) * powers.of(ear, others[i], hop, band) / masking[ear];
        }
    }
    for (const Share& share : normalized(others, blame)) {
        if (static_cast<int>(spectrum.maskers.size()) == most) break;
        Spectrum::Masker masker{share.object, share.share, {}};
        for (int band = 0; band < shape.bands; ++band) {
            masker.level_db.push_back(10.0F * std::log10(powers.of(ears[band], share.object, hop, band)));
        }
        spectrum.maskers.push_back(std::move(masker));
    }
    return spectrum;
}

}  // namespace tutti::viewer
