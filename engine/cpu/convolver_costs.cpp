#include "engine/cpu/convolver_costs.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include "engine/convolver_costs.hpp"
#include "engine/cpu/block_transform.hpp"

namespace tutti::cpu {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int smallest_transform = 512;
constexpr int largest_transform = 1 << 23;

/// More than the caches of most processors hold.
constexpr std::size_t memory_floats = std::size_t{64} << 20;

std::vector<int> transform_sizes() {
    std::vector<int> sizes;
    for (int power = smallest_transform; power <= largest_transform; power *= 2) {
        for (const int size : {power, power / 2 * 3}) {
            if (BlockTransform::is_size(size) && size <= largest_transform) sizes.push_back(size);
        }
    }
    return sizes;
}

/// The shortest of several runs, each at least as long as the clock is good for.
template <typename Work>
double shortest_seconds(double budget_s, const Work& work) {
    double shortest = 1e9;
    const Clock::time_point begin = Clock::now();
    int runs = 0;
    do {
        const Clock::time_point start = Clock::now();
        work(runs);
        shortest = std::min(shortest, std::chrono::duration<double>(Clock::now() - start).count());
        ++runs;
    } while (runs < 3 || std::chrono::duration<double>(Clock::now() - begin).count() < budget_s);
    return shortest;
}

/// Forward and inverse of blocks that come from memory, half of each frames and half the tail of the block
/// before, and go back to it.
double measure_transform(int frame_count, AlignedFloats& memory) {
    const BlockTransform transform(frame_count);
    AlignedBins spectrum(transform.spectrum_bins());
    AlignedBins scratch(transform.scratch_bins());
    const int half = frame_count / 2;
    AlignedFloats tail(static_cast<std::size_t>(frame_count), 0.0F);
    const std::size_t places = memory.size() / half;
    // Short blocks several at a time: one alone would be shorter than the clock is good for.
    const int batch = std::max(1, 32768 / frame_count);
    return shortest_seconds(
               0.02,
               [&](int run) {
                   for (int b = 0; b < batch; ++b) {
                       const std::size_t number = static_cast<std::size_t>(run) * batch + b;
                       float* const block = memory.data() + number % places * half;
                       for (int group = 0; group < transform.column_group_count(); ++group) {
                           transform.forward_columns({block, half}, spectrum.data(), scratch.data(), group);
                       }
                       for (int row = 0; row < transform.row_group_count(); ++row) {
                           LaneBins* const bins =
                               spectrum.data() + static_cast<std::size_t>(row) * transform.row_bins();
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
                   }
               }) /
           batch;
}

/// Seconds per complex product with spectra of bin_count LaneBins, `stride` apart in memory.
double measure_products(std::size_t bin_count, std::size_t stride, const AlignedBins& memory) {
    const BlockTransform transform(smallest_transform);
    AlignedBins sum(bin_count);
    const std::size_t places = memory.size() / (2 * stride);
    const double seconds = shortest_seconds(0.05, [&](int run) {
        for (std::size_t i = 0; i < places; ++i) {
            const LaneBins* const x = memory.data() + 2 * stride * ((run + i) % places);
            const SpectrumProduct product[] = {{x, x + stride}};
            transform.multiply(product, 0, sum.data(), static_cast<int>(bin_count));
        }
    });
    return seconds / static_cast<double>(places * bin_count * lane_count);
}

}  // namespace

const ConvolverCosts& usual_convolver_costs() {
    // Nanoseconds per frame, the least that were measured on an EPYC of 2023 (Zen 4).
    static constexpr struct {
        int frame_count;
        double ns_per_frame;
    } usual[] = {{512, 0.88},     {1024, 0.89},    {1536, 1.01},    {2048, 0.99},    {3072, 1.09},
                 {4096, 0.97},    {6144, 1.06},    {8192, 1.03},    {12288, 1.06},   {16384, 1.04},
                 {24576, 1.07},   {32768, 1.11},   {49152, 1.14},   {65536, 1.19},   {98304, 1.26},
                 {131072, 1.27},  {196608, 1.33},  {262144, 1.30},  {393216, 1.37},  {524288, 1.33},
                 {786432, 1.42},  {1048576, 1.59}, {1572864, 2.31}, {2097152, 2.13}, {3145728, 2.57},
                 {4194304, 2.64}, {6291456, 2.72}, {8388608, 2.86}};
    static const ConvolverCosts costs = [] {
        ConvolverCosts made;
        made.product_s = 0.14e-9;
        made.streamed_bin_s = 0.37e-9;
        for (const auto& [frame_count, ns] : usual)
            made.transforms.push_back({frame_count, 1e-9 * ns * frame_count});
        return made;
    }();
    return costs;
}

ConvolverCosts measure_convolver_costs() {
    ConvolverCosts costs;
    AlignedFloats memory(memory_floats, 0.0F);
    for (const int frame_count : transform_sizes()) {
        costs.transforms.push_back({frame_count, measure_transform(frame_count, memory)});
    }
    const AlignedBins spectra(memory_floats / (2 * lane_count));
    const AlignedBins few(64);
    costs.product_s = measure_products(32, 32, few);
    // Two operands come from memory.
    costs.streamed_bin_s = 0.5 * measure_products(2048, 2048, spectra);
    return costs;
}

ConvolverCosts stored_convolver_costs(BlobStore& store, const std::string& processor) {
    const std::string key = "convolver costs 2, cpu, " + processor + ", " + block_transform_kernels().name;
    if (const auto stored = convolver_costs_from(store.get(key), transform_sizes())) return *stored;
    const ConvolverCosts costs = measure_convolver_costs();
    store.put(key, to_bytes(costs));
    return costs;
}

}  // namespace tutti::cpu
