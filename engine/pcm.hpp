#pragma once

#include <cstddef>
#include <span>

namespace tutti {

/// How a sample stands in a file that does not compress it.
enum class PcmSample { int16, int24, int32, float32 };
inline constexpr int pcm_sample_kinds = 4;

struct PcmFormat {
    PcmSample sample = PcmSample::int16;
    bool is_big_endian = false;

    int bytes() const { return sample == PcmSample::int16 ? 2 : sample == PcmSample::int24 ? 3 : 4; }
    bool operator==(const PcmFormat&) const = default;
};

/// One channel of interleaved PCM ([frame][channel]) as float: an integer divided by what full scale would
/// be, to the nearest, and of two as near to the even one; a float as it is, bit by bit. `plane`: [frame].
void read_pcm_channel(const PcmFormat& format, std::span<const std::byte> interleaved, int channel_count,
                      int channel, std::span<float> plane);

/// Whether all of a channel's samples are zero, floats of either sign. Stops soon where they are not.
bool is_pcm_silent(const PcmFormat& format, std::span<const std::byte> interleaved, int channel_count,
                   int channel);

}  // namespace tutti
