#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "host/session.hpp"

namespace tutti {

/// An impulse response file, decoded: [channel][frame] at `sample_rate_hz`. Resampled from another rate it is
/// scaled by file rate / sample rate, so that its frequency response stays what it was.
struct ImpulseResponse {
    std::vector<std::vector<double>> channels;  ///< 1, 2 or 4, equally long
    int sample_rate_hz = 0;
    int file_rate_hz = 0;
};

/// Reads an impulse response. A file that is asked for again, unchanged on disk and at the same rate, is not
/// decoded again while the last 32 MiB of responses hold it. Thread-safe. Throws InputError as read_whole()
/// does, and for 3, 5 or more channels.
std::shared_ptr<const ImpulseResponse> read_impulse_response(const std::filesystem::path& file,
                                                             int sample_rate_hz);

/// What the insert's options make of a response: trimmed, shortened with a fade where something was
/// cut (the last F frames, 5 ms, times (1 + cos(pi k / (F + 1))) / 2, k = 1 ... F), normalised by its loudest
/// channel, then its gain. Pre-delay and mix are the fusion's. A silent response stays as it is. Throws
/// InputError when the trim leaves nothing.
std::vector<std::vector<double>> shaped_channels(const ImpulseResponse& response,
                                                 const ConvolutionInsert& insert);

/// Memory that reading and shaping a response takes at most, all of it.
std::uint64_t shaping_bytes(const ImpulseResponse& response, const ConvolutionInsert& insert);

/// The greatest magnitude of a response over all frequencies, within 0.0001 dB.
double peak_magnitude(const std::vector<double>& taps);

}  // namespace tutti
