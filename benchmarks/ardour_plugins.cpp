#include "benchmarks/ardour_plugins.hpp"

#include <algorithm>
#include <cmath>

#include "engine/errors.hpp"

namespace tutti::bench {

namespace {

/// Parameters of ACE EQ (a-eq.lv2): two shelves of Q 0.7071 around four bells.
constexpr int low_shelf_hz_parameter = 0;
constexpr int low_shelf_db_parameter = 1;
constexpr int first_bell_parameter = 2;  // frequency, gain and bandwidth of each
constexpr int bell_count = 4;
constexpr int high_shelf_hz_parameter = 14;
constexpr int high_shelf_db_parameter = 15;
constexpr double most_db = 20.0;

void check_range(const char* what, double value, double low, double high) {
    if (value < low || value > high) {
        throw NotInArdour(std::string(what) + " outside " + std::to_string(low) + " ... " +
                          std::to_string(high));
    }
}

ArdourPlugin plugin_of(const EqInsert& eq) {
    if (eq.phase == EqPhase::linear) throw NotInArdour("a linear-phase EQ");
    ArdourPlugin plugin{"urn:ardour:a-eq", {}};
    int bells = 0;
    bool has_low_shelf = false;
    bool has_high_shelf = false;
    const auto set_shelf = [&](const EqBand& band, bool& is_taken, int hz_parameter, int db_parameter) {
        if (is_taken) throw NotInArdour("two shelves of a kind in one EQ");
        if (std::abs(band.q - 0.7071) > 0.001) throw NotInArdour("a shelf with a Q other than 0.7071");
        is_taken = true;
        plugin.parameters.emplace_back(hz_parameter, band.freq_hz);
        plugin.parameters.emplace_back(db_parameter, band.gain_db);
    };
    for (const EqBand& band : eq.bands) {
        check_range("an EQ band's gain", band.gain_db, -most_db, most_db);
        switch (band.shape) {
            case EqShape::low_shelf:
                set_shelf(band, has_low_shelf, low_shelf_hz_parameter, low_shelf_db_parameter);
                break;
            case EqShape::high_shelf:
                set_shelf(band, has_high_shelf, high_shelf_hz_parameter, high_shelf_db_parameter);
                break;
            case EqShape::bell: {
                if (bells == bell_count) throw NotInArdour("more than four bells in one EQ");
                const int first = first_bell_parameter + 3 * bells++;
                plugin.parameters.emplace_back(first, band.freq_hz);
                plugin.parameters.emplace_back(first + 1, band.gain_db);
                plugin.parameters.emplace_back(first + 2, ace_eq_bandwidth(band.q));
                break;
            }
            default:
                throw NotInArdour("an EQ band that is neither bell nor shelf");
        }
    }
    return plugin;
}

/// ACE Compressor (a-comp.lv2): stereo, linked, by its peaks.
ArdourPlugin plugin_of(const CompressorInsert& compressor) {
    if (!compressor.key.sidechain.empty() || compressor.key.highpass_hz || compressor.key.lowpass_hz ||
        compressor.hold_ms > 0.0 || compressor.lookahead_ms > 0.0 || compressor.mix != 1.0) {
        throw NotInArdour("a compressor with side-chain, key filters, hold, look-ahead or a dry part");
    }
    check_range("a compressor's knee, dB,", compressor.knee_db, 0.0, 8.0);
    check_range("a compressor's makeup, dB,", compressor.makeup_db, 0.0, 30.0);
    return {"urn:ardour:a-comp#stereo",
            {{0, compressor.attack_ms},
             {1, compressor.release_ms},
             {2, compressor.knee_db},
             {3, compressor.ratio},
             {4, compressor.threshold_db},
             {5, compressor.makeup_db}}};
}

/// x42's digital peak limiter, at its four-fold oversampling.
ArdourPlugin plugin_of(const LimiterInsert& limiter) {
    check_range("a limiter's gain, dB,", limiter.gain_db, -10.0, 30.0);
    check_range("a limiter's ceiling, dBTP,", limiter.ceiling_dbtp, -10.0, 0.0);
    return {"http://gareus.org/oss/lv2/dpl#stereo",
            {{1, limiter.gain_db}, {2, limiter.ceiling_dbtp}, {3, 0.001 * limiter.release_ms}, {4, 1.0}}};
}

ArdourPlugin plugin_of(const DelayInsert& /*delay*/) { throw NotInArdour("a delay"); }
ArdourPlugin plugin_of(const GainInsert& /*gain*/) { throw NotInArdour("a gain insert"); }
ArdourPlugin plugin_of(const GateInsert& /*gate*/) { throw NotInArdour("a gate"); }
ArdourPlugin plugin_of(const ConvolutionInsert& /*convolution*/) {
    TUTTI_CHECK(!"a convolution's file becomes a preset first");
    return {};
}

}  // namespace

ArdourPlugin ardour_plugin(const Processor& processor) {
    return std::visit([](const auto& insert) { return plugin_of(insert); }, processor);
}

ArdourPlugin ardour_convolver(const std::string& preset) {
    return {"http://gareus.org/oss/lv2/zeroconvolv#Stereo", {}, preset};
}

double ace_eq_bandwidth(double q) {
    // Its Q is 2^(1/b) / (2^b - 1) (a-eq.c, linear_svf_set_peq()), which falls with b.
    double low = 0.1;
    double high = 4.0;
    for (int i = 0; i < 60; ++i) {
        const double middle = 0.5 * (low + high);
        (std::exp2(1.0 / middle) / (std::exp2(middle) - 1.0) > q ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

}  // namespace tutti::bench
