#include "benchmarks/files_job.hpp"

#include <algorithm>
#include <fstream>

#include "benchmarks/convolution_case.hpp"
#include "benchmarks/gate.hpp"
#include "benchmarks/worker.hpp"
#include "host/audio_writer.hpp"
#include "host/stem_reader.hpp"
#include "host/stem_survey.hpp"

namespace tutti::bench {

namespace {

namespace fs = std::filesystem;

constexpr int block_frames = 1 << 16;

void write_wav(const fs::path& file, std::span<const float> planes, int channels, SampleFormat sample) {
    const auto frame_count = static_cast<std::int64_t>(planes.size()) / channels;
    AudioWriter writer(file, {FileFormat::wav, sample, channels, case_rate_hz}, frame_count);
    writer.write(planes, static_cast<int>(frame_count), static_cast<int>(frame_count));
    writer.commit();
}

std::vector<fs::path> write_noise_stems(int stem_count, std::int64_t frame_count, int thread_count,
                                        const WorkFolder& work) {
    std::vector<fs::path> stems;
    for (int stem = 0; stem < stem_count; ++stem) {
        stems.push_back(work / ("stem" + std::to_string(stem + 1) + ".wav"));
    }
    for_each_row(stem_count, thread_count, [&](int, int stem) {
        std::vector<float> samples(static_cast<std::size_t>(frame_count));
        fill_with_noise(samples, static_cast<std::uint64_t>(stem));
        if (stem == 0 || stem == stem_count - 1) {
            for (const std::int64_t frame : critical_frames(frame_count)) {
                samples[static_cast<std::size_t>(frame)] = 0.9F;
            }
        }
        write_wav(stems[static_cast<std::size_t>(stem)], samples, 1, SampleFormat::int24);
    });
    return stems;
}

std::vector<fs::path> mono_stems(const fs::path& folder, int stem_count, std::int64_t& frame_count) {
    std::vector<fs::path> mono;
    frame_count = 0;
    for (const fs::path& file : find_audio_files(folder)) {
        const AudioInfo info = read_audio_info(file);
        if (info.channels == 1 && info.sample_rate_hz == case_rate_hz) {
            mono.push_back(fs::absolute(file));
            frame_count = std::max(frame_count, info.frame_count);
        }
        if (static_cast<int>(mono.size()) == stem_count) break;
    }
    if (mono.empty()) throw InputError(folder.string() + " holds no mono stems at 48 kHz");
    std::vector<fs::path> stems;
    for (int stem = 0; stem < stem_count; ++stem)
        stems.push_back(mono[static_cast<std::size_t>(stem) % mono.size()]);
    return stems;
}

}  // namespace

FilesJob prepare_files(int stem_count, std::int64_t frame_count, std::int64_t tap_count,
                       const SampleSources& sources, int thread_count, const WorkFolder& work) {
    FilesJob job;
    job.thread_count = thread_count;
    job.frame_count = frame_count;
    if (sources.stems.empty()) {
        job.stems = write_noise_stems(stem_count, frame_count, thread_count, work);
    } else {
        job.stems = mono_stems(sources.stems, stem_count, job.frame_count);
    }
    const std::vector<std::vector<float>> kernels = make_kernels(sources, 2, tap_count);
    std::vector<float> planes = kernels.front();
    planes.insert(planes.end(), kernels.back().begin(), kernels.back().end());
    job.tap_count = static_cast<std::int64_t>(kernels.front().size());
    job.kernel = work / "kernel.wav";
    write_wav(job.kernel, planes, 2, SampleFormat::float32);
    return job;
}

std::vector<std::vector<double>> exact_mix(const FilesJob& job) {
    // 24-bit samples and sums of 1000 of them are exact in double; as floats the sum would not be.
    std::vector<double> sum(static_cast<std::size_t>(job.frame_count), 0.0);
    std::vector<float> block(block_frames);
    for (const fs::path& stem : job.stems) {
        StemReader reader(stem, {case_rate_hz, false});
        for (std::size_t start = 0; start < sum.size(); start += block_frames) {
            const std::size_t count = std::min<std::size_t>(block_frames, sum.size() - start);
            reader.read(std::span(block).first(count), static_cast<int>(count));
            for (std::size_t i = 0; i < count; ++i) sum[start + i] += static_cast<double>(block[i]);
        }
    }
    std::vector<std::vector<double>> mix;
    for (const std::vector<double>& taps : read_whole(job.kernel, case_rate_hz, 2)) {
        mix.push_back(convolve_exactly(std::span<const double>(sum), std::span<const double>(taps)));
        for (double& sample : mix.back()) sample *= files_job_gain;
    }
    return mix;
}

std::vector<std::vector<float>> read_mix(const std::vector<fs::path>& files, std::int64_t frame_count) {
    const auto count = static_cast<std::size_t>(frame_count);
    std::vector<std::vector<float>> mix(2, std::vector<float>(count, 0.0F));
    for (const fs::path& file : files) {
        std::vector<float> planes(2 * count, 0.0F);
        if (file.extension() == ".raw") {
            std::vector<float> interleaved(2 * count, 0.0F);
            std::ifstream stream(file, std::ios::binary);
            stream.read(reinterpret_cast<char*>(interleaved.data()),
                        static_cast<std::streamsize>(interleaved.size() * sizeof(float)));
            for (std::size_t i = 0; i < 2 * count; ++i) planes[i % 2 * count + i / 2] = interleaved[i];
        } else {
            StemReader reader(file, {case_rate_hz, false});
            if (reader.channels() != 2) throw InputError(file.string() + " is not stereo");
            reader.read(planes, static_cast<int>(count));
        }
        for (std::size_t i = 0; i < 2 * count; ++i) mix[i / count][i % count] += planes[i];
    }
    return mix;
}

double signal_to_error_db(const std::vector<std::vector<double>>& exact,
                          const std::vector<std::vector<float>>& mix) {
    return std::min(signal_to_error_db(exact[0], mix[0]), signal_to_error_db(exact[1], mix[1]));
}

}  // namespace tutti::bench
