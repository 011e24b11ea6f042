#include "engine/masking_model.hpp"

#include <algorithm>
#include <cmath>

#include "engine/masking_tables.hpp"

namespace tutti {

namespace {

constexpr double loudest_excitation = 1e10;  ///< where equations 5-9 change to a plain power law
constexpr double loud_exponent = 0.2;

double from_db(double db) { return std::pow(10.0, db / 10.0); }
double to_db(double power) { return 10.0 * std::log10(power); }

/// Points in Hz are read at equal ratios: low-frequency thresholds are nearly straight over log f.
double over_log_hz(std::span<const TablePoint> points, double hz) {
    const auto above = std::upper_bound(points.begin(), points.end(), hz,
                                        [](double x, const TablePoint& point) { return x < point.x; });
    if (above == points.begin() || above == points.end()) return table_value(points, hz);
    const TablePoint& below = *(above - 1);
    return below.y + (above->y - below.y) * std::log(hz / below.x) / std::log(above->x / below.x);
}

/// (G E + A)^alpha and its derivative by E.
double compressed(double excitation, const BandConstants& band) {
    return std::pow(band.g * excitation + band.a, band.alpha);
}
double compressed_slope(double excitation, const BandConstants& band) {
    return band.alpha * band.g * std::pow(band.g * excitation + band.a, band.alpha - 1.0);
}

/// C_2 of equations 19 and 20, so that the power law meets the compressed one at the loudest excitation.
double loud_scale() { return loudness_scale / std::pow(1.0707, loud_exponent); }
double loud(double excitation) { return std::pow(excitation, loud_exponent); }
double loud_slope(double excitation) { return loud_exponent * std::pow(excitation, loud_exponent - 1.0); }

/// A value with its derivatives by target and by masker excitation.
struct Partial {
    double value = 0.0;
    double by_target = 0.0;
    double by_masker = 0.0;
};

struct Point {
    double target, masker, total, threshold;  ///< E_S, E_N, E_T, E_THRN
};

/// Equations 17 and 19: over the masked threshold. The total's loudness less the masker's, which counts less
/// the further the target stands above its threshold.
Partial above_threshold(const Point& e, const BandConstants& band) {
    const bool is_loud = e.total > loudest_excitation;
    const double scale = is_loud ? loud_scale() : loudness_scale;
    const double edge = e.masker + e.threshold;
    const double quiet = compressed(band.threshold, band);
    const double floor = std::pow(band.a, band.alpha);
    const double faded = std::pow(e.threshold / e.target, 0.3);

    const double whole = is_loud ? loud(e.total) : compressed(e.total, band) - floor;
    const double whole_slope = is_loud ? loud_slope(e.total) : compressed_slope(e.total, band);
    const double masked = is_loud ? loud(edge) - quiet + floor : compressed(edge, band) - quiet;
    const double masked_slope = is_loud ? loud_slope(edge) : compressed_slope(edge, band);

    Partial partial;
    partial.value = scale * (whole - masked * faded);
    partial.by_target = scale * (whole_slope + 0.3 * masked * faded / e.target);
    partial.by_masker = scale * (whole_slope - masked_slope * (1.0 + band.k) * faded -
                                 masked * 0.3 * faded * band.k / e.threshold);
    return partial;
}

/// Equations 18 and 20: under the masked threshold. What the target adds to the masker, as a part of what it
/// would add at its threshold, times its loudness there.
Partial below_threshold(const Point& e, const BandConstants& band) {
    const bool is_loud = e.total > loudest_excitation;
    const auto value = [&](double x) { return is_loud ? loud(x) : compressed(x, band); };
    const auto slope = [&](double x) { return is_loud ? loud_slope(x) : compressed_slope(x, band); };
    const double edge = e.masker + e.threshold;
    const double at_threshold = compressed(band.threshold, band) - std::pow(band.a, band.alpha);
    const double rolled = std::pow(2.0 * e.target / (e.target + e.threshold), 1.5);
    const double added = value(e.total) - value(e.masker);
    const double whole = value(edge) - value(e.masker);
    const double per = loudness_scale * at_threshold * rolled / whole;

    Partial partial;
    partial.value = per * added;
    partial.by_target =
        per * (slope(e.total) + added * 1.5 * e.threshold / (e.target * (e.target + e.threshold)));
    partial.by_masker = per * (slope(e.total) - slope(e.masker) -
                               added * (slope(edge) * (1.0 + band.k) - slope(e.masker)) / whole -
                               added * 1.5 * band.k / (e.target + e.threshold));
    return partial;
}

Partial partial(double target, double masker, const BandConstants& band) {
    if (target <= 0.0) return {};
    const Point e{target, masker, target + masker, band.k * masker + band.threshold};
    return e.target >= e.threshold ? above_threshold(e, band) : below_threshold(e, band);
}

}  // namespace

double hz_to_cam(double hz) { return 21.366 * std::log10(0.004368 * hz + 1.0); }
double cam_to_hz(double cam) { return (std::pow(10.0, cam / 21.366) - 1.0) / 0.004368; }
double erb_hz(double hz) { return 24.673 * (0.004368 * hz + 1.0); }

double ear_transfer_db(SoundField field, double hz) {
    const double middle = table_value(middle_ear_table(), hz);
    if (field == SoundField::free) return middle + table_value(free_field_table(), hz);
    if (field == SoundField::diffuse) return middle + table_value(diffuse_field_table(), hz);
    return middle;
}

double roex_upper_slope(double centre_hz) { return 4.0 * centre_hz / erb_hz(centre_hz); }

double roex_lower_slope(double centre_hz, double level_db) {
    const double p = roex_upper_slope(centre_hz);
    return std::max(0.1, p - 0.35 * p / roex_upper_slope(1000.0) * (level_db - 51.0));
}

double roex_weight(double slope, double g) { return (1.0 + slope * g) * std::exp(-slope * g); }

BandConstants band_constants(double centre_hz) {
    BandConstants band;
    band.threshold = from_db(over_log_hz(threshold_excitation_table(), centre_hz));
    band.k = from_db(over_log_hz(k_table(), centre_hz));
    band.g = from_db(threshold_excitation_table().back().y) / band.threshold;
    band.alpha = table_value(alpha_table(), to_db(band.g));
    band.a = table_value(a_table(), to_db(band.g));
    return band;
}

double specific_loudness(double excitation, const BandConstants& band) {
    if (excitation > loudest_excitation) return loud_scale() * loud(excitation);
    const double above = loudness_scale * (compressed(excitation, band) - std::pow(band.a, band.alpha));
    if (excitation >= band.threshold) return above;
    return above * std::pow(2.0 * excitation / (excitation + band.threshold), 1.5);
}

double partial_loudness(double target, double masker, const BandConstants& band) {
    return partial(target, masker, band).value;
}

double partial_loudness_by_masker(double target, double masker, const BandConstants& band) {
    return std::min(0.0, partial(target, masker, band).by_masker);
}

double partial_loudness_by_target(double target, double masker, const BandConstants& band) {
    return partial(target, masker, band).by_target;
}

double audibility(double target, double masker, const BandConstants& band) {
    return target / (band.k * masker + band.threshold);
}

}  // namespace tutti
