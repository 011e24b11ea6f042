#include "host/audition.hpp"

#include <algorithm>

#include "host/render_pass.hpp"
#include "host/stretch.hpp"
#include "host/track_feed.hpp"

namespace tutti {

Audition::Audition(const std::filesystem::path& session, const std::string& device,
                   std::uint64_t memory_bytes, BlobStore* cache, const Warn& warn)
    : warn_(warn), opened_(open_session(session, warn)), device_(device, memory_bytes, cache) {}

bool Audition::has_strip(const std::string& name) const {
    const auto is_it = [&](const Strip& strip) { return strip.name == name; };
    return std::any_of(session().tracks.begin(), session().tracks.end(), is_it) ||
           std::any_of(session().buses.begin(), session().buses.end(), is_it);
}

void Audition::render(const std::vector<std::vector<std::string>>& parts, double from_s, double to_s,
                      const Take& take, std::span<const SessionEdit> edits) {
    for (const std::vector<std::string>& part : parts)
        for (const std::string& strip : part) TUTTI_CHECK(has_strip(strip));
    const Session heard = edited_session(session(), edits);
    MixPlan plan = make_plan(heard, opened_.channels,
                             {.output = PlanOptions::Output::master_input, .parts = parts}, warn_);
    const Stretch stretch = find_stretch(from_s, to_s, opened_, plan);
    const std::int64_t frames = pass_frames(plan, stretch);
    const RenderDevice::Started started = device_.start(plan, frames, warn_);
    TrackFeed feed(plan, heard, true, stretch.first_source);
    const auto chunk = static_cast<std::size_t>(plan.render.shape.frame_count);
    const auto channels = static_cast<std::size_t>(plan.output_channels);
    std::vector<std::span<const float>> stereo(2 * (1 + parts.size()));
    run_pass("", false, stretch, frames, feed, *started.renderer,
             [&](std::span<const float> rows, int first, int count) {
                 for (std::size_t i = 0; i < stereo.size(); ++i) {
                     // Both ears hear a mono master.
                     const std::size_t row = i / 2 * channels + std::min(i % 2, channels - 1);
                     stereo[i] = rows.subspan(row * chunk + static_cast<std::size_t>(first),
                                              static_cast<std::size_t>(count));
                 }
                 take(stereo);
             });
}

}  // namespace tutti
