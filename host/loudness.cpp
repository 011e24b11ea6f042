#include "host/loudness.hpp"

#include <ebur128.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/errors.hpp"

namespace tutti {

namespace {

constexpr int everything = EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_S | EBUR128_MODE_TRUE_PEAK;

}  // namespace

struct LoudnessMeter::Meter {
    ebur128_state* state;
    LoudnessExtent extent;
    int channels;
    int step_frames;        ///< 100 ms: how often the short-term loudness is read (EBU Tech 3341 section 2.2)
    int step_position = 0;  ///< frames of the current step so far
    double max_short_term_lufs = -std::numeric_limits<double>::infinity();
    std::vector<float> interleaved;  ///< one step: [frame][channel]

    Meter(int channel_count, int sample_rate_hz, LoudnessExtent wanted)
        : state(ebur128_init(static_cast<unsigned>(channel_count), static_cast<unsigned long>(sample_rate_hz),
                             wanted == LoudnessExtent::all ? everything : EBUR128_MODE_I)),
          extent(wanted),
          channels(channel_count),
          step_frames(sample_rate_hz / 10),
          interleaved(static_cast<std::size_t>(step_frames) * static_cast<std::size_t>(channel_count)) {
        if (state == nullptr) {
            throw InputError("loudness cannot be measured at " + std::to_string(sample_rate_hz) + " Hz, " +
                             std::to_string(channel_count) + " channels");
        }
    }
    ~Meter() { ebur128_destroy(&state); }
    Meter(const Meter&) = delete;
    Meter& operator=(const Meter&) = delete;

    void add(const float* interleaved_frames, int count) {
        TUTTI_CHECK(ebur128_add_frames_float(state, interleaved_frames, static_cast<std::size_t>(count)) ==
                    EBUR128_SUCCESS);
        step_position += count;
        if (step_position < step_frames) return;
        step_position = 0;
        if (extent == LoudnessExtent::integrated) return;
        double lufs = 0.0;
        TUTTI_CHECK(ebur128_loudness_shortterm(state, &lufs) == EBUR128_SUCCESS);
        max_short_term_lufs = std::max(max_short_term_lufs, lufs);
    }
};

LoudnessMeter::LoudnessMeter(int channels, int sample_rate_hz, LoudnessExtent extent)
    : meter_(std::make_unique<Meter>(channels, sample_rate_hz, extent)) {}
LoudnessMeter::~LoudnessMeter() = default;

void LoudnessMeter::add(std::span<const float> planes, int count, int stride) {
    const int channels = meter_->channels;
    for (int start = 0; start < count;) {
        const int piece = std::min(count - start, meter_->step_frames - meter_->step_position);
        for (int c = 0; c < channels; ++c) {
            const float* plane = planes.data() + static_cast<std::ptrdiff_t>(c) * stride + start;
            for (int i = 0; i < piece; ++i)
                meter_->interleaved[static_cast<std::size_t>(i * channels + c)] = plane[i];
        }
        meter_->add(meter_->interleaved.data(), piece);
        start += piece;
    }
}

Loudness LoudnessMeter::result() const {
    Loudness loudness;
    TUTTI_CHECK(ebur128_loudness_global(meter_->state, &loudness.integrated_lufs) == EBUR128_SUCCESS);
    if (meter_->extent == LoudnessExtent::integrated) return loudness;
    TUTTI_CHECK(ebur128_loudness_range(meter_->state, &loudness.range_lu) == EBUR128_SUCCESS);
    double peak = 0.0;
    for (int c = 0; c < meter_->channels; ++c) {
        double channel_peak = 0.0;
        TUTTI_CHECK(ebur128_true_peak(meter_->state, static_cast<unsigned>(c), &channel_peak) ==
                    EBUR128_SUCCESS);
        peak = std::max(peak, channel_peak);
    }
    loudness.true_peak_dbtp = 20.0 * std::log10(peak);
    loudness.max_short_term_lufs = meter_->max_short_term_lufs;
    return loudness;
}

}  // namespace tutti
