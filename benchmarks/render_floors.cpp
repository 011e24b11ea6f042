#include "benchmarks/render_floors.hpp"

#include <cmath>
#include <map>
#include <set>
#include <thread>

#include "benchmarks/peers/transforms.hpp"
#include "engine/threads.hpp"
#include "host/plan.hpp"
#include "host/stem_reader.hpp"

namespace tutti::bench {

namespace fs = std::filesystem;

std::vector<std::string> read_command(const std::vector<fs::path>& stems, const fs::path& mix,
                                      const fs::path& copy) {
    std::vector<std::string> words = {
        "sh",
        "-c",
        R"(mix=$1 copy=$2; shift 2; cat "$@" >/dev/null && dd if="$mix" of="$copy" bs=1M conv=fsync status=none)",
        "sh",
        mix.string(),
        copy.string()};
    for (const fs::path& stem : stems) words.push_back(stem.string());
    return words;
}

std::vector<std::string> decode_command(const ProgramPlaces& places, const std::vector<fs::path>& stems) {
    std::vector<std::string> words = {places.tutti_bench.string(), "worker", "decode"};
    for (const fs::path& stem : stems) words.push_back(stem.string());
    return words;
}

void decode_all(const std::vector<std::string>& files) {
    parallel_for(static_cast<int>(files.size()), [&](int i) {
        const std::string& file = files[static_cast<std::size_t>(i)];
        constexpr int block_frames = 1 << 16;
        StemReader reader(file, {read_audio_info(file).sample_rate_hz, false});
        std::vector<float> planes(static_cast<std::size_t>(reader.channels()) * block_frames);
        for (std::int64_t at = 0; at < reader.frame_count(); at += block_frames)
            reader.read(planes, block_frames);
    });
}

double transforms_s(const Session& session, const std::vector<int>& channels, std::int64_t frame_count,
                    const fs::path& wisdom_file) {
    const MixPlan plan = make_plan(session, channels, {}, [](const std::string&) {});
    struct Alike {
        int path_count = 0;
        std::int64_t tap_count = 0;  ///< of all paths together
    };
    std::map<int, Alike> by_octave;
    for (const Step& step : plan.render.steps) {
        const auto* const convolve = std::get_if<ConvolveStep>(&step);
        if (convolve == nullptr) continue;
        for (const ConvolverPath& path : convolve->convolver.paths) {
            const std::size_t taps =
                convolve->convolver.kernels[static_cast<std::size_t>(path.kernel)].size();
            Alike& alike = by_octave[static_cast<int>(std::log2(static_cast<double>(taps)))];
            ++alike.path_count;
            alike.tap_count += static_cast<std::int64_t>(taps);
        }
    }
    double sum_s = 0.0;
    for (const auto& [octave, alike] : by_octave) {
        ConvolutionJob job;
        job.row_count = alike.path_count;
        job.tap_count = alike.tap_count / alike.path_count;
        job.frame_count = frame_count - job.tap_count + 1;
        job.thread_count = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
        job.wisdom_file = wisdom_file;
        sum_s += seconds_of_transforms(job);
    }
    return sum_s;
}

}  // namespace tutti::bench
