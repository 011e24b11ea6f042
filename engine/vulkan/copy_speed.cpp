#include "engine/vulkan/copy_speed.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include "engine/vulkan/buffer.hpp"
#include "engine/vulkan/recording.hpp"
#include "engine/vulkan/timed_work.hpp"

namespace tutti::vulkan {

namespace {

/// More than the caches of a GPU hold.
constexpr std::uint64_t most_bytes = std::uint64_t{256} << 20;

constexpr int copy_count = 7;
constexpr std::chrono::milliseconds enough{300};

}  // namespace

double measure_copy_bytes_per_s(Device& device) {
    const std::uint64_t bytes = std::min(most_bytes, device.tile_bytes()) / 4 * 4;
    const Buffer from(device, bytes, Memory::device);
    const Buffer to(device, bytes, Memory::device);
    const TimedWork timed(device);
    if (!device.is_timing()) return 0.0;
    const auto copy = [&] {
        Recording recording = device.record();
        recording.stage("copy", 2 * bytes);
        recording.copy(from, to, {0, 0, bytes});
        recording.submit();
        return timed.take().front().seconds;
    };
    copy();  // the first one also has memory mapped and clocks raised
    std::vector<double> speeds;
    const auto begin = std::chrono::steady_clock::now();
    while (speeds.empty() ||
           (speeds.size() < copy_count && std::chrono::steady_clock::now() - begin < enough)) {
        speeds.push_back(2.0 * static_cast<double>(bytes) / copy());
    }
    std::nth_element(speeds.begin(), speeds.begin() + static_cast<std::ptrdiff_t>(speeds.size() / 2),
                     speeds.end());
    return speeds[speeds.size() / 2];
}

}  // namespace tutti::vulkan
