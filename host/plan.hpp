#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/errors.hpp"
#include "engine/plan.hpp"
#include "host/masking_objects.hpp"
#include "host/session.hpp"

namespace tutti {

/// A session lowered to a RenderPlan, and what is needed to feed it and to name what comes out.
struct MixPlan {
    RenderPlan render;

    struct Source {
        int track = 0;  ///< index into session.tracks
        int first_row = 0;
        int channels = 1;
        bool is_pcm = false;  ///< needs neither decoder nor resampler, where that is known: see mark_pcm()
    };
    std::vector<Source> sources;

    /// A strip's own file of --stems: it reads output_rows[first_output ...].
    struct Stem {
        std::string strip;
        int first_output = 0;
    };
    std::vector<Stem> stems;
    int output_channels = 2;  ///< of the mix and of every stem; the mix is output_rows[0 ...]

    /// A gain curve's owner.
    struct Curve {
        std::string strip;
        std::string processor;  ///< "compressor", "gate", "limiter"
        int insert = 0;         ///< index in the strip's chain
    };
    std::vector<Curve> curves;

    /// A strip whose kernel was cut short where its end is 140 dB below the whole
    /// (FusedKernel::dropped_frames).
    struct DroppedEnd {
        std::string strip;
        std::int64_t frames = 0;
    };
    std::vector<DroppedEnd> dropped_ends;

    std::optional<MaskingObjects> heard;  ///< where PlanOptions asks for it
    std::uint64_t results_bytes = 0;      ///< host memory that an analysis collects its results in
    std::uint64_t design_bytes = 0;       ///< host memory that making the plan's kernels took at most

    std::int64_t tail_frames = 0;  ///< how long the mix rings on after its last input frame
    std::int64_t preroll_frames =
        0;  ///< frames to run ahead of a --from, so that its first frame is as in a whole render
};

struct PlanOptions {
    bool with_stems = false;  ///< adds the outputs of --stems
    int chunk_frames = control_hop;

    bool sums_in_convolvers = true;  ///< see sum_in_convolvers(); without, split_mix() can divide the plan

    enum class Output { mix, master_input };
    Output output = Output::mix;  ///< of the master's input, its own chain and fader are left out

    /// Rows for an analysis of what is heard, with power counted at these frequencies.
    struct Heard {
        std::vector<double> component_hz;
        CoherentTracks coherent;
    };
    std::optional<Heard> heard{};

    /// What each of these groups of strips adds to the master's input, as sound: outputs of their own behind
    /// the mix's, in this order. A return of one strip of a group is a part of it. Without `heard`; of
    /// strips that do not reach the master there is silence.
    std::vector<std::vector<std::string>> parts{};
};

/// Lowers a session. `channels[i]` is the number of channels of track i's file. Throws InputError for impulse
/// responses that cannot be used.
MixPlan make_plan(const Session& session, std::span<const int> channels, const PlanOptions& options,
                  const Warn& warn);

/// The steps in words, one line each: "convolve 173 rows with 41 kernels of up to 2.345 s".
std::vector<std::string> describe_steps(const MixPlan& plan);

}  // namespace tutti
