#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/errors.hpp"
#include "engine/gain_shaper.hpp"
#include "host/audio_writer.hpp"
#include "host/loudness.hpp"
#include "host/masking_options.hpp"
#include "host/masking_results.hpp"
#include "host/pcm_choice.hpp"
#include "host/plan.hpp"
#include "host/session.hpp"

namespace tutti {

struct RenderOptions {
    std::filesystem::path session;
    std::filesystem::path output;                ///< empty: beside the session, with the format's extension
    std::optional<std::filesystem::path> stems;  ///< folder for one file per strip
    std::string device = "auto";                 ///< or a list: see open_device(), open_several_devices()
    DevicePcm device_pcm = DevicePcm::automatic;
    std::uint64_t memory_bytes = 0;  ///< budget, for all devices; 0: half of this machine's memory
    double from_s = 0.0;
    std::optional<double> to_s;
    FileFormat file = FileFormat::wav;
    SampleFormat sample = SampleFormat::int24;
    bool repair_nonfinite = false;
    BlobStore* cache = nullptr;  ///< the device's, see open_device(); may be null
    bool show_progress = false;
    bool times_device = false;                         ///< have a device time its stages
    std::optional<std::filesystem::path> strip_cache;  ///< folder that keeps what strips make: see Branch
    std::optional<MaskingOptions> masking;             ///< also analyse who masks whom, in the same pass
};

struct RenderReport {
    std::string session_name;
    std::string device;  ///< what was taken and why
    struct Device {
        std::string id;
        std::string name;
        int track_count = 0;    ///< that it read
        double busy_s = 0.0;    ///< of the pass, that the host worked for it or waited for it
        double waited_s = 0.0;  ///< of them, in which the host had to wait
    };
    std::vector<Device> devices;
    int sample_rate_hz = 0;
    int track_count = 0;  ///< rendered
    int bus_count = 0;    ///< the master left out
    std::int64_t frame_count = 0;
    int chunk_frames = 0;
    int latency_frames = 0;
    std::uint64_t memory_bytes = 0;       ///< estimated need
    std::uint64_t peak_memory_bytes = 0;  ///< measured, of the whole process

    struct Seconds {
        double wall = 0.0;
        double prepare = 0.0;  ///< session, kernels, device: until the first frame
        double decode = 0.0;   ///< these three overlap
        double process = 0.0;
        double encode = 0.0;
        double pass = 0.0;     ///< from the first frame decoded to the last encoded
        double cpu = 0.0;      ///< of all threads in the pass
        double waiting = 0.0;  ///< of the pass, in which nothing was processed: stems or writers were late
        double device_waiting =
            0.0;  ///< of processing, in which the host had to wait for the device; of several, the slowest
    } seconds;
    int thread_count = 0;
    struct StepTime {
        std::string what;
        double seconds = 0.0;
    };
    std::vector<StepTime> steps;
    std::vector<StageReport> device_stages;  ///< by the device's own clock, where that was asked for
    std::vector<MixPlan::DroppedEnd> dropped_ends;
    std::vector<PcmChoice> pcm_choices;
    std::vector<ConvolverForecast> convolvers;  ///< what the planner chose, in the order of the steps

    /// What came from RenderOptions::strip_cache. Counts are of branches: some eight sibling tracks, a bus,
    /// the master.
    struct Reuse {
        std::filesystem::path folder;
        int read_count = 0;             ///< read from the cache
        int unread_count = 0;           ///< not needed, because something below them was read
        std::vector<std::string> made;  ///< rendered
        int anew_count = 0;             ///< of them, entries that were damaged
        int hashed_stem_count = 0;      ///< files read to know what is in them
        int designed_chain_count = 0;   ///< chains of inserts whose kernels were designed
        std::uint64_t read_bytes = 0;   ///< of entries
        std::uint64_t kept_bytes = 0;   ///< added
    };
    std::optional<Reuse> reuse;

    Loudness loudness;
    std::int64_t over_count = 0;
    struct Dynamics {
        MixPlan::Curve curve;
        GainReport gain;
    };
    std::vector<Dynamics> dynamics;
    std::filesystem::path mix;
    std::vector<std::filesystem::path> stems;
    std::vector<std::string> warnings;
    std::optional<MaskingResults> masking;

    double duration_s() const { return static_cast<double>(frame_count) / sample_rate_hz; }
    double times_real_time() const { return duration_s() / seconds.wall; }
};

/// A session with what its files' headers say.
struct OpenedSession {
    Session session;
    std::vector<int> channels;               ///< [track]
    std::vector<std::int64_t> frame_counts;  ///< [track], at the session's rate
    std::int64_t end_frame = 0;              ///< where the last stem ends
    std::vector<std::optional<PcmFormat>>
        pcm{};  ///< [track]: how frames stand in a file at the session's rate
};

/// Reads the session and the header of every stem. Throws InputError with every problem, one per line.
OpenedSession open_session(const std::filesystem::path& file, const Warn& warn);

/// Renders a session to files. They appear complete, all of them at the end, or not at all.
RenderReport render(const RenderOptions& options, const Warn& warn);

/// For people; with `verbose` also how the convolvers were planned and what was left out of kernels.
std::string report_text(const RenderReport& report, bool verbose);
/// Where the time went: stages in order, with waits on the critical path.
std::string timings_text(const RenderReport& report);
/// For programs: everything.
std::string report_json(const RenderReport& report);

}  // namespace tutti
