#include "benchmarks/tutti_worker.hpp"

#include <algorithm>
#include <bit>
#include <set>

#include "benchmarks/worker.hpp"
#include "engine/devices.hpp"
#include "engine/threads.hpp"
#include "host/user_cache.hpp"
#include "host/version.hpp"

namespace tutti::bench {

namespace {

constexpr std::int64_t smallest_chunk = 4096;
constexpr std::int64_t largest_chunk = std::int64_t{3} << 20;
constexpr std::int64_t largest_rows_bytes = std::int64_t{2} << 30;

/// What a chunk costs beside what is in it: threads that are woken, and end together (0.1 to 0.4 ms where
/// they slept while the chunk was written); and where the rows are more than a third-level cache has, what
/// was left in it has to go to memory first (a millisecond for 32 MiB).
constexpr double near_chunk_s = 300e-6;
constexpr double far_chunk_s = 1e-3;
/// A frame of a row that has ended: what the kernel leaves is copied to it.
constexpr double silent_frame_s = 0.14e-9;
constexpr std::int64_t near_bytes = std::int64_t{16} << 20;

std::int64_t parts_of(std::int64_t frames, std::int64_t part) { return (frames + part - 1) / part; }

std::int64_t longest_kernel(const ConvolverPlan& plan) {
    std::size_t longest = 0;
    for (const std::vector<float>& kernel : plan.kernels) longest = std::max(longest, kernel.size());
    return static_cast<std::int64_t>(longest);
}

/// 1, 5/4, 3/2 and 15/8 times 2^k frames; and, for kernels of `tap_count` where that is not 0, a few times
/// what transforms of such sizes leave beside them. Ascending.
std::vector<std::int64_t> chunk_lengths(std::int64_t most, std::int64_t tap_count) {
    std::set<std::int64_t> lengths;
    const auto add = [&](std::int64_t length) {
        if (length <= most && (length >= smallest_chunk || lengths.empty())) lengths.insert(length);
    };
    for (std::int64_t power = smallest_chunk; power <= 2 * (most + tap_count); power *= 2) {
        for (const std::int64_t size : {power, power / 4 * 5, power / 2 * 3, power / 8 * 15}) {
            add(size);
            const std::int64_t room = size - parts_of(tap_count, control_hop) * control_hop;
            for (int times = 1; tap_count > 0 && room > 0 && times <= 8; ++times) add(times * room);
        }
    }
    return {lengths.begin(), lengths.end()};
}

/// A convolver keeps its state from chunk to chunk, so every run has one of its own.
class TuttiConvolution {
  public:
    TuttiConvolution(Backend& backend, JobSamples& samples, TimedPart part)
        : backend_(backend),
          samples_(samples),
          part_(part),
          plan_(plan_of(samples)),
          shape_(fastest_shape(backend, plan_, samples.job().frame_count, samples.job().result_frames())),
          row_chunk_(static_cast<std::size_t>(shape_.frame_count)) {}

    const RowsShape& shape() const { return shape_; }

    void run(Stopwatch& watch) {
        // The last run's are gone before this run's are made, so that they are never in memory together.
        convolver_.reset();
        rows_.reset();
        rows_ = backend_.make_rows(shape_);
        convolver_ = backend_.make_convolver(shape_, plan_);
        touch();
        for (std::int64_t start = 0; start < samples_.job().result_frames(); start += shape_.frame_count) {
            if (part_ == TimedPart::resident) {
                write(start);
                backend_.finish();
                watch.start();
                convolver_->process(*rows_);
                backend_.finish();
                watch.stop();
                keep(start);
                watch.start();
                rows_->advance();
                backend_.finish();
                watch.stop();
            } else {
                watch.start();
                write(start);
                convolver_->process(*rows_);
                read_all(start);
                rows_->advance();
                backend_.finish();
                watch.stop();
            }
        }
    }

    /// What the device needs at least to move the bytes that the convolver's stages move, by what a plain
    /// copy takes; 0 where it cannot tell.
    double seconds_by_copy_bandwidth() {
        backend_.set_profiling(true);
        Stopwatch ignored;
        run(ignored);
        std::uint64_t bytes = 0;
        for (const StageReport& stage : backend_.stage_reports()) {
            if (stage.name.starts_with("convolver")) bytes += stage.bytes;
        }
        backend_.set_profiling(false);
        const double bytes_per_s = bytes == 0 ? 0.0 : backend_.measure_copy_bytes_per_s();
        return bytes_per_s == 0.0 ? 0.0 : static_cast<double>(bytes) / bytes_per_s;
    }

  private:
    /// Makes every page of the rows present, as it is in a render after its first chunk.
    void touch() {
        std::fill(row_chunk_.begin(), row_chunk_.end(), 0.0F);
        for (int row = 0; row < shape_.row_count; ++row) rows_->write(row, row_chunk_);
        backend_.finish();
    }

    void write(std::int64_t start) {
        const std::int64_t frame_count = samples_.job().frame_count;
        const auto count =
            static_cast<std::size_t>(std::clamp<std::int64_t>(frame_count - start, 0, shape_.frame_count));
        for (int row = 0; row < shape_.row_count; ++row) {
            if (count == row_chunk_.size()) {
                rows_->write(row, samples_.row(row).subspan(static_cast<std::size_t>(start), count));
                continue;
            }
            const float* from = count == 0 ? nullptr : samples_.row(row).data() + start;
            std::fill(std::copy_n(from, count, row_chunk_.begin()), row_chunk_.end(), 0.0F);
            rows_->write(row, row_chunk_);
        }
    }

