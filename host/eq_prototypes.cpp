#include "host/eq_prototypes.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/errors.hpp"

namespace tutti {

namespace {

using Complex = std::complex<double>;
using std::numbers::pi;

constexpr double easing_start = 0.9 * pi;
constexpr double easing_width = 0.1 * pi;
constexpr double easing_reach = easing_width * 2.0 / pi;

/// Roots of a s^2 + b s + c, for b >= 0 and a, c > 0: none of the subtractions cancels.
std::vector<Complex> quadratic_roots(double a, double b, double c) {
    const double discriminant = b * b - 4.0 * a * c;
    if (discriminant < 0.0) {
        const Complex root(-b / (2.0 * a), std::sqrt(-discriminant) / (2.0 * a));
        return {root, std::conj(root)};
    }
    const double q = -0.5 * (b + std::sqrt(discriminant));
    return {q / a, c / q};
}

/// Roots of the Butterworth polynomial whose -3 dB point lies at `radius`.
std::vector<Complex> butterworth_roots(int order, double radius) {
    std::vector<Complex> roots;
    for (int k = 0; k < order / 2; ++k) {
        const Complex root = std::polar(radius, pi * (2.0 * k + order + 1.0) / (2.0 * order));
        roots.push_back(root);
        roots.push_back(std::conj(root));
    }
    if (order % 2 == 1) roots.emplace_back(-radius);
    return roots;
}

int butterworth_order(const EqBand& band) {
    TUTTI_CHECK(band.slope_db_per_oct > 0 && band.slope_db_per_oct % 6 == 0);
    return band.slope_db_per_oct / 6;
}

/// highpass and lowpass with the floor e: |H|^2 + e^2 = ((1 + e^2) w^2n + e^2) / (w^2n + 1) for the highpass,
/// which is again one Butterworth polynomial over another; the lowpass mirrors it.
Prototype floored_pass(const EqBand& band) {
    const int order = butterworth_order(band);
    const double floor = std::pow(10.0, stop_band_floor_db / 20.0);
    const double top = std::sqrt(1.0 + floor * floor);
    const double radius = std::pow(floor / top, 1.0 / order);
    if (band.shape == EqShape::highpass) {
        return {top, butterworth_roots(order, radius), butterworth_roots(order, 1.0)};
    }
    return {floor, butterworth_roots(order, 1.0 / radius), butterworth_roots(order, 1.0)};
}

}  // namespace

Prototype analogue_prototype(const EqBand& band) {
    const double a = std::pow(10.0, band.gain_db / 40.0);
    const double root_a = std::sqrt(a);
    const double damping = 1.0 / band.q;
    switch (band.shape) {
        case EqShape::bell:
            return {1.0, quadratic_roots(1.0, a * damping, 1.0), quadratic_roots(1.0, damping / a, 1.0)};
        case EqShape::low_shelf:
            return {1.0, quadratic_roots(1.0, root_a * damping, a),
                    quadratic_roots(a, root_a * damping, 1.0)};
        case EqShape::high_shelf:
            return {a * a, quadratic_roots(a, root_a * damping, 1.0),
                    quadratic_roots(1.0, root_a * damping, a)};
        case EqShape::notch:
            return {1.0, {Complex(0.0, 1.0), Complex(0.0, -1.0)}, quadratic_roots(1.0, damping, 1.0)};
        case EqShape::bandpass:
            return {damping, {0.0}, quadratic_roots(1.0, damping, 1.0)};
        case EqShape::tilt:
            return {a, {-1.0 / a}, {-a}};
        case EqShape::highpass: {
            const int order = butterworth_order(band);
            return {1.0, std::vector<Complex>(static_cast<std::size_t>(order)),
                    butterworth_roots(order, 1.0)};
        }
        case EqShape::lowpass:
            return {1.0, {}, butterworth_roots(butterworth_order(band), 1.0)};
    }
    TUTTI_CHECK(!"a shape without a prototype");
    return {};
}

Prototype designed_prototype(const EqBand& band, int sample_rate_hz) {
    const bool is_pass = band.shape == EqShape::highpass || band.shape == EqShape::lowpass;
    Prototype prototype = is_pass ? floored_pass(band) : analogue_prototype(band);
    const double scale = 2.0 * pi * band.freq_hz / sample_rate_hz;
    const int excess = static_cast<int>(prototype.poles.size()) - static_cast<int>(prototype.zeros.size());
    prototype.gain *= std::pow(scale, excess);
    for (Complex& zero : prototype.zeros) zero *= scale;
    for (Complex& pole : prototype.poles) pole *= scale;
    return prototype;
}

bool is_neutral(const EqBand& band) {
    switch (band.shape) {
        case EqShape::bell:
        case EqShape::low_shelf:
        case EqShape::high_shelf:
        case EqShape::tilt:
            return band.gain_db == 0.0;
        case EqShape::highpass:
        case EqShape::lowpass:
        case EqShape::notch:
        case EqShape::bandpass:
            return false;
    }
    return false;
}

double eased_angle(double angle) {
    if (angle <= easing_start) return angle;
    return easing_start + easing_reach * std::sin((angle - easing_start) / easing_reach);
}

double eased_angle_slope(double angle) {
    return angle <= easing_start ? 1.0 : std::cos((angle - easing_start) / easing_reach);
}

double angle_of_eased(double eased) {
    if (eased <= easing_start) return eased;
    return easing_start + easing_reach * std::asin(std::min((eased - easing_start) / easing_reach, 1.0));
}

double last_eased_angle() { return easing_start + easing_reach; }

}  // namespace tutti
