#include "host/file_loudness.hpp"

#include <algorithm>

#include "host/long_term_spectrum.hpp"
#include "host/stem_reader.hpp"

namespace tutti {

FileLoudness measure_loudness(const std::filesystem::path& file, const ListeningLevel& level,
                              Backend& backend) {
    const int rate_hz = read_audio_info(file).sample_rate_hz;
    StemReader reader(file, {.sample_rate_hz = rate_hz, .hint_at_repair = false});
    const std::int64_t frames = reader.frame_count();
    const int channels = reader.channels();

    // A second, or all of a shorter sound; a single frame gets a silent one behind it.
    const std::int64_t heard = std::max<std::int64_t>(frames, 2);
    LongTermSpectrum spectrum(channels, static_cast<int>(std::min<std::int64_t>(heard, rate_hz)), rate_hz);
    LoudnessOverTime over_time(backend, channels, rate_hz, frames, level);
    const int chunk = over_time.chunk_frames();
    std::vector<float> planes(static_cast<std::size_t>(channels) * chunk);
    for (std::int64_t first = 0; first < heard || !over_time.is_done(); first += chunk) {
        reader.read(planes, chunk);
        over_time.add(planes);
        spectrum.add(planes, chunk, static_cast<int>(std::clamp<std::int64_t>(heard - first, 0, chunk)));
    }

    FileLoudness loudness;
    loudness.file = file;
    loudness.channels = channels;
    loudness.sample_rate_hz = rate_hz;
    loudness.duration_s = static_cast<double>(frames) / rate_hz;
    loudness.stationary = stationary_loudness(backend, spectrum.bin_hz(), spectrum.finish(), level);
    loudness.over_time = over_time.result();
    return loudness;
}

}  // namespace tutti
