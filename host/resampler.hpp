#pragma once

#include <cstdint>
#include <memory>
#include <span>

namespace tutti {

/// Frames that `frame_count` frames become at another rate: round(frame_count * to / from), at least 1 of at
/// least 1.
std::int64_t resampled_frame_count(std::int64_t frame_count, int from_hz, int to_hz);

/// Changes the sample rate of planar audio, stream-wise, aligned in time: input frame 0 is output frame 0
/// (libsoxr, VHQ: pass band to 0.91 of the lower Nyquist frequency, stop band and error below -160 dB of the
/// signal before rounding).
template <typename Sample>
class Resampler {
  public:
    Resampler(int from_hz, int to_hz, int channels);
    ~Resampler();
    Resampler(Resampler&&) noexcept;
    Resampler& operator=(Resampler&&) noexcept;

    struct Moved {
        int used = 0;  ///< input frames taken
        int made = 0;  ///< output frames written
    };

    /// `in` and `out` point to one plane per channel. Takes and gives as much as fits.
    Moved process(std::span<const Sample* const> in, int in_count, std::span<Sample* const> out,
                  int out_count);

    /// After the last input: gives what is left; returns the frames written, 0 at the end.
    int drain(std::span<Sample* const> out, int out_count);

  private:
    struct Stream;
    std::unique_ptr<Stream> stream_;
};

extern template class Resampler<float>;
extern template class Resampler<double>;

}  // namespace tutti
