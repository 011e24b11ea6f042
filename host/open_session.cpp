#include <algorithm>
#include <cmath>
#include <sstream>

#include "engine/threads.hpp"
#include "engine/trace.hpp"
#include "host/render.hpp"
#include "host/stem_reader.hpp"

namespace tutti {

namespace {

std::int64_t frames_at(int rate_hz, const AudioInfo& info) {
    if (info.sample_rate_hz == rate_hz) return info.frame_count;
    return std::llround(static_cast<double>(info.frame_count) * rate_hz / info.sample_rate_hz);
}

}  // namespace

OpenedSession open_session(const std::filesystem::path& file, const Warn& warn) {
    const TraceScope scope("read session");
    OpenedSession opened{read_session(file), {}, {}, 0};
    const Session& session = opened.session;
    const int count = static_cast<int>(session.tracks.size());
    std::vector<AudioInfo> infos(count);
    std::vector<std::string> problems(count);
    parallel_for(count, [&](int i) {
        try {
            infos[i] = read_audio_info(session.tracks[i].file);
            if (infos[i].channels > 2) {
                problems[i] = session.tracks[i].file.string() + ": " + std::to_string(infos[i].channels) +
                              " channels; a stem is mono or stereo";
            }
        } catch (const InputError& error) {
            problems[i] = error.what();
        }
    });
    std::ostringstream all;
    for (int i = 0; i < count; ++i) {
        if (problems[i].empty()) continue;
        const Track& track = session.tracks[i];
        all << (all.tellp() > 0 ? "\n" : "") << file.string() << ":" << track.file_place.line << ":"
            << track.file_place.column << ": track \"" << track.name << "\": " << problems[i];
    }
    if (all.tellp() > 0) throw InputError(all.str());
    for (int i = 0; i < count; ++i) {
        if (infos[i].sample_rate_hz != session.sample_rate_hz) {
            warn("track \"" + session.tracks[i].name + "\": " + session.tracks[i].file.filename().string() +
                 " is at " + std::to_string(infos[i].sample_rate_hz) + " Hz and is resampled to " +
                 std::to_string(session.sample_rate_hz) + " Hz");
        }
        const bool is_resampled = infos[i].sample_rate_hz != session.sample_rate_hz;
        opened.pcm.push_back(is_resampled ? std::nullopt : infos[i].pcm);
        opened.channels.push_back(infos[i].channels);
        opened.frame_counts.push_back(frames_at(session.sample_rate_hz, infos[i]));
        const std::int64_t start = std::llround(session.tracks[i].start_s * session.sample_rate_hz);
        opened.end_frame = std::max(opened.end_frame, start + opened.frame_counts.back());
    }
    return opened;
}

}  // namespace tutti
