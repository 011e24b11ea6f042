#include "benchmarks/ffmpeg_filters.hpp"

#include <cmath>
#include <numbers>

#include "engine/errors.hpp"
#include "host/pan.hpp"

namespace tutti::bench {

namespace {

/// Sections of second order at the angles of a Butterworth filter's poles to the real axis, and one of first
/// order when the order is odd.
void add_butterworth(FilterChain& chain, const char* name, const EqBand& band) {
    const int order = band.slope_db_per_oct / 6;
    for (int section = 0; section < order / 2; ++section) {
        const double angle = std::numbers::pi * (2 * section + 1 + order % 2) / (2.0 * order);
        chain.add(name, "=f=", band.freq_hz, ":t=q:w=", 1.0 / (2.0 * std::cos(angle)));
    }
    if (order % 2 == 1) {
        chain.add(name, "=f=", band.freq_hz, ":p=1");
    }
}

FilterChain chain_of(const EqInsert& eq, int /*sample_rate_hz*/) {
    if (eq.phase == EqPhase::linear) {
        throw NotInFfmpeg("a linear-phase EQ");
    }
    FilterChain chain;
    for (const EqBand& band : eq.bands) {
        const auto add_shaped = [&](const char* name) {
            chain.add(name, "=f=", band.freq_hz, ":t=q:w=", band.q, ":g=", band.gain_db);
        };
        switch (band.shape) {
            case EqShape::bell:
                add_shaped("equalizer");
                break;
            case EqShape::low_shelf:
                add_shaped("lowshelf");
                break;
            case EqShape::high_shelf:
                add_shaped("highshelf");
                break;
            case EqShape::highpass:
                add_butterworth(chain, "highpass", band);
                break;
            case EqShape::lowpass:
                add_butterworth(chain, "lowpass", band);
                break;
            case EqShape::notch:
                chain.add("bandreject=f=", band.freq_hz, ":t=q:w=", band.q);
                break;
            case EqShape::bandpass:
                chain.add("bandpass=f=", band.freq_hz, ":t=q:w=", band.q);
                break;
            case EqShape::tilt:
                throw NotInFfmpeg("a tilt EQ");
        }
    }
    return chain;
}

FilterChain chain_of(const DelayInsert& delay, int sample_rate_hz) {
    return FilterChain("adelay=delays=", std::llround(0.001 * delay.delay_ms * sample_rate_hz), "S:all=1");
}

FilterChain chain_of(const GainInsert& gain, int /*sample_rate_hz*/) {
    return FilterChain("volume=", db_to_gain(gain.gain_db) * (gain.invert_polarity ? -1.0 : 1.0));
}

FilterChain chain_of(const CompressorInsert& compressor, int /*sample_rate_hz*/) {
    if (!compressor.key.sidechain.empty() || compressor.key.highpass_hz || compressor.key.lowpass_hz ||
        compressor.hold_ms > 0.0 || compressor.lookahead_ms > 0.0) {
        throw NotInFfmpeg("a compressor with side-chain, key filters, hold or look-ahead");
    }
    // Its times are four time constants and its knee a linear factor (libavfilter/af_sidechaincompress.c).
    return FilterChain("acompressor=threshold=", db_to_gain(compressor.threshold_db),
                       ":ratio=", compressor.ratio, ":attack=", 4.0 * compressor.attack_ms,
                       ":release=", 4.0 * compressor.release_ms, ":knee=", db_to_gain(compressor.knee_db),
                       ":makeup=", db_to_gain(compressor.makeup_db), ":mix=", compressor.mix,
                       ":detection=", compressor.detector == Detector::peak ? "peak" : "rms",
                       ":link=", compressor.stereo_link ? "maximum" : "average");
}

FilterChain chain_of(const LimiterInsert& limiter, int /*sample_rate_hz*/) {
    return FilterChain("alimiter=level_in=", db_to_gain(limiter.gain_db),
                       ":limit=", db_to_gain(limiter.ceiling_dbtp), ":attack=", limiter.lookahead_ms,
                       ":release=", limiter.release_ms, ":level=0:latency=1");
}

FilterChain chain_of(const GateInsert& /*gate*/, int /*sample_rate_hz*/) { throw NotInFfmpeg("a gate"); }

FilterChain chain_of(const ConvolutionInsert& /*convolution*/, int /*sample_rate_hz*/) {
    TUTTI_CHECK(!"a convolution is no filter in a row: it has an input of its own");
    return {};
}

}  // namespace

std::string filters_of(const Processor& processor, int sample_rate_hz) {
    return std::visit([&](const auto& insert) { return chain_of(insert, sample_rate_hz).text(); }, processor);
}

}  // namespace tutti::bench
