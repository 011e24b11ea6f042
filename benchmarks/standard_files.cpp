#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

#include "benchmarks/convolution_samples.hpp"
#include "benchmarks/standard_session.hpp"
#include "engine/errors.hpp"
#include "engine/threads.hpp"
#include "host/audio_writer.hpp"
#include "host/session_writer.hpp"
#include "host/stem_reader.hpp"

namespace tutti::bench {

namespace {

namespace fs = std::filesystem;

constexpr int block_frames = 1 << 16;

/// A stem that others are made from.
struct Source {
    int channels = 0;
    std::size_t frame_count = 0;
    std::vector<float> planes;  ///< [channel][frame]
};

Source read_source(const fs::path& file, int sample_rate_hz, std::int64_t most_frames) {
    StemReader reader(file, {sample_rate_hz, true});
    const auto frame_count = static_cast<int>(std::min(reader.frame_count(), most_frames));
    Source source{reader.channels(), static_cast<std::size_t>(frame_count), {}};
    source.planes.resize(static_cast<std::size_t>(source.channels) * source.frame_count);
    reader.read(source.planes, frame_count);
    return source;
}

void write_stem(const fs::path& file, const StandardTrack& track, const Source& source, int sample_rate_hz,
                std::int64_t frame_count) {
    const auto frames = [&](double seconds) { return static_cast<std::size_t>(seconds * sample_rate_hz); };
    const auto gain = static_cast<float>(track.gain);
    AudioWriter writer(file, {FileFormat::wav, SampleFormat::int24, 2, sample_rate_hz}, frame_count);
    std::vector<float> planes(2 * block_frames);
    for (std::int64_t first = 0; first < frame_count; first += block_frames) {
        const auto count =
            static_cast<std::size_t>(std::min<std::int64_t>(block_frames, frame_count - first));
        for (std::size_t channel = 0; channel < 2; ++channel) {
            const bool is_copy = channel == 1 && source.channels == 1;
            const float* const from = &source.planes[is_copy ? 0 : channel * source.frame_count];
            std::size_t at = (static_cast<std::size_t>(first) + frames(track.offset_s) + source.frame_count -
                              (is_copy ? frames(track.spread_s) % source.frame_count : 0)) %
                             source.frame_count;
            for (std::size_t i = 0; i < count; ++i) {
                planes[channel * block_frames + i] = gain * from[at];
                at = at + 1 < source.frame_count ? at + 1 : 0;
            }
        }
        writer.write(planes, static_cast<int>(count), block_frames);
    }
    writer.commit();
}

/// Noise that decays by 60 dB, apart on both sides.
void write_response(const fs::path& file, double seconds, std::uint64_t seed, int sample_rate_hz) {
    const auto frame_count = static_cast<std::size_t>(std::llround(seconds * sample_rate_hz));
    std::vector<float> planes(2 * frame_count);
    for (std::size_t channel = 0; channel < 2; ++channel) {
        fill_with_room(std::span(planes).subspan(channel * frame_count, frame_count), 2 * seed + channel);
    }
    AudioWriter writer(file, {FileFormat::wav, SampleFormat::float32, 2, sample_rate_hz},
                       static_cast<std::int64_t>(frame_count));
    writer.write(planes, static_cast<int>(frame_count), static_cast<int>(frame_count));
    writer.commit();
}

double response_seconds(const fs::path& file) {
    if (file.stem() == "hall") return 2.0;
    return file.stem() == "plate" ? 1.2 : 0.3;
}

std::vector<fs::path> responses_of(const Session& session) {
    std::vector<fs::path> files;
    const auto add = [&](const Strip& strip) {
        for (const Insert& insert : strip.inserts) {
            const auto* const convolution = std::get_if<ConvolutionInsert>(&insert.processor);
            if (convolution != nullptr) files.push_back(convolution->file);
        }
    };
    std::for_each(session.buses.begin(), session.buses.end(), add);
    std::for_each(session.tracks.begin(), session.tracks.end(), add);
    return files;
}

}  // namespace

fs::path write_standard_mix(const StandardRecipe& recipe, const fs::path& folder) {
    const StandardMix mix = standard_mix(recipe, fs::absolute(folder));
    const int sample_rate_hz = mix.session.sample_rate_hz;
    const auto frame_count = static_cast<std::int64_t>(std::llround(recipe.seconds * sample_rate_hz));
    fs::create_directories(folder / "stems");
    fs::create_directories(folder / "irs");

    std::map<fs::path, std::vector<const StandardTrack*>> by_source;
    for (const StandardTrack& track : mix.tracks) by_source[track.source].push_back(&track);
    const std::vector<std::pair<fs::path, std::vector<const StandardTrack*>>> sources(by_source.begin(),
                                                                                      by_source.end());
    parallel_for(static_cast<int>(sources.size()), [&](int i) {
        const auto& [file, tracks] = sources[static_cast<std::size_t>(i)];
        const Source source = read_source(file, sample_rate_hz, frame_count);
        for (const StandardTrack* track : tracks) {
            write_stem(folder / "stems" / track->file_name, *track, source, sample_rate_hz, frame_count);
        }
    });
    const std::vector<fs::path> responses = responses_of(mix.session);
    parallel_for(static_cast<int>(responses.size()), [&](int i) {
        const fs::path& file = responses[static_cast<std::size_t>(i)];
        write_response(file, response_seconds(file), 1000 * recipe.seed + static_cast<std::uint64_t>(i),
                       sample_rate_hz);
    });
    write_text_file(mix.session.path, write_session(mix.session, fs::absolute(folder)));
    return mix.session.path;
}

}  // namespace tutti::bench
