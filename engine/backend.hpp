#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/blob_store.hpp"
#include "engine/convolver_planner.hpp"
#include "engine/masking.hpp"
#include "engine/pcm.hpp"

namespace tutti {

/// Frames from one level or gain to the next, on every backend.
inline constexpr int control_hop = 16;

/// What a Rows matrix holds: the current chunk of every row and the frames just before it.
struct RowsShape {
    int row_count = 0;
    int frame_count = 0;  ///< the chunk; a multiple of control_hop
    int history_count =
        0;  ///< frames of the past kept in front of the chunk; a multiple of control_hop, at least one hop

    int hop_count() const { return frame_count / control_hop; }
};

/// A matrix of float samples that lives on a backend: [row][history_count + frame_count], zero when made.
/// Frame 0 is the first frame of the chunk; the past has negative frames, down to -history_count.
class Rows {
  public:
    virtual ~Rows() = default;

    virtual const RowsShape& shape() const = 0;

    /// Puts the chunk of rows first_row, first_row + 1, ... in place. `samples`: [row][frame_count].
    virtual void write(int first_row, std::span<const float> samples) = 0;

    /// Gets the chunk of rows first_row, first_row + 1, ... after all work on these Rows given before.
    /// `samples`: [row][frame_count].
    virtual void read(int first_row, std::span<float> samples) const = 0;

    /// Ends the chunk where the next one follows in the same Rows: its last history_count frames become the
    /// past. The chunk's own frames are undefined after it, until something writes them.
    virtual void advance() = 0;
};

/// Carries rows over where the next chunk has Rows of its own: two chunks may then be under way.
class Past {
  public:
    virtual ~Past() = default;

    /// The last history_count frames of the chunk in `before` become the past in `rows`.
    virtual void process(const Rows& before, Rows& rows) = 0;
};

/// Rows first_row ... first_row + channel_count - 1, whose chunks arrive as interleaved PCM.
struct PcmSource {
    int first_row = 0;
    int channel_count = 1;
    PcmFormat format;
};

/// Takes chunks of interleaved PCM into rows, as the floats that read_pcm_channel() makes of them.
// Why not Rows::write() with a format: a device takes a chunk's sources in a few large pieces and makes rows
// of all of them at once, so it must know them beforehand; and what it keeps for that is then taken only
// where it is used. Bytes stand in the room of the rows they become, so whoever carries chunks need not know
// of it.
class PcmLoader {
  public:
    virtual ~PcmLoader() = default;

    /// Writes the chunk of every source's rows, and no other. `chunk`: [row][frame_count] from row 0 on, as
    /// far as the last source's rows; in front of the room of a source's rows stand its frame_count frames as
    /// bytes: [frame][channel].
    virtual void process(std::span<const float> chunk, Rows& rows) = 0;
};

/// Seconds of a device that has nothing else to do.
struct PcmCosts {
    double upload_byte_s = 0.0;                               ///< from the host's memory to the device's
    std::array<double, pcm_sample_kinds> convert_sample_s{};  ///< [PcmSample], in the device's memory
    bool is_measured = false;                                 ///< else: by what such devices are like
};

/// One convolution: `output_row` receives `input_row` convolved with kernel number `kernel`, times `gain`.
struct ConvolverPath {
    int input_row = 0;
    int kernel = 0;
    int output_row = 0;
    float gain = 1.0F;
};

struct ConvolverPlan {
    std::vector<std::vector<float>>
        kernels;  ///< [kernel][tap], causal, at least one tap; shared by any number of paths
    std::vector<ConvolverPath> paths;  ///< those with the same output_row are summed, in an order that
                                       ///< depends on nothing but the plan and the device
    int transform_frames = 0;          ///< FFT size to use: one of the candidates'; 0: the cheapest
};

/// Linear convolution of rows with kernels, chunk after chunk, without latency. Keeps the state between
/// chunks.
class Convolver {
  public:
    virtual ~Convolver() = default;

