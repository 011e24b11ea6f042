#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "engine/renderer.hpp"
#include "host/plan.hpp"
#include "host/stretch.hpp"
#include "host/track_feed.hpp"

namespace tutti {

/// What a pass took. Decoding, processing and encoding overlap.
struct PassSeconds {
    double prepare = 0.0;  ///< before the first chunk
    double decode = 0.0;
    double process = 0.0;
    double encode = 0.0;
    double wall = 0.0;
    double cpu = 0.0;  ///< of all threads together
};

/// Frames first ... first + count - 1 of a chunk of output rows, [output_row][chunk].
using TakeFrames = std::function<void(std::span<const float> rows, int first, int count)>;

/// What a pass does to every chunk, where it is more than one plan's work. `sources` and `outputs` are the
/// chunk's own rows, [row][chunk_frames], and go from stage to stage.
struct PassWork {
    std::int64_t chunk_frames = 0;
    int sample_rate_hz = 0;
    int latency_frames = 0;  ///< of the outputs
    std::size_t source_row_count = 0;
    std::size_t output_row_count = 0;
    int late_chunks = 0;  ///< by how many chunks outputs come late
    using Stage = std::function<void(std::span<float> sources, std::span<float> outputs)>;
    Stage read;
    Stage process;
    Stage read_late{};  ///< beside `finish`; may be absent
    Stage finish{};     ///< once for every chunk that outputs come late
    Stage keep{};       ///< beside `take`, and with all frames; may be absent
};

/// Chunks until the outputs have reached the end of the stretch, at least as many as hold `frames`.
int pass_chunks(const Stretch& stretch, std::int64_t frames, std::int64_t chunk_frames, int latency_frames);

/// Frames until the plan's outputs have reached the end of the stretch.
std::int64_t pass_frames(const MixPlan& plan, const Stretch& stretch);

/// One pass over a stretch of a session: decodes, processes at least `frames` frames, and hands the stretch's
/// part of the outputs to `take`, chunk by chunk, while the next chunks are under way. Shows progress as
/// `what` where `visible`.
PassSeconds run_pass(const char* what, bool visible, const Stretch& stretch, std::int64_t frames,
                     TrackFeed& feed, Renderer& renderer, const TakeFrames& take);
PassSeconds run_pass(const char* what, bool visible, const Stretch& stretch, std::int64_t frames,
                     const PassWork& work, const TakeFrames& take);

}  // namespace tutti
