#include "engine/cpu/convolver_costs.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#ifdef __SSE2__
#include <immintrin.h>
#endif

#include "engine/convolver_costs.hpp"
#include "engine/cpu/block_transform.hpp"
#include "engine/cpu/thread_time.hpp"

namespace tutti::cpu {

namespace {

constexpr int smallest_transform = 512;
constexpr int largest_transform = 1 << 23;

/// Larger ones are not measured: they would take more memory than measuring_bytes, and take the same per
/// frame and pass.
constexpr int largest_measured = 1 << 22;

/// Frames that blocks of short transforms are taken from in turn: more than a second-level cache holds.
constexpr int near_frames = 1 << 20;

/// Spectra that are read from memory.
constexpr std::size_t far_floats = std::size_t{4} << 20;

std::vector<int> transform_sizes() {
    std::vector<int> sizes;
    for (int power = smallest_transform; power <= largest_transform; power *= 2) {
        for (const int size : {power, power / 4 * 5, power / 2 * 3, power / 8 * 15}) {
            if (BlockTransform::is_size(size) && size <= largest_transform) sizes.push_back(size);
        }
    }
    return sizes;
}

/// The median of the times that this thread ran for a run, of at least five and for budget_s: others that run
/// in between do not count, though what they leave in caches does, and clocks of virtual machines tell too
/// little at times, so that the shortest is no better. `prepare` comes before each, untimed.
template <typename Prepare, typename Work>
double median_seconds(double budget_s, const Prepare& prepare, const Work& work) {
    std::vector<double> seconds;
    double taken = 0.0;
    for (int run = 0; run < 5 || taken < budget_s; ++run) {
        prepare();
        const double start = thread_time_s();
        work(run);
        seconds.push_back(std::max(1e-9, thread_time_s() - start));
        taken += seconds.back();
    }
    const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
    std::nth_element(seconds.begin(), middle, seconds.end());
    return *middle;
}

constexpr auto nothing = [] {};

/// Forward and inverse of blocks half of which are frames, and half the tail of the block before.
double measure_transform(int frame_count) {
    const BlockTransform transform(frame_count);
    AlignedBins spectrum(transform.spectrum_bins());
    AlignedBins scratch(transform.scratch_bins());
    const int half = frame_count / 2;
    AlignedFloats tail(static_cast<std::size_t>(frame_count), 0.0F);
    AlignedFloats rows(static_cast<std::size_t>(std::max(half, near_frames)), 0.0F);
    const std::size_t places = rows.size() / half;
    // Short blocks several at a time: one alone would be shorter than the clock is good for.
    const int batch = std::max(1, 32768 / frame_count);
    const auto there_and_back = [&](std::size_t number) {
        float* const block = rows.data() + number % places * half;
        for (int group = 0; group < transform.column_group_count(); ++group) {
            transform.forward_columns({block, half}, spectrum.data(), scratch.data(), group);
        }
        for (int row = 0; row < transform.row_group_count(); ++row) {
            LaneBins* const bins = spectrum.data() + static_cast<std::size_t>(row) * transform.row_bins();
            transform.begin_row(bins);
            for (int at = 0; at < transform.row_bins(); at += transform.piece_bins()) {
                transform.finish_piece(bins + at);
                transform.inverse_piece(bins + at);
            }
            transform.inverse_row(bins);
        }
        const int begin = number % 2 == 0 ? 0 : half;
        const BlockOutput output{block, half, tail.data(), frame_count, begin, half, half};
        for (int group = 0; group < transform.column_group_count(); ++group) {
            transform.inverse_columns(spectrum.data(), output, scratch.data(), group);
        }
    };
    const double seconds = median_seconds(0.012, nothing, [&](int run) {
        for (int b = 0; b < batch; ++b) there_and_back(static_cast<std::size_t>(run) * batch + b);
    });
    return seconds / batch;
}

/// Puts what is there out of all caches; elsewhere than on x86, by what is written in its place.
void forget(const AlignedBins& bins) {
#ifdef __SSE2__
    for (const LaneBins& bin : bins) {
        _mm_clflush(bin.re);
        _mm_clflush(bin.im);
    }
    _mm_mfence();
#else
    const AlignedBins others(2 * bins.size());
#endif
}

/// Seconds per complex product of two spectra, each half of `memory`, `bin_count` LaneBins at a time;
/// `repeats` times in a run.
template <typename Prepare>
double measure_product(const AlignedBins& memory, std::size_t bin_count, int repeats,
                       const Prepare& prepare) {
    const BlockTransform transform(smallest_transform);
    AlignedBins sum(bin_count);
    const std::size_t half = memory.size() / 2;
    const double seconds = median_seconds(0.02, prepare, [&](int /*run*/) {
        for (int i = 0; i < repeats; ++i) {
            for (std::size_t at = 0; at < half; at += bin_count) {
                const SpectrumProduct product[] = {{memory.data() + at, memory.data() + half + at}};
                transform.multiply(product, 0, sum.data(), static_cast<int>(bin_count));
            }
        }
    });
    return seconds / (static_cast<double>(repeats) * static_cast<double>(half * lane_count));
}

/// Per frame, it grows with the passes that a transform takes.
double extrapolated(const ConvolverCosts::Transform& measured, int frame_count) {
    return measured.seconds * frame_count / measured.frame_count * std::log2(frame_count) /
           std::log2(measured.frame_count);
}

}  // namespace

const ConvolverCosts& usual_convolver_costs() {
    // Nanoseconds per frame, as measured on an EPYC of 2024 (Zen 5).
    static constexpr struct {
        int frame_count;
        double ns_per_frame;
    } usual[] = {
        {512, 0.63},     {1024, 0.60},    {1536, 0.57},    {2048, 0.55},    {3072, 0.57},    {4096, 0.56},
        {6144, 0.57},    {8192, 0.56},    {12288, 0.57},   {16384, 0.59},   {24576, 0.59},   {32768, 0.62},
        {49152, 0.62},   {65536, 0.64},   {81920, 0.70},   {98304, 0.67},   {122880, 0.69},  {131072, 0.70},
        {163840, 0.74},  {196608, 0.71},  {245760, 0.76},  {262144, 0.88},  {327680, 0.90},  {393216, 0.84},
        {491520, 0.83},  {524288, 0.88},  {655360, 0.91},  {786432, 0.84},  {983040, 0.85},  {1048576, 0.94},
        {1310720, 0.97}, {1572864, 0.84}, {1966080, 0.93}, {2097152, 1.13}, {2621440, 1.21}, {3145728, 1.02},
        {3932160, 1.15}, {4194304, 1.45}, {5242880, 1.47}, {6291456, 1.49}, {7864320, 1.51}, {8388608, 1.52}};
    static const ConvolverCosts costs = [] {
        ConvolverCosts made;
        made.product_s = 0.065e-9;
        made.streamed_bin_s = 0.28e-9;
        for (const auto& [frame_count, ns] : usual)
            made.transforms.push_back({frame_count, 1e-9 * ns * frame_count});
        return made;
    }();
    return costs;
}

ConvolverCosts measure_convolver_costs() {
    ConvolverCosts costs;
    ConvolverCosts::Transform longest;
    for (const int frame_count : transform_sizes()) {
        if (frame_count <= largest_measured) {
            costs.transforms.push_back({frame_count, measure_transform(frame_count)});
            longest = costs.transforms.back();
        } else {
            costs.transforms.push_back({frame_count, extrapolated(longest, frame_count)});
        }
    }
    costs.product_s = measure_product(AlignedBins(64), 32, 1000, nothing);
    const AlignedBins far(far_floats / (2 * lane_count));
    // Two operands come from memory.
    costs.streamed_bin_s = 0.5 * measure_product(far, 2048, 1, [&] { forget(far); });
    return costs;
}

ConvolverCosts stored_convolver_costs(BlobStore& store, const std::string& processor) {
    const std::string key = "convolver costs 6, cpu, " + processor + ", " + block_transform_kernels().name;
    if (const auto stored = convolver_costs_from(store.get(key), transform_sizes())) return *stored;
    const ConvolverCosts costs = measure_convolver_costs();
    store.put(key, to_bytes(costs));
    return costs;
}

}  // namespace tutti::cpu
