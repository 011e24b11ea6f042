#pragma once

#include <memory>
#include <variant>
#include <vector>

#include "engine/backend.hpp"
#include "engine/gain_shaper.hpp"

namespace tutti {

/// Convolve rows with kernels.
struct ConvolveStep {
    ConvolverPlan convolver;
};

/// Measure levels into levels[first_level ...], one series per tap.
struct MeasureStep {
    std::vector<LevelTap> taps;
    int first_level = 0;
};

/// Shape levels[first_level ...] into gains[first_curve ...] on the host.
struct ShapeStep {
    std::shared_ptr<const GainShape> shape;
    int first_level = 0;
    int first_curve = 0;
};

/// Mix rows into rows; curve c of the routes is gains[first_curve + c].
struct MixStep {
    MixerPlan mixer;
    int first_curve = 0;
};

/// Listen to rows: excitations of slices, and who masks whom in them. The step needs history of two longest
/// windows, rounded up to control hops, and the frames behind its last slice's centre up to half a window.
struct MaskingStep {
    ExcitationPlan excitation;
    std::int64_t first_frame = 0;  ///< of the rows, counted from the first chunk: where slice 0 begins
    std::int64_t slice_count = 0;  ///< of a hundredth of a second each, analysed around their middle

    /// The same excitations may be seen as tracks and as groups of them.
    struct View {
        MaskingPlan masking;
        std::shared_ptr<MaskingSink> sink;
    };
    std::vector<View> views;

    std::vector<std::int64_t> kept_slices;  ///< ascending: these are given to `slice_sink`
    std::shared_ptr<SliceSink> slice_sink;  ///< null where none are
};

using Step = std::variant<ConvolveStep, MeasureStep, ShapeStep, MixStep, MaskingStep>;

/// A row whose past is read, by a delayed route or a true-peak tap, is not written again later in the same
/// plan: its past would be what was written last.
///
/// A mix, lowered to numbers: no names, no paths. Rows 0 ... source_row_count - 1 are filled from outside for
/// every chunk, the steps run in order, then the output rows hold the result, `latency_frames` late.
struct RenderPlan {
    int sample_rate_hz = 0;
    RowsShape shape;
    int source_row_count = 0;
    std::vector<PcmSource> pcm_sources;  ///< of these rows: what arrives as PCM, in the order of rows
    std::vector<Step> steps;
    std::vector<int> output_rows;  ///< what is read back, in this order
    int latency_frames = 0;        ///< output frame n + latency_frames belongs to source frame n
    int level_count = 0;
    int curve_count = 0;
};

/// What a render of a plan takes on a backend.
struct RenderForecast {
    std::uint64_t bytes =
        0;  ///< rows, convolver state and spectra, levels, gains: an upper bound, for --memory
    std::uint64_t work_bytes = 0;  ///< of them, what grows with the number of threads, or is only
                                   ///< needed before the first chunk
    double convolver_s = 0.0;      ///< per chunk, predicted
    std::vector<ConvolverForecast> convolvers;  ///< [ConvolveStep], in the plan's order
};

/// The plan in chunks of that many frames.
RenderForecast forecast(Backend& backend, const RenderPlan& plan, int chunk_frames);

}  // namespace tutti
