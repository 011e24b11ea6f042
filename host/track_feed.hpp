#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/plan.hpp"
#include "host/stem_reader.hpp"

namespace tutti {

/// Fills the source rows of a plan from the session's files, chunk after chunk: with floats, or as the plan's
/// pcm_sources say.
class TrackFeed {
  public:
    /// Opens every stem of the plan. The first chunk begins at `first_frame` of the session's time line.
    /// Throws InputError as StemReader does, and where a stem is no longer the PCM that the plan expects.
    TrackFeed(const MixPlan& plan, const Session& session, bool repair_nonfinite, std::int64_t first_frame);

    /// The next chunk of every source row: [source_row][frame_count]. Files are read side by side.
    void read(std::span<float> rows);

    /// What was odd in the files: repaired and clipped samples, and silence where all of a file was read. One
    /// line each.
    std::vector<std::string> findings() const;

  private:
    struct Stem {
        std::string name;
        StemReader reader;
        std::int64_t start_frame;  ///< on the session's time line
        int first_row;
        std::optional<PcmFormat> pcm;  ///< as which it is read
    };
    void read_stem(Stem& stem, std::span<float> planes) const;
    void read_pcm(Stem& stem, std::span<std::byte> room) const;
    int frames_before(const Stem& stem) const;
    bool has_read_all(const Stem& stem) const;

    int chunk_frames_;
    std::int64_t first_frame_;
    std::int64_t next_frame_;
    std::vector<Stem> stems_;
};

}  // namespace tutti
