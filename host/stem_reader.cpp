#include "host/stem_reader.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

#include "host/resampler.hpp"
#include "host/sample_check.hpp"
#include "host/sound_file.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

/// Frames decoded at a time: two channels of it stay in the second-level cache.
constexpr int block_frames = 16384;

constexpr int most_stem_channels = 2;

using Planes = std::array<float*, most_stem_channels>;

[[noreturn]] void fail_nonfinite(const std::filesystem::path& file, std::int64_t frame, int channel,
                                 double sample, bool may_repair) {
    throw InputError(printable(file.string()) + ": frame " + std::to_string(frame) + ", channel " +
                     std::to_string(channel + 1) + " is " +
                     (std::isnan(sample) ? "not a number" : "infinite") + "; samples must be finite" +
                     (may_repair ? " (hint: --repair-nonfinite replaces them by zero)" : ""));
}

[[noreturn]] void fail_channels(const SoundFile& source, const std::string& allowed) {
    throw InputError(printable(source.path().string()) + ": has " + std::to_string(source.info().channels) +
                     " channels; " + allowed);
}

/// Room for a block of interleaved samples: the calling thread's, not one for each of many files.
std::span<float> block_of_thread(int samples) {
    thread_local std::vector<float> block(std::size_t{block_frames} * most_stem_channels);
    return std::span(block).first(static_cast<std::size_t>(samples));
}

void deinterleave(std::span<const float> interleaved, const Planes& planes) {
    const std::size_t frames = interleaved.size() / 2;
    for (std::size_t i = 0; i < frames; ++i) {
        planes[0][i] = interleaved[2 * i];
        planes[1][i] = interleaved[2 * i + 1];
    }
}

}  // namespace

AudioInfo read_audio_info(const std::filesystem::path& file) { return SoundFile(file).info(); }

struct StemReader::File {
    SoundFile source;
    StemOptions options;
    int channels;
    std::int64_t source_frame_count;
    std::int64_t frame_count;          ///< at the session's rate
    std::int64_t position = 0;         ///< at the session's rate
    std::int64_t source_position = 0;  ///< frames decoded so far
    Findings findings;
    std::vector<ClippedRuns> clipped_runs;
    std::vector<float> decoded;  ///< [channel][block_frames], at the file's own rate, waiting to be resampled
    int decoded_begin = 0;
    int decoded_end = 0;
    std::optional<Resampler<float>> resampler;

    File(const std::filesystem::path& file, const StemOptions& wanted)
        : source(file),
          options(wanted),
          channels(source.info().channels),
          source_frame_count(source.info().frame_count),
          frame_count(resampled_frame_count(source_frame_count, source.info().sample_rate_hz,
                                            wanted.sample_rate_hz)) {
        if (channels > most_stem_channels) fail_channels(source, "a stem is mono or stereo");
        clipped_runs.assign(static_cast<std::size_t>(channels), ClippedRuns(source.full_scale()));
        if (source.info().sample_rate_hz != wanted.sample_rate_hz) {
            decoded.resize(std::size_t{block_frames} * static_cast<std::size_t>(channels));
            resampler.emplace(source.info().sample_rate_hz, wanted.sample_rate_hz, channels);
        }
    }

    Planes decoded_planes(int first) {
        Planes planes{};
        for (int c = 0; c < channels; ++c) planes[c] = decoded.data() + c * block_frames + first;
        return planes;
    }

    /// Decodes the next `count` <= block_frames frames of the file to `planes` and looks at every sample.
    void decode(const Planes& planes, int count) {
        if (channels == 1) {
            source.read(std::span(planes[0], static_cast<std::size_t>(count)));
        } else {
            const std::span<float> block = block_of_thread(2 * count);
            source.read(block);
            deinterleave(block, planes);
        }
        for (int c = 0; c < channels; ++c) examine({planes[c], static_cast<std::size_t>(count)}, c);
        source_position += count;
    }

    void examine(std::span<float> plane, int channel) {
        float peak = peak_magnitude(plane);
        if (!std::isfinite(peak)) {
            if (!options.repair_nonfinite) {
                const std::size_t index = first_nonfinite(plane);
                fail_nonfinite(source.path(), source_position + static_cast<std::int64_t>(index), channel,
                               plane[index], options.hint_at_repair);
            }
            findings.nonfinite_count += zero_nonfinite(plane);
            peak = peak_magnitude(plane);
        }
        findings.peak = std::max(findings.peak, peak);
        findings.clipped_count += clipped_runs[static_cast<std::size_t>(channel)].count(plane, peak);
    }