    /// Writes the chunk of every output row. An output row may also be an input row: inputs are read first.
    virtual void process(Rows& rows) = 0;
};

enum class LevelKind {
    peak,         ///< greatest magnitude of the hop's frames
    mean_square,  ///< mean of the squares of the hop's frames
    true_peak,  ///< greatest magnitude of the hop at four times the rate (ITU-R BS.1770-4 Annex 2) and at the
                ///< rate itself
};

/// One level to measure.
struct LevelTap {
    int row = 0;
    LevelKind kind = LevelKind::peak;
};

/// Frames by which a true-peak level lags its signal: the FIR of BS.1770-4 Annex 2 has 12 taps per phase.
inline constexpr int true_peak_tap_count = 12;

/// Measures one level per control hop. A true-peak level of hop h sees input frames 16 h - 11 ... 16 h + 15,
/// that is instants between 16 h - 6 and 16 h + 10.
class LevelMeter {
  public:
    virtual ~LevelMeter() = default;

    /// Begins to measure: `levels`, [tap][hop_count], linear (a mean square is a square), are there after
    /// finish(), and must stay in place until then. What comes between may work on rows, these too: whoever
    /// waits for levels of one chunk has the device work on another meanwhile.
    virtual void start(const Rows& rows, std::span<float> levels) = 0;
    virtual void finish() {}

    void process(const Rows& rows, std::span<float> levels) {
        start(rows, levels);
        finish();
    }
};

/// One term of a mix: output_row += gain * curve * (input_row delayed by delay_frames).
struct MixRoute {
    int input_row = 0;
    int output_row = 0;
    float gain = 1.0F;
    int delay_frames = 0;  ///< 0 ... history_count
    int curve = -1;        ///< index of a gain curve, or -1 for none
};

struct MixerPlan {
    std::vector<MixRoute> routes;  ///< routes with the same output_row are summed in this order
    int curve_count = 0;
};

/// Weighted sums of delayed rows: faders, pans, sends, and the gain curves of dynamics.
class Mixer {
  public:
    virtual ~Mixer() = default;

    /// Writes the chunk of every output row. `gains`: [curve][hop_count + 1], linear; a frame i of hop h gets
    /// the value on the straight line from gains[h] to gains[h + 1] at i / control_hop, written as a + (b -
    /// a) t, so that a flat curve of ones changes no bit. A row is an output and an input of the same Mixer
    /// only in a route from the row to itself that is the row's only route, with delay 0.
    virtual void process(Rows& rows, std::span<const float> gains) = 0;
};

enum class DeviceKind { cpu, discrete_gpu, integrated_gpu, virtual_gpu, software_gpu };

struct DeviceInfo {
    std::string id;    ///< what --device takes: "cpu", "vulkan:0"
    std::string name;  ///< the device's own name
    DeviceKind kind = DeviceKind::cpu;
    std::string driver;              ///< driver or library, with its version
    std::uint64_t memory_bytes = 0;  ///< memory that rows can live in
};

/// What one stage of an operation took on a device, summed over all its runs.
struct StageReport {
    std::string name;             ///< the shader's or function's: "convolver_multiply", "rows_write"
    double seconds = 0.0;         ///< by the device's own clock, from the end of the stage before; on the
                                  ///< CPU what all threads ran, divided by their number
    std::uint64_t bytes = 0;      ///< of the device's memory that the plan has it read and write, together
    std::uint64_t run_count = 0;  ///< how often it ran
};

/// Where operations run. Makes Rows and the operations on them; an operation works on Rows of the shape it
/// was made for, from the same backend. All memory is taken when a thing is made: process(), write(), read()
/// and advance() never allocate. One thread at a time calls a backend and what it made; inside, a backend
/// uses as many as it likes. Making a thing throws DeviceError when the device's memory or limits do not
/// suffice.
class Backend {
  public:
    virtual ~Backend() = default;

