#include "engine/convolver_planner.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include "engine/errors.hpp"

namespace tutti {

namespace {

constexpr int grain = 16;  // hops and partitions are whole control hops, and whole cache lines of floats

std::int64_t whole_grains(std::int64_t frames) { return (frames + grain - 1) / grain * grain; }

std::int64_t parts_of(std::int64_t taps, std::int64_t partition_frames) {
    return (taps + partition_frames - 1) / partition_frames;
}

/// One partition: the chunk in as few equal hops as fit behind the kernel's reach; or, with hop_steps, in
/// hops as long as those allow.
std::optional<ConvolverLayout> unpartitioned(int transform_frames, int chunk_frames, std::int64_t taps,
                                             int hop_steps) {
    const std::int64_t reach = whole_grains(taps - 1);
    const std::int64_t room = transform_frames - reach;
    if (room < grain) return std::nullopt;
    const std::int64_t step = hop_steps > 0 ? transform_frames / hop_steps : 0;
    if (step >= grain && room >= step && chunk_frames >= step) {
        const auto hop = static_cast<int>(std::min<std::int64_t>(room, chunk_frames) / step * step);
        return ConvolverLayout{transform_frames, hop, static_cast<int>(whole_grains(taps)), 1};
    }
    const std::int64_t hop_count = parts_of(chunk_frames, room);
    const auto hop = static_cast<int>(whole_grains(parts_of(chunk_frames, hop_count)));
    return ConvolverLayout{transform_frames, hop, static_cast<int>(whole_grains(taps)), 1};
}

/// The longest hop that divides the chunk and leaves room for a partition as long.
std::optional<ConvolverLayout> partitioned(int transform_frames, int chunk_frames, std::int64_t taps) {
    const int chunk_grains = chunk_frames / grain;
    const int most_grains = transform_frames / 2 / grain;
    int hop_grains = std::min(chunk_grains, most_grains);
    while (chunk_grains % hop_grains != 0) --hop_grains;
    const int hop = hop_grains * grain;
    const int partition = (transform_frames - hop) / hop * hop;
    const auto count = static_cast<int>(parts_of(taps, partition));
    if (count == 1) return std::nullopt;
    return ConvolverLayout{transform_frames, hop, partition, count};
}

std::int64_t longest(std::span<const std::int64_t> taps) {
    return *std::max_element(taps.begin(), taps.end());
}

std::int64_t parts_of_all(std::span<const std::int64_t> taps, int partition_frames) {
    std::int64_t count = 0;
    for (const std::int64_t length : taps) count += parts_of(length, partition_frames);
    return count;
}

/// Spectra of a group's kernels that come from a third-level cache when other groups had them before.
constexpr double near_kernel_bytes = 12 << 20;

/// Moving of bins between the processor's caches and memory that is not the transforms' own.
double count_streamed_bins(const ConvolverLayout& layout, const ConvolverJob& job, double readings,
                           double kernel_parts, double kernel_readings) {
    const double bins = layout.transform_frames / 2.0;
    // Past frames, or what they leave for those to come: read and written.
    double streamed = static_cast<double>(job.input_count) * layout.partition_frames;
    // Frames of the present block come and go, two in a bin.
    if (!job.rows_stay_near) streamed += 0.5 * layout.hop_frames * (job.input_count + job.output_count);
    // Spectra of past blocks: written (which reads what was there), and read by all products but the
    // newest's.
    if (layout.slot_count() > 1) {
        streamed += bins * (2.0 * job.input_count +
                            std::max(0.0, readings - static_cast<double>(job.path_taps.size())));
    }
    if (!job.kernels_stay_near || kernel_parts * bins * 8.0 > near_kernel_bytes) {
        streamed += bins * kernel_readings;
    }
    // Where they are more than stays near, a batch's spectra go away between the halves of their transforms,
    // and sums from one batch to the next.
    const int at_once = job.inputs_at_once(layout.transform_frames);
    const auto batches = static_cast<double>(parts_of(job.input_count, at_once));
    const auto leave = [&](int count) { return count * bins * 8.0 > static_cast<double>(job.batch_bytes); };
    if (batches > 1.0 && leave(at_once)) streamed += bins * 2.0 * job.input_count;
    if (batches > 1.0 && leave(job.output_count)) streamed += bins * 2.0 * batches * job.output_count;
    return streamed;
}

ConvolverCandidate weigh(const ConvolverLayout& layout, double transform_s, const ConvolverJob& job,
                         const ConvolverCosts& costs) {
    const double bins = layout.transform_frames / 2.0;
    const double spectrum_bytes = bins * 8.0;
    const double hops = static_cast<double>(parts_of(job.chunk_frames, layout.hop_frames));
    const auto products = static_cast<double>(parts_of_all(job.path_taps, layout.partition_frames));
    const double hops_together = std::min<double>(hops, costs.hops_at_once);
    // A kernel comes from memory once for all of a batch that share it.
    const auto batches =
        static_cast<double>(parts_of(job.input_count, job.inputs_at_once(layout.transform_frames)));
    const auto kernel_parts = static_cast<double>(parts_of_all(job.kernel_taps, layout.partition_frames));
    const double kernel_readings = std::min(products, kernel_parts * batches);
    const double transforms = 0.5 * (job.input_count + job.output_count);
    const double streamed_bins = count_streamed_bins(layout, job, products / hops_together, kernel_parts,
                                                     kernel_readings / hops_together);
    const double seconds = hops * (transforms * transform_s + products * bins * costs.product_s +
                                   streamed_bins * costs.streamed_bin_s);
    const double floats_kept = job.input_count * static_cast<double>(layout.partition_frames);
    const double spectra =
        kernel_parts + static_cast<double>(job.input_count) * layout.slot_count() + job.output_count;
    return {layout, seconds, static_cast<std::uint64_t>(4.0 * floats_kept + spectra * spectrum_bytes)};
}

}  // namespace

int ConvolverJob::inputs_at_once(int transform_frames) const {
    constexpr std::int64_t fewest = 2;
    constexpr std::int64_t most = 16;
    if (batch_bytes == 0) return std::max(1, input_count);
    const std::int64_t spectrum_bytes = std::int64_t{transform_frames} * 4;
    const std::int64_t room = std::clamp(batch_bytes / spectrum_bytes, fewest, most);
    return static_cast<int>(std::clamp<std::int64_t>(input_count, 1, room));
}

std::vector<ConvolverCandidate> rank_layouts(const ConvolverJob& job, const ConvolverCosts& costs) {
    TUTTI_CHECK(!job.path_taps.empty() && !costs.transforms.empty());
    TUTTI_CHECK(job.chunk_frames > 0 && job.chunk_frames % grain == 0);
    const std::int64_t taps = longest(job.path_taps);
    std::vector<ConvolverCandidate> candidates;
    for (const ConvolverCosts::Transform& transform : costs.transforms) {
        std::optional<ConvolverCandidate> best;
        for (const auto& layout :
             {unpartitioned(transform.frame_count, job.chunk_frames, taps, costs.hop_steps),
              partitioned(transform.frame_count, job.chunk_frames, taps)}) {
            if (!layout) continue;
            const ConvolverCandidate candidate = weigh(*layout, transform.seconds, job, costs);
            if (!best || candidate.seconds < best->seconds) best = candidate;
        }
        if (best) candidates.push_back(*best);
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const auto& a, const auto& b) { return a.seconds < b.seconds; });
    return candidates;
}

