#include "host/resampler.hpp"

#include <soxr.h>

#include <algorithm>
#include <string>
#include <type_traits>

#include "engine/errors.hpp"

namespace tutti {

std::int64_t resampled_frame_count(std::int64_t frame_count, int from_hz, int to_hz) {
    // In two parts, so that the products stay far below 2^63.
    const std::int64_t whole = frame_count / from_hz * to_hz;
    const std::int64_t rest = (frame_count % from_hz * 2 * to_hz + from_hz) / (2 * std::int64_t{from_hz});
    return std::max(whole + rest, std::min<std::int64_t>(frame_count, 1));
}

template <typename Sample>
struct Resampler<Sample>::Stream {
    soxr_t soxr = nullptr;

    Stream(int from_hz, int to_hz, int channels) {
        const soxr_datatype_t type = std::is_same_v<Sample, float> ? SOXR_FLOAT32_S : SOXR_FLOAT64_S;
        const soxr_io_spec_t io = soxr_io_spec(type, type);
        // The default roll-off falls by 0.007 dB towards the end of the pass band, an error of -62 dB;
        // without it the pass band is flat. The exact clock keeps ratios that are no small fraction from
        // drifting over hours.
        const soxr_quality_spec_t quality =
            soxr_quality_spec(SOXR_VHQ, SOXR_ROLLOFF_NONE | SOXR_HI_PREC_CLOCK);
        const soxr_runtime_spec_t one_thread = soxr_runtime_spec(1);
        soxr_error_t error = nullptr;
        soxr =
            soxr_create(from_hz, to_hz, static_cast<unsigned>(channels), &error, &io, &quality, &one_thread);
        if (error != nullptr) fail(error);
    }
    ~Stream() { soxr_delete(soxr); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    [[noreturn]] static void fail(soxr_error_t error) {
        throw InputError(std::string("resampling failed: ") + error);
    }
};

template <typename Sample>
Resampler<Sample>::Resampler(int from_hz, int to_hz, int channels)
    : stream_(std::make_unique<Stream>(from_hz, to_hz, channels)) {}
template <typename Sample>
Resampler<Sample>::~Resampler() = default;
template <typename Sample>
Resampler<Sample>::Resampler(Resampler&&) noexcept = default;
template <typename Sample>
Resampler<Sample>& Resampler<Sample>::operator=(Resampler&&) noexcept = default;

template <typename Sample>
typename Resampler<Sample>::Moved Resampler<Sample>::process(std::span<const Sample* const> in, int in_count,
                                                             std::span<Sample* const> out, int out_count) {
    std::size_t used = 0;
    std::size_t made = 0;
    const soxr_error_t error =
        soxr_process(stream_->soxr, in.data(), static_cast<std::size_t>(in_count), &used,
                     const_cast<Sample**>(out.data()), static_cast<std::size_t>(out_count), &made);
    if (error != nullptr) Stream::fail(error);
    return {static_cast<int>(used), static_cast<int>(made)};
}

template <typename Sample>
int Resampler<Sample>::drain(std::span<Sample* const> out, int out_count) {
    std::size_t made = 0;
    const soxr_error_t error =
        soxr_process(stream_->soxr, nullptr, 0, nullptr, const_cast<Sample**>(out.data()),
                     static_cast<std::size_t>(out_count), &made);
    if (error != nullptr) Stream::fail(error);
    return static_cast<int>(made);
}

template class Resampler<float>;
template class Resampler<double>;

}  // namespace tutti