    /// Up to `count` frames at the session's rate that are the file's own; 0 at the end.
    int read_some(const Planes& planes, int count) {
        if (resampler) return resample(planes, count);
        const int here = static_cast<int>(
            std::min<std::int64_t>({count, block_frames, source_frame_count - source_position}));
        if (here > 0) decode(planes, here);
        return here;
    }

    int resample(const Planes& planes, int count) {
        const std::span<float* const> out(planes.data(), static_cast<std::size_t>(channels));
        while (true) {
            if (decoded_begin == decoded_end && !refill()) return resampler->drain(out, count);
            const Planes waiting = decoded_planes(decoded_begin);
            const std::array<const float*, most_stem_channels> in{waiting[0], waiting[1]};
            const auto moved = resampler->process({in.data(), static_cast<std::size_t>(channels)},
                                                  decoded_end - decoded_begin, out, count);
            decoded_begin += moved.used;
            if (moved.made > 0) return moved.made;
        }
    }

    bool refill() {
        const int next =
            static_cast<int>(std::min<std::int64_t>(block_frames, source_frame_count - source_position));
        if (next == 0) return false;
        decode(decoded_planes(0), next);
        decoded_begin = 0;
        decoded_end = next;
        return true;
    }

    /// `planes`: [channel], each with room for `count` frames.
    void read(const Planes& planes, int count) {
        const int wanted = static_cast<int>(std::clamp<std::int64_t>(frame_count - position, 0, count));
        int done = 0;
        while (done < wanted) {
            Planes rest{};
            for (int c = 0; c < channels; ++c) rest[c] = planes[c] + done;
            const int got = read_some(rest, wanted - done);
            if (got == 0) break;
            done += got;
        }
        for (int c = 0; c < channels; ++c) std::fill(planes[c] + done, planes[c] + count, 0.0F);
        position += count;
    }

    /// Whole frames; `bytes` holds a whole number of them.
    void read_pcm(const PcmFormat& format, std::span<std::byte> bytes) {
        const auto frame_bytes = static_cast<std::size_t>(format.bytes() * channels);
        const auto count = static_cast<std::int64_t>(bytes.size() / frame_bytes);
        const std::int64_t wanted = std::clamp<std::int64_t>(frame_count - position, 0, count);
        // In the blocks of read(), so that it finds the same first.
        for (std::int64_t done = 0; done < wanted;) {
            const int here = static_cast<int>(std::min<std::int64_t>(block_frames, wanted - done));
            const auto block = bytes.first(static_cast<std::size_t>(here) * frame_bytes);
            source.read(block);
            examine_pcm(format, block, here);
            source_position += here;
            done += here;
            bytes = bytes.subspan(block.size());
        }
        std::fill(bytes.begin(), bytes.end(), std::byte{0});
        position += count;
    }

    void examine_pcm(const PcmFormat& format, std::span<std::byte> block, int count) {
        const PcmLook look = look_at_pcm(format, block);
        if (!look.is_odd) {
            findings.peak = std::max(findings.peak, look.peak);
            for (ClippedRuns& runs : clipped_runs) runs.interrupt();
            return;
        }
        const std::int64_t nonfinite_before = findings.nonfinite_count;
        const std::span<float> plane = block_of_thread(count);
        for (int c = 0; c < channels; ++c) {
            read_pcm_channel(format, block, channels, c, plane);
            examine(plane, c);
        }
        if (findings.nonfinite_count > nonfinite_before) zero_nonfinite(format, block);
    }

    void skip_by_seeking(std::int64_t frame) {
        const std::int64_t target = std::min(frame, source_frame_count);
        // At the very end there is nothing to seek to and nothing to read.
        if (target < source_frame_count) source.seek(target);
        source_position = target;
        position = frame;
    }

    void skip_by_reading(std::int64_t frame) {
        std::vector<float> unheard(std::size_t{block_frames} * static_cast<std::size_t>(channels));
        Planes planes{};
        for (int c = 0; c < channels; ++c) planes[c] = unheard.data() + c * block_frames;
        const Findings before = findings;
        const std::int64_t last = std::min(frame, frame_count);
        while (position < last)
            read(planes, static_cast<int>(std::min<std::int64_t>(block_frames, last - position)));
        position = frame;
        findings = before;
    }
};

