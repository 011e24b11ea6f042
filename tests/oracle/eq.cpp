#include "tests/oracle/eq.hpp"

#include <cmath>
#include <cstdlib>
#include <numbers>

#include "engine/fft.hpp"

namespace tutti::oracle {

using Complex = std::complex<double>;
using std::numbers::pi;

namespace {

/// B_n(s): the table found in every book on filters, as the product over the pole angles.
Complex butterworth(int order, Complex s) {
    Complex product = order % 2 == 1 ? s + 1.0 : 1.0;
    for (int k = 1; k <= order / 2; ++k) {
        const double damping = 2.0 * std::sin(pi * (2.0 * k - 1.0) / (2.0 * order));
        product *= s * s + damping * s + 1.0;
    }
    return product;
}

}  // namespace

Complex analogue_response(const EqBand& band, double freq_hz) {
    const Complex s(0.0, freq_hz / band.freq_hz);
    const double A = std::pow(10.0, band.gain_db / 40.0);
    const double Q = band.q;
    const int order = band.slope_db_per_oct / 6;
    switch (band.shape) {
        case EqShape::bell:
            return (s * s + s * (A / Q) + 1.0) / (s * s + s / (A * Q) + 1.0);
        case EqShape::low_shelf:
            return A * (s * s + (std::sqrt(A) / Q) * s + A) / (A * s * s + (std::sqrt(A) / Q) * s + 1.0);
        case EqShape::high_shelf:
            return A * (A * s * s + (std::sqrt(A) / Q) * s + 1.0) / (s * s + (std::sqrt(A) / Q) * s + A);
        case EqShape::notch:
            return (s * s + 1.0) / (s * s + s / Q + 1.0);
        case EqShape::bandpass:
            return (s / Q) / (s * s + s / Q + 1.0);
        case EqShape::highpass:
            return std::pow(s, order) / butterworth(order, s);
        case EqShape::lowpass:
            return 1.0 / butterworth(order, s);
        case EqShape::tilt:
            return (A * s + 1.0) / (s + A);
    }
    std::abort();
}

Complex fir_response(std::span<const double> taps, double freq_hz, int sample_rate_hz) {
    Complex sum = 0.0;
    for (std::size_t n = 0; n < taps.size(); ++n) {
        sum += taps[n] * std::polar(1.0, -2.0 * pi * freq_hz / sample_rate_hz * static_cast<double>(n));
    }
    return sum;
}

std::vector<Complex> fir_response_on_grid(std::span<const double> taps, int size) {
    DesignFft fft(size);
    std::vector<double> padded(static_cast<std::size_t>(size), 0.0);
    std::copy(taps.begin(), taps.end(), padded.begin());
    std::vector<Complex> half(static_cast<std::size_t>(fft.bin_count()));
    fft.forward(padded, half);
    return half;
}

double minimum_phase_at(std::span<const Complex> half, int at) {
    const int size = 2 * (static_cast<int>(half.size()) - 1);
    double sum = 0.0;
    for (int k = (at + 1) % 2; k < size; k += 2) {
        const double log_magnitude =
            std::log(std::abs(half[static_cast<std::size_t>(std::min(k, size - k))]));
        sum += log_magnitude / std::tan(pi * (at - k) / size);
    }
    return -2.0 / size * sum;
}

}  // namespace tutti::oracle
