#include "host/track_feed.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/threads.hpp"
#include "engine/trace.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

std::optional<PcmFormat> pcm_of_row(const RenderPlan& plan, int first_row) {
    const auto is_there = [&](const PcmSource& source) { return source.first_row == first_row; };
    const auto found = std::find_if(plan.pcm_sources.begin(), plan.pcm_sources.end(), is_there);
    return found != plan.pcm_sources.end() ? std::optional(found->format) : std::nullopt;
}

}  // namespace

TrackFeed::TrackFeed(const MixPlan& plan, const Session& session, bool repair_nonfinite,
                     std::int64_t first_frame)
    : chunk_frames_(plan.render.shape.frame_count), first_frame_(first_frame), next_frame_(first_frame) {
    const int count = static_cast<int>(plan.sources.size());
    std::vector<std::optional<StemReader>> readers(count);
    const TraceScope scope("open stems");
    parallel_for(count, [&](int i) {
        const Track& track = session.tracks[plan.sources[i].track];
        readers[i].emplace(track.file, StemOptions{session.sample_rate_hz, repair_nonfinite});
        const std::int64_t start = std::llround(track.start_s * session.sample_rate_hz);
        if (first_frame > start)
            readers[i]->skip_to(std::min(first_frame - start, readers[i]->frame_count()));
    });
    for (int i = 0; i < count; ++i) {
        const Track& track = session.tracks[plan.sources[i].track];
        const std::optional<PcmFormat> pcm = pcm_of_row(plan.render, plan.sources[i].first_row);
        if (pcm && readers[i]->pcm_format() != pcm) {
            throw InputError(printable(track.file.string()) + ": was replaced while it was being read");
        }
        stems_.push_back({track.name, std::move(*readers[i]),
                          std::llround(track.start_s * session.sample_rate_hz), plan.sources[i].first_row,
                          pcm});
    }
}

void TrackFeed::read(std::span<float> rows) {
    parallel_for(static_cast<int>(stems_.size()), [&](int i) {
        Stem& stem = stems_[i];
        const std::size_t first = static_cast<std::size_t>(stem.first_row) * chunk_frames_;
        const std::span<float> room =
            rows.subspan(first, static_cast<std::size_t>(stem.reader.channels()) * chunk_frames_);
        if (stem.pcm) {
            read_pcm(stem, std::as_writable_bytes(room));
        } else {
            read_stem(stem, room);
        }
    });
    next_frame_ += chunk_frames_;
}

/// Of this chunk, before the stem begins.
int TrackFeed::frames_before(const Stem& stem) const {
    return static_cast<int>(std::clamp<std::int64_t>(stem.start_frame - next_frame_, 0, chunk_frames_));
}

/// In front of the room that its rows will take as floats.
void TrackFeed::read_pcm(Stem& stem, std::span<std::byte> room) const {
    const auto frame_bytes = static_cast<std::size_t>(stem.pcm->bytes() * stem.reader.channels());
    const std::span<std::byte> bytes = room.first(frame_bytes * chunk_frames_);
    const std::size_t silent = frame_bytes * frames_before(stem);
    std::fill_n(bytes.begin(), silent, std::byte{0});
    stem.reader.read_pcm(bytes.subspan(silent));
}

void TrackFeed::read_stem(Stem& stem, std::span<float> planes) const {
    const int silent = frames_before(stem);
    const int count = chunk_frames_ - silent;
    if (silent == 0) {
        stem.reader.read(planes, count);
        return;
    }
    // The file begins inside or behind this chunk: read it to the front, then move every channel to its
    // place.
    if (count > 0)
        stem.reader.read(planes.first(static_cast<std::size_t>(stem.reader.channels()) * count), count);
    for (int c = stem.reader.channels() - 1; c >= 0; --c) {
        float* const plane = planes.data() + static_cast<std::size_t>(c) * chunk_frames_;
        const float* const read = planes.data() + static_cast<std::size_t>(c) * count;
        std::copy_backward(read, read + count, plane + chunk_frames_);
        std::fill(plane, plane + silent, 0.0F);
    }
}

bool TrackFeed::has_read_all(const Stem& stem) const {
    return first_frame_ <= stem.start_frame && next_frame_ >= stem.start_frame + stem.reader.frame_count();
}

std::vector<std::string> TrackFeed::findings() const {
    std::vector<std::string> lines;
    for (const Stem& stem : stems_) {
        const StemReader::Findings found = stem.reader.findings();
        const std::string track = "track \"" + stem.name + "\": ";
        if (found.nonfinite_count > 0) {
            lines.push_back(track + std::to_string(found.nonfinite_count) +
                            " samples that are no numbers became 0");
        }
        if (found.clipped_count > 0) {
            lines.push_back(track + "clipped in its file at " + std::to_string(found.clipped_count) +
                            " places");
        }
        if (found.peak == 0.0F && has_read_all(stem)) lines.push_back(track + "silent");
    }
    return lines;
}

}  // namespace tutti
