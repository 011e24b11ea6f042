#include "engine/vulkan/convolver_costs.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <map>
#include <string_view>
#include <vector>

#include "engine/convolver_costs.hpp"
#include "engine/errors.hpp"
#include "engine/vulkan/convolver.hpp"
#include "engine/vulkan/rows.hpp"
#include "engine/vulkan/timed_work.hpp"

namespace tutti::vulkan {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int smallest_transform = 512;
constexpr int largest_transform = 1 << 22;

/// The multiply shader does a tile of blocks side by side.
constexpr int hops_at_once = 8;

/// Few kinds of hops, so that rows with kernels of many lengths go into few transforms of many blocks.
constexpr int hop_steps = 8;

/// Transforms measured, the most telling first: the longest that VkFFT does in shared memory, one of those
/// that it does not, then the ends. What lies between is interpolated.
constexpr std::array measured_transforms{8192, 1 << 18, 16384, 1024};

/// No further size is begun after this: compiling shaders takes longer than running them.
constexpr std::chrono::milliseconds enough{700};

/// What took this long is known well enough after two runs.
constexpr double slow_s = 20e-3;

std::vector<int> transform_sizes() {
    std::vector<int> sizes;
    for (int size = smallest_transform; size <= largest_transform; size *= 2) sizes.push_back(size);
    return sizes;
}

/// Seconds of the convolver's stages for one chunk, by name; the shortest of three, or of two slow ones.
class StageSeconds {
  public:
    StageSeconds(Device& device, const RowsShape& shape, const ConvolverPlan& plan) {
        VulkanRows rows(device, shape);
        // As if they sounded: silence costs nothing.
        for (int row = 0; row < shape.row_count; ++row) rows.silence().set(row, false);
        const auto convolver = make_convolver(device, shape, plan, usual_convolver_costs());
        const TimedWork timed(device);
        if (!device.is_timing()) throw DeviceError("this Vulkan device has no clock");
        // Shaders may be compiled in the first, and the past has to sound as well.
        const std::size_t taps = plan.kernels.front().size();
        for (std::size_t frames = 0; frames < taps; frames += shape.frame_count) convolver->process(rows);
        timed.take();
        for (int run = 0; run < 3; ++run) {
            convolver->process(rows);
            const StageTimes::Totals totals = timed.take();
            const double multiply = seconds_in(totals, true);
            const double others = seconds_in(totals, false);
            multiply_s = run == 0 ? multiply : std::min(multiply_s, multiply);
            others_s = run == 0 ? others : std::min(others_s, others);
            if (run == 1 && multiply_s + others_s > slow_s) break;
        }
    }

    double multiply_s = 0.0;
    double others_s = 0.0;  ///< transforms, and what moves frames to them and back

  private:
    static double seconds_in(const StageTimes::Totals& totals, bool of_multiply) {
        double sum = 0.0;
        for (const StageTimes::Total& total : totals) {
            if (total.name == nullptr) continue;
            if ((std::string_view(total.name) == "convolver_multiply") == of_multiply) sum += total.seconds;
        }
        return sum;
    }
};

/// Rows that each go through a kernel of their own.
ConvolverPlan rows_through_kernels(int row_count, int tap_count, int transform_frames) {
    ConvolverPlan plan;
    plan.transform_frames = transform_frames;
    for (int row = 0; row < row_count; ++row) {
        plan.kernels.emplace_back(tap_count, 1e-6F * static_cast<float>(row + 1));
        plan.paths.push_back({row, row, row});
    }
    return plan;
}

/// One block of a row, there and back.
double measure_transform(Device& device, int frame_count) {
    const auto seconds_of = [&](int row_count) {
        ConvolverPlan plan = rows_through_kernels(1, 1, frame_count);
        plan.paths.clear();
        for (int row = 0; row < row_count; ++row) plan.paths.push_back({row, 0, row});
        const StageSeconds stages(device, {row_count, frame_count / 2, control_hop}, plan);
        return stages.others_s / row_count;
    };
    // As many rows as fill a fast device and its caches; a slow one is known after a few.
    constexpr int few = 1 << 17;
    constexpr int many = 1 << 24;
    const int few_rows = std::max(1, few / frame_count);
    const double seconds = seconds_of(few_rows);
    return seconds * few_rows > 2e-3 ? seconds : seconds_of(std::max(1, many / frame_count));
}

/// One product, and the reading and writing of one bin, from products of many blocks, which share what they
/// read, and of single ones, which do not.
void measure_products(Device& device, bool is_slow, ConvolverCosts& costs) {
    constexpr int transform = 8192;
    constexpr int hop = transform / 2;
    constexpr int partitions = 16;
    const int row_count = is_slow ? 4 : 64;
    const ConvolverPlan plan = rows_through_kernels(row_count, partitions * hop, transform);
    const double bins = row_count * (hop + 1.0);
    const auto seconds_of = [&](int blocks) {
        const StageSeconds stages(device, {row_count, blocks * hop, control_hop}, plan);
        return stages.multiply_s / (bins * blocks * partitions);
    };
    const auto bins_moved = [](double blocks) {
        // Kernels, the sliding window of inputs, and outputs, per product.
        return (partitions + (blocks + partitions - 1) + blocks) / (blocks * partitions);
    };
    const double shared = seconds_of(hops_at_once);
    const double single = seconds_of(1);
    const double least = 0.01 * shared;
    costs.streamed_bin_s = std::max(least, (single - shared) / (bins_moved(1) - bins_moved(hops_at_once)));
    costs.product_s = std::max(least, shared - bins_moved(hops_at_once) * costs.streamed_bin_s);
}

/// Seconds per frame grow about with the logarithm of the size.
double interpolate(const std::map<double, double>& points, double at) {
    if (points.size() == 1) return points.begin()->second;
    auto above = points.lower_bound(at);
    if (above == points.begin()) ++above;
    if (above == points.end()) --above;
    const auto below = std::prev(above);
    const double slope = (above->second - below->second) / (above->first - below->first);
    const double value = below->second + slope * (at - below->first);
    return std::max(value, 0.5 * std::min(below->second, above->second));
}

}  // namespace

