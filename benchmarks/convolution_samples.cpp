#include "benchmarks/convolution_samples.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "benchmarks/convolution_case.hpp"
#include "benchmarks/gate.hpp"
#include "benchmarks/worker.hpp"
#include "host/stem_reader.hpp"
#include "host/stem_survey.hpp"

namespace tutti::bench {

namespace {

/// splitmix64 (Steele, Lea, Flood, Fast splittable pseudorandom number generators, OOPSLA 2014), as -1 ... 1.
class Noise {
  public:
    explicit Noise(std::uint64_t seed) : state_(seed * 0x2545F4914F6CDD1DULL) {}
    float next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        z ^= z >> 31U;
        return static_cast<float>(static_cast<std::int64_t>(z) >> 40) * 0x1p-23F;
    }

  private:
    std::uint64_t state_;
};

/// The first two rows, one in the middle and the last: both kernels, and the ends of every batch.
std::vector<int> rows_to_keep(int row_count) {
    const std::set<int> rows = {0, std::min(1, row_count - 1), row_count / 2, row_count - 1};
    return {rows.begin(), rows.end()};
}

void fill_from_stems(PreparedJob& prepared, const std::filesystem::path& folder) {
    const auto frame_count = static_cast<std::size_t>(prepared.job().frame_count);
    const std::vector<std::filesystem::path> files = find_audio_files(folder);
    if (files.empty()) throw InputError(folder.string() + " holds no audio files");
    std::size_t file = 0;
    for (int row = 0; row < prepared.job().row_count; ++file) {
        StemReader reader(files[file % files.size()], {case_rate_hz, true});
        std::vector<float> planes(static_cast<std::size_t>(reader.channels()) * frame_count);
        reader.read(planes, static_cast<int>(frame_count));
        for (std::size_t at = 0; at < planes.size() && row < prepared.job().row_count;
             at += frame_count, ++row) {
            std::copy_n(planes.data() + at, frame_count, prepared.row(row).data());
        }
    }
}

std::size_t size_of(std::size_t count, std::int64_t length) {
    return count * static_cast<std::size_t>(length);
}

}  // namespace

void fill_with_noise(std::span<float> samples, std::uint64_t seed) {
    Noise noise(seed + 1);
    std::generate(samples.begin(), samples.end(), [&] { return 0.25F * noise.next(); });
}

void fill_with_room(std::span<float> taps, std::uint64_t seed) {
    Noise noise(seed + 1);
    double energy = 0.0;
    for (std::size_t n = 0; n < taps.size(); ++n) {
        const double decay = std::pow(10.0, -3.0 * static_cast<double>(n) / static_cast<double>(taps.size()));
        taps[n] = static_cast<float>(decay * noise.next());
        energy += static_cast<double>(taps[n]) * static_cast<double>(taps[n]);
    }
    const auto scale = static_cast<float>(1.0 / std::sqrt(energy));
    for (float& tap : taps) tap *= scale;
}

std::vector<std::vector<float>> make_kernels(const SampleSources& sources, int row_count,
                                             std::int64_t tap_count) {
    std::vector<std::vector<float>> kernels;
    if (sources.kernel.empty()) {
        const int count = sources.own_kernels ? row_count : std::min(2, row_count);
        for (int kernel = 0; kernel < count; ++kernel) {
            kernels.emplace_back(static_cast<std::size_t>(tap_count));
            fill_with_room(kernels.back(), 1'000'000 + static_cast<std::uint64_t>(kernel));
        }
        return kernels;
    }
    for (const std::vector<double>& channel : read_whole(sources.kernel, case_rate_hz, 4)) {
        kernels.emplace_back(channel.begin(), channel.end());
        if (tap_count > 0) kernels.back().resize(static_cast<std::size_t>(tap_count));
        if (static_cast<int>(kernels.size()) == row_count) break;
    }
    return kernels;
}

PreparedJob::PreparedJob(int row_count, std::int64_t frame_count,
                         const std::vector<std::vector<float>>& kernels, int thread_count)
    : job_{row_count,
           frame_count,
           static_cast<int>(kernels.size()),
           static_cast<std::int64_t>(kernels.front().size()),
           thread_count,
           rows_to_keep(row_count),
           {},
           {},
           {}},
      rows_(SharedFloats::make(size_of(static_cast<std::size_t>(row_count), frame_count))),
      kernels_(SharedFloats::make(kernels.size() * kernels.front().size())),
      results_(SharedFloats::make(size_of(job_.kept_rows.size(), job_.result_frames()))) {
    job_.rows_file = rows_.path();
    job_.kernels_file = kernels_.path();
    job_.results_file = results_.path();
    auto to = kernels_.samples().begin();
    for (const std::vector<float>& kernel : kernels) to = std::copy(kernel.begin(), kernel.end(), to);
}

std::span<float> PreparedJob::row(int row) {
    const auto length = static_cast<std::size_t>(job_.frame_count);
    return rows_.samples().subspan(static_cast<std::size_t>(row) * length, length);
}

void PreparedJob::set_references() {
    const auto tap_count = static_cast<std::size_t>(job_.tap_count);
    for (const int kept : job_.kept_rows) {
        for (const std::int64_t frame : critical_frames(job_.frame_count)) {
            row(kept)[static_cast<std::size_t>(frame)] += 1.0F;
        }
        const std::size_t kernel = static_cast<std::size_t>(kept % job_.kernel_count);
        references_.push_back(
            convolve_exactly(row(kept), kernels_.samples().subspan(kernel * tap_count, tap_count)));
    }
}

void PreparedJob::spoil_results() {
    std::fill(results_.samples().begin(), results_.samples().end(), std::numeric_limits<float>::quiet_NaN());
}

double PreparedJob::signal_to_error_db() const {
    double worst = std::numeric_limits<double>::infinity();
    const auto length = static_cast<std::size_t>(job_.result_frames());
    for (std::size_t i = 0; i < references_.size(); ++i) {
        worst = std::min(
            worst, bench::signal_to_error_db(references_[i], results_.samples().subspan(i * length, length)));
    }
    return worst;
}

PreparedJob prepare_job(int row_count, std::int64_t frame_count, std::int64_t tap_count,
                        const SampleSources& sources, int thread_count) {
    PreparedJob prepared(row_count, frame_count, make_kernels(sources, row_count, tap_count), thread_count);
    if (sources.stems.empty()) {
        for_each_row(row_count, thread_count, [&](int, int row) {
            fill_with_noise(prepared.row(row), static_cast<std::uint64_t>(row));
        });
    } else {
        fill_from_stems(prepared, sources.stems);
    }
    prepared.set_references();
    return prepared;
}

}  // namespace tutti::bench