    virtual const DeviceInfo& info() const = 0;
    virtual std::unique_ptr<Rows> make_rows(const RowsShape& shape) = 0;
    virtual std::unique_ptr<Past> make_past(const RowsShape& shape, std::span<const int> row_numbers) = 0;
    virtual std::unique_ptr<PcmLoader> make_pcm_loader(const RowsShape& shape,
                                                       std::span<const PcmSource> sources) = 0;
    virtual std::unique_ptr<Convolver> make_convolver(const RowsShape& shape, const ConvolverPlan& plan) = 0;

    /// What make_convolver() would choose for the plan, and what that costs.
    virtual ConvolverForecast forecast_convolver(const RowsShape& shape, const ConvolverPlan& plan) = 0;
    virtual std::unique_ptr<LevelMeter> make_level_meter(const RowsShape& shape,
                                                         std::span<const LevelTap> taps) = 0;
    virtual std::unique_ptr<Mixer> make_mixer(const RowsShape& shape, const MixerPlan& plan) = 0;
    virtual std::unique_ptr<Excitations> make_excitations(const ExcitationsShape& shape) = 0;
    virtual std::unique_ptr<Excitation> make_excitation(const RowsShape& shape,
                                                        const ExcitationPlan& plan) = 0;
    virtual std::unique_ptr<Masking> make_masking(const MaskingPlan& plan) = 0;

    /// Whether PCM has a way to go before it is rows, on which it is shorter than floats. Where rows are in
    /// the host's memory nothing is gained: it converts where it reads.
    virtual bool wants_pcm() const { return false; }

    /// What that way costs, on a backend that wants PCM; measured once where there is a store, in about 0.1
    /// s.
    virtual PcmCosts pcm_costs() { return {}; }

    /// Chunks that should be under way at once, in Rows of their own: more than one where the host would
    /// otherwise wait for the device and the device for the host.
    virtual int chunks_in_flight() const { return 1; }

    /// Waits until all work given before is done.
    virtual void finish() {}

    /// Seconds that the host has waited for the device so far: 0 where the host's threads are the device.
    virtual double waited_s() const { return 0.0; }

    /// Has the device time the stages of all work from now on, from zero; or no longer. Costs nothing while
    /// it is off.
    virtual void set_profiling(bool /*on*/) {}

    /// What was timed since set_profiling(true); waits for all work. Empty on a backend that times no stages,
    /// and on a device without a clock.
    virtual std::vector<StageReport> stage_reports() { return {}; }

    /// Bytes per second that a plain copy inside the device's memory moves, read and write counted: measured
    /// now, in well under a second. 0 on a backend that cannot tell.
    virtual double measure_copy_bytes_per_s() { return 0.0; }
};

/// The CPU backend: on as many threads as engine/threads.hpp was told. With a store it measures once what
/// convolution costs on this processor (about a second, when the first convolver is planned) and keeps it
/// there; without one it plans by usual costs. The store must outlive the backend.
std::unique_ptr<Backend> make_cpu_backend(BlobStore* store = nullptr);

/// The Vulkan devices of this machine, in the loader's order; empty when there is no loader or no device.
std::vector<DeviceInfo> list_vulkan_devices();

/// The Vulkan backend on device number `index` of list_vulkan_devices(). With `validate`, the Khronos
/// validation layer with synchronisation validation is switched on and every message of it counts in
/// vulkan_validation_message_count(). `store`, which may be null and must outlive the backend, keeps what it
/// measured and compiled. Throws DeviceError when there is no such device, or when validation is asked for
/// and the layer is missing.
std::unique_ptr<Backend> make_vulkan_backend(int index, bool validate = false, BlobStore* store = nullptr);

/// Validation messages (warnings and errors) seen in this process so far; each was also printed to standard
/// error.
int vulkan_validation_message_count();

}  // namespace tutti