const ConvolverCosts& usual_convolver_costs() {
    static const ConvolverCosts costs = [] {
        constexpr double bytes_per_s = 5e11;
        ConvolverCosts made;
        for (const int frame_count : transform_sizes()) {
            // VkFFT does up to 4096 complex values in shared memory, in one go. More take two, and a third to
            // sort real bins from complex ones.
            const double passes = frame_count <= 8192 ? 1.0 : 3.0;
            // Per float and direction: read and written once per pass, and once more by pack or unpack.
            const double bytes = 2.0 * (2.0 * passes + 2.0) * 4.0 * frame_count;
            made.transforms.push_back({frame_count, bytes / bytes_per_s});
        }
        made.streamed_bin_s = 8.0 / bytes_per_s;
        // Eight operations, of which a GPU does some ten in the time it takes to move a float.
        made.product_s = 0.2 * made.streamed_bin_s;
        made.hops_at_once = hops_at_once;
        made.hop_steps = hop_steps;
        return made;
    }();
    return costs;
}

ConvolverCosts measure_convolver_costs(Device& device) {
    const Clock::time_point begin = Clock::now();
    std::map<double, double> seconds_per_frame;  // by log2 of the size
    for (const int size : measured_transforms) {
        if (!seconds_per_frame.empty() && Clock::now() - begin > enough) break;
        seconds_per_frame[std::log2(size)] = measure_transform(device, size) / size;
    }
    ConvolverCosts costs;
    for (const int size : transform_sizes()) {
        costs.transforms.push_back({size, size * interpolate(seconds_per_frame, std::log2(size))});
    }
    const bool is_slow = seconds_per_frame.begin()->second > 1e-9;
    measure_products(device, is_slow, costs);
    costs.hops_at_once = hops_at_once;
    costs.hop_steps = hop_steps;
    return costs;
}

ConvolverCosts stored_convolver_costs(Device& device) {
    constexpr const char* key = "convolver costs 2";
    const std::vector<int> sizes = transform_sizes();
    if (auto stored = convolver_costs_from(device.shaders().get(key), sizes)) {
        stored->hops_at_once = hops_at_once;
        stored->hop_steps = hop_steps;
        return *stored;
    }
    try {
        ConvolverCosts costs = measure_convolver_costs(device);
        device.shaders().put(key, to_bytes(costs));
        return costs;
    } catch (const DeviceError&) {
        return usual_convolver_costs();
    }
}

ConvolverCosts with_fitting_transforms(const ConvolverCosts& costs, const Device& device) {
    ConvolverCosts fitting = costs;
    std::erase_if(fitting.transforms, [&](const ConvolverCosts::Transform& transform) {
        return (static_cast<std::uint64_t>(transform.frame_count) + 2) * sizeof(float) > device.tile_bytes();
    });
    if (fitting.transforms.empty()) {
        throw DeviceError("the buffers of the Vulkan device are too small to convolve in; use --device cpu");
    }
    return fitting;
}

}  // namespace tutti::vulkan
