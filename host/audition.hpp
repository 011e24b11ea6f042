#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "host/render.hpp"
#include "host/render_device.hpp"
#include "host/session_edit.hpp"

namespace tutti {

/// What an analysis of masking heard, as sound: the mix at the master's input, and what some of its strips
/// add to it there, behind their inserts, faders and pans and all that the buses on their way do. What strips
/// add sums up to the mix; dynamics of buses act as they do in the mix.
class Audition {
  public:
    /// `device` and `memory_bytes` as RenderDevice takes them. Throws InputError with every problem of the
    /// session and its stems, one per line, and DeviceError.
    Audition(const std::filesystem::path& session, const std::string& device, std::uint64_t memory_bytes,
             BlobStore* cache, const Warn& warn);

    const Session& session() const { return opened_.session; }

    /// The session has a track or a bus of that name.
    bool has_strip(const std::string& name) const;

    /// Stereo: rows [0], [1] are the mix's left and right, [2 * p + 2], [2 * p + 3] part p's; all of the same
    /// length. What it throws ends the render and is thrown on.
    using Take = std::function<void(std::span<const std::span<const float>> rows)>;

    /// Renders a stretch of the session's time line, in pieces of about a second, in order. `parts`: strips
    /// that has_strip(). With `edits`: as it would be heard with these. Throws InputError where the stretch
    /// lies behind the session's end, and as StemReader does.
    void render(const std::vector<std::vector<std::string>>& parts, double from_s, double to_s,
                const Take& take, std::span<const SessionEdit> edits = {});

  private:
    Warn warn_;
    OpenedSession opened_;
    RenderDevice device_;
};

}  // namespace tutti