StemReader::StemReader(const std::filesystem::path& file, const StemOptions& options)
    : file_(std::make_unique<File>(file, options)) {}
StemReader::~StemReader() = default;
StemReader::StemReader(StemReader&&) noexcept = default;
StemReader& StemReader::operator=(StemReader&&) noexcept = default;

int StemReader::channels() const { return file_->channels; }
std::int64_t StemReader::frame_count() const { return file_->frame_count; }
StemReader::Findings StemReader::findings() const { return file_->findings; }

void StemReader::read(std::span<float> planes, int count) {
    TUTTI_CHECK(count >= 0 &&
                planes.size() >= static_cast<std::size_t>(count) * static_cast<std::size_t>(channels()));
    Planes starts{};
    for (int c = 0; c < channels(); ++c) starts[c] = planes.data() + static_cast<std::ptrdiff_t>(c) * count;
    file_->read(starts, count);
}

std::optional<PcmFormat> StemReader::pcm_format() const {
    return file_->resampler ? std::nullopt : file_->source.info().pcm;
}

void StemReader::read_pcm(std::span<std::byte> bytes) {
    const std::optional<PcmFormat> format = pcm_format();
    TUTTI_CHECK(format && bytes.size() % static_cast<std::size_t>(format->bytes() * channels()) == 0);
    file_->read_pcm(*format, bytes);
}

void StemReader::skip_to(std::int64_t frame) {
    TUTTI_CHECK(frame >= file_->position);
    if (frame == file_->position) return;
    if (!file_->resampler && file_->source.seeks_exactly()) {
        file_->skip_by_seeking(frame);
    } else {
        file_->skip_by_reading(frame);
    }
}

namespace {

using DoublePlanes = std::vector<std::vector<double>>;

/// Grows with what is decoded, so that a header cannot claim memory that the file does not fill.
DoublePlanes decode_whole(SoundFile& source) {
    const auto channels = static_cast<std::size_t>(source.info().channels);
    const std::int64_t frames = source.info().frame_count;
    DoublePlanes planes(channels);
    std::vector<double> block(block_frames * channels);
    for (std::int64_t start = 0; start < frames; start += block_frames) {
        const auto count = static_cast<std::size_t>(std::min<std::int64_t>(block_frames, frames - start));
        source.read(std::span(block).first(count * channels));
        for (std::size_t i = 0; i < count * channels; ++i) {
            const std::size_t channel = i % channels;
            if (!std::isfinite(block[i])) {
                fail_nonfinite(source.path(), start + static_cast<std::int64_t>(i / channels),
                               static_cast<int>(channel), block[i], false);
            }
            planes[channel].push_back(block[i]);
        }
    }
    return planes;
}

std::vector<double> resample_whole(const std::vector<double>& in, int from_hz, int to_hz) {
    Resampler<double> resampler(from_hz, to_hz, 1);
    std::vector<double> out(static_cast<std::size_t>(
        resampled_frame_count(static_cast<std::int64_t>(in.size()), from_hz, to_hz)));
    std::size_t used = 0;
    std::size_t made = 0;
    while (made < out.size()) {
        const double* source = in.data() + used;
        double* target = out.data() + made;
        const int room = static_cast<int>(std::min<std::size_t>(block_frames, out.size() - made));
        const int rest = static_cast<int>(std::min<std::size_t>(block_frames, in.size() - used));
        const auto moved = rest > 0 ? resampler.process({&source, 1}, rest, {&target, 1}, room)
                                    : Resampler<double>::Moved{0, resampler.drain({&target, 1}, room)};
        if (rest == 0 && moved.made == 0) break;
        used += static_cast<std::size_t>(moved.used);
        made += static_cast<std::size_t>(moved.made);
    }
    return out;
}

}  // namespace

std::vector<std::vector<double>> read_whole(const std::filesystem::path& file, int sample_rate_hz,
                                            int max_channels) {
    SoundFile source(file);
    if (source.info().channels > max_channels) {
        fail_channels(source, "at most " + std::to_string(max_channels) + " can be used here");
    }
    DoublePlanes planes = decode_whole(source);
    const int own_rate_hz = source.info().sample_rate_hz;
    if (own_rate_hz != sample_rate_hz) {
        for (std::vector<double>& plane : planes) plane = resample_whole(plane, own_rate_hz, sample_rate_hz);
    }
    return planes;
}

}  // namespace tutti