    void read(int row, std::int64_t start) {
        rows_->read(row, row_chunk_);
        const std::span<float> kept = samples_.kept(row);
        if (kept.empty()) return;
        const auto begin = static_cast<std::size_t>(start);
        std::copy_n(row_chunk_.begin(), std::min(row_chunk_.size(), kept.size() - begin),
                    kept.begin() + start);
    }

    void keep(std::int64_t start) {
        for (const int row : samples_.job().kept_rows) read(row, start);
    }

    void read_all(std::int64_t start) {
        for (int row = 0; row < shape_.row_count; ++row) read(row, start);
    }

    Backend& backend_;
    JobSamples& samples_;
    TimedPart part_;
    ConvolverPlan plan_;
    RowsShape shape_;
    std::vector<float> row_chunk_;
    std::unique_ptr<Rows> rows_;
    std::unique_ptr<Convolver> convolver_;
};

}  // namespace

ConvolverPlan plan_of(const JobSamples& samples) {
    ConvolverPlan plan;
    for (int kernel = 0; kernel < samples.job().kernel_count; ++kernel) {
        const std::span<const float> taps = samples.kernel(kernel);
        plan.kernels.emplace_back(taps.begin(), taps.end());
    }
    for (int row = 0; row < samples.job().row_count; ++row) {
        plan.paths.push_back({row, row % samples.job().kernel_count, row});
    }
    return plan;
}

ConvolverPlan plan_like(const ConvolutionCase& which, int row_count) {
    ConvolverPlan plan;
    const auto tap_count = static_cast<std::size_t>(to_frames(which.kernel_seconds));
    plan.kernels.assign(2, std::vector<float>(tap_count, 1e-6F));
    for (int row = 0; row < row_count; ++row) plan.paths.push_back({row, row % 2, row});
    return plan;
}

RowsShape fastest_shape(Backend& backend, const ConvolverPlan& plan, std::int64_t frame_count,
                        std::int64_t result_frames) {
    // Rows that have ended cost the CPU little more than the copying of what they leave.
    const bool is_cpu = backend.info().kind == DeviceKind::cpu;
    const std::int64_t sounding_frames = is_cpu ? frame_count : result_frames;
    const auto row_count = static_cast<int>(plan.paths.size());
    const std::int64_t fitting = largest_rows_bytes / (static_cast<std::int64_t>(sizeof(float)) * row_count);
    const auto needed = static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(result_frames)));
    const std::int64_t most = std::max(smallest_chunk, std::min({largest_chunk, needed, fitting}));
    RowsShape fastest{row_count, static_cast<int>(smallest_chunk), control_hop};
    double least_s = 1e9;
    for (const std::int64_t chunk : chunk_lengths(most, is_cpu ? longest_kernel(plan) : 0)) {
        const RowsShape shape{row_count, static_cast<int>(chunk), control_hop};
        const ConvolverForecast forecast = backend.forecast_convolver(shape, plan);
        const std::int64_t chunk_count = parts_of(sounding_frames, chunk);
        double chunks = static_cast<double>(chunk_count);
        if (is_cpu) {
            // Of the last chunk, only the blocks that sound.
            const std::int64_t hop = forecast.choices.front().layout.hop_frames;
            const std::int64_t rest = sounding_frames - (chunk_count - 1) * chunk;
            chunks +=
                static_cast<double>(parts_of(rest, hop)) / static_cast<double>(parts_of(chunk, hop)) - 1.0;
        }
        const bool is_near = chunk * row_count * static_cast<std::int64_t>(sizeof(float)) <= near_bytes;
        const std::int64_t silent_chunks = parts_of(result_frames, chunk) - parts_of(sounding_frames, chunk);
        const double seconds = chunks * forecast.seconds +
                               static_cast<double>(chunk_count) * (is_near ? near_chunk_s : far_chunk_s) +
                               static_cast<double>(silent_chunks * chunk * row_count) * silent_frame_s;
        if (seconds >= least_s) continue;
        least_s = seconds;
        fastest = shape;
    }
    return fastest;
}

void serve_tutti(const std::string& device, TimedPart part, const ConvolutionJob& job, std::istream& in,
                 std::ostream& out) {
    set_thread_count(job.thread_count);
    JobSamples samples(job);
    const std::unique_ptr<BlobStore> cache = open_user_cache();
    const OpenedDevice opened = open_device(device, cache.get());
    TuttiConvolution convolution(*opened.backend, samples, part);
    const bool is_bound = part == TimedPart::resident && opened.backend->info().kind != DeviceKind::cpu;
    const double bound_s = is_bound ? convolution.seconds_by_copy_bandwidth() : 0.0;
    const std::string version = version_text();
    const std::string description = version.substr(0, version.find('\n')) + ", " +
                                    opened.backend->info().name + ", chunks of " +
                                    std::to_string(convolution.shape().frame_count);
    serve(
        samples, description, [&](Stopwatch& watch) { convolution.run(watch); }, in, out, bound_s);
}

}  // namespace tutti::bench