ConvolverCandidate choose_layout(const ConvolverJob& job, const ConvolverCosts& costs, int transform_frames) {
    const std::vector<ConvolverCandidate> candidates = rank_layouts(job, costs);
    if (transform_frames == 0) return candidates.front();
    const auto wanted = std::find_if(candidates.begin(), candidates.end(), [&](const auto& candidate) {
        return candidate.layout.transform_frames == transform_frames;
    });
    TUTTI_CHECK(wanted != candidates.end());
    return *wanted;
}

void ForecastSum::add(const ConvolverJob& job, const ConvolverCosts& costs, int transform_frames) {
    const ConvolverCandidate choice = choose_layout(job, costs, transform_frames);
    chosen_.seconds += choice.seconds;
    chosen_.bytes += choice.bytes;
    const auto same = std::find_if(chosen_.choices.begin(), chosen_.choices.end(), [&](const auto& c) {
        return c.layout.transform_frames == choice.layout.transform_frames &&
               c.layout.hop_frames == choice.layout.hop_frames &&
               c.layout.partition_count == choice.layout.partition_count;
    });
    if (same != chosen_.choices.end()) {
        same->row_count += job.output_count;
    } else {
        chosen_.choices.push_back({choice.layout, job.output_count});
    }
    for (const ConvolverCandidate& candidate : rank_layouts(job, costs)) {
        ConvolverCandidate& sum =
            by_size_.try_emplace(candidate.layout.transform_frames, ConvolverCandidate{candidate.layout})
                .first->second;
        if (candidate.layout.partition_count > sum.layout.partition_count) sum.layout = candidate.layout;
        sum.seconds += candidate.seconds;
        sum.bytes += candidate.bytes;
    }
}

ConvolverForecast ForecastSum::forecast() const {
    ConvolverForecast forecast = chosen_;
    std::sort(forecast.choices.begin(), forecast.choices.end(), [](const auto& a, const auto& b) {
        return a.layout.transform_frames > b.layout.transform_frames;
    });
    for (const auto& [size, candidate] : by_size_) forecast.candidates.push_back(candidate);
    std::stable_sort(forecast.candidates.begin(), forecast.candidates.end(),
                     [](const auto& a, const auto& b) { return a.seconds < b.seconds; });
    return forecast;
}

}  // namespace tutti
