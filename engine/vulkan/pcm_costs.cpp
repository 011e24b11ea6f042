#include "engine/vulkan/pcm_costs.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <vector>

#include "engine/cost_lines.hpp"
#include "engine/errors.hpp"
#include "engine/vulkan/pcm_loader.hpp"
#include "engine/vulkan/rows.hpp"
#include "engine/vulkan/timed_work.hpp"

namespace tutti::vulkan {

namespace {

constexpr int chunk_frames = 65536;

/// Stereo sources that tell what a slow device does, and that fill a fast one.
constexpr int few_sources = 2;
constexpr int many_sources = 32;

/// What took less was mostly the work around it.
constexpr double telling_s = 200e-6;

constexpr PcmFormat format_of(int kind) { return {static_cast<PcmSample>(kind), false}; }

/// The shortest of three, or of fewer slow ones, after one that has memory mapped and shaders compiled.
template <typename Work>
double shortest_s(const Work& seconds_of_one) {
    seconds_of_one();
    double shortest = seconds_of_one();
    for (int i = 0; i < 2 && shortest < 5e-3; ++i) shortest = std::min(shortest, seconds_of_one());
    return shortest;
}

double measure_upload_byte(Device& device) {
    VulkanRows rows(device, {2 * many_sources, chunk_frames, control_hop});
    const std::vector<float> samples(std::size_t{2 * many_sources} * chunk_frames, 1.0F);
    const double seconds = shortest_s([&] {
        const auto begin = std::chrono::steady_clock::now();
        rows.write(0, samples);
        device.wait(rows.copied());
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    });
    return seconds / static_cast<double>(samples.size() * sizeof(float));
}

double measure_conversion(Device& device, PcmFormat format) {
    const TimedWork timed(device);
    if (!device.is_timing()) throw DeviceError("this Vulkan device has no clock");
    const auto seconds_of = [&](int source_count) {
        const RowsShape shape{2 * source_count, chunk_frames, control_hop};
        std::vector<PcmSource> sources;
        for (int i = 0; i < source_count; ++i) sources.push_back({2 * i, 2, format});
        VulkanRows rows(device, shape);
        const auto loader = make_pcm_loader(device, shape, sources);
        const std::vector<float> chunk(std::size_t{2} * source_count * chunk_frames, 1.0F);
        return shortest_s([&] {
            loader->process(chunk, rows);
            for (const StageTimes::Total& total : timed.take()) {
                if (total.name != nullptr && std::string_view(total.name) == "pcm_loader")
                    return total.seconds;
            }
            return 0.0;
        });
    };
    const double samples_each = 2.0 * chunk_frames;
    const double few_s = seconds_of(few_sources);
    if (few_s > telling_s) return few_s / (few_sources * samples_each);
    return seconds_of(many_sources) / (many_sources * samples_each);
}

}  // namespace

PcmCosts usual_pcm_costs(DeviceKind kind) {
    PcmCosts costs;
    const bool is_software = kind == DeviceKind::software_gpu;
    // Half of what PCIe 4.0 promises, and memory that a GPU may share with its host; of Mesa's software
    // device what was measured on two cores of an AMD EPYC.
    costs.upload_byte_s = is_software ? 0.08e-9 : 1.0 / 16e9;
    for (int kind_of = 0; kind_of < pcm_sample_kinds; ++kind_of) {
        const double bytes = format_of(kind_of).bytes() + static_cast<double>(sizeof(float));
        costs.convert_sample_s[kind_of] = is_software ? 7e-9 : bytes / 50e9;
    }
    return costs;
}

PcmCosts measure_pcm_costs(Device& device) {
    PcmCosts costs;
    costs.is_measured = true;
    costs.upload_byte_s = measure_upload_byte(device);
    for (int kind = 0; kind < pcm_sample_kinds; ++kind) {
        costs.convert_sample_s[kind] = measure_conversion(device, format_of(kind));
    }
    return costs;
}

PcmCosts stored_pcm_costs(Device& device, DeviceKind kind) {
    constexpr const char* key = "pcm costs 1";
    if (const auto stored = costs_from_lines(device.shaders().get(key), 1 + pcm_sample_kinds)) {
        PcmCosts costs;
        costs.is_measured = true;
        costs.upload_byte_s = stored->front();
        std::copy(stored->begin() + 1, stored->end(), costs.convert_sample_s.begin());
        return costs;
    }
    try {
        const PcmCosts costs = measure_pcm_costs(device);
        std::vector<double> numbers{costs.upload_byte_s};
        numbers.insert(numbers.end(), costs.convert_sample_s.begin(), costs.convert_sample_s.end());
        device.shaders().put(key, to_cost_lines(numbers));
        return costs;
    } catch (const DeviceError&) {
        return usual_pcm_costs(kind);
    }
}

}  // namespace tutti::vulkan
