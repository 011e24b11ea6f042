#include "benchmarks/peers/zita_mix.hpp"

#include <sndfile.h>

#include <algorithm>
#include <functional>
#include <string>

#include "benchmarks/peers/zita_engine.hpp"
#include "benchmarks/worker.hpp"
#include "engine/errors.hpp"

namespace tutti::bench {

namespace {

namespace fs = std::filesystem;

struct Audio {
    std::vector<std::vector<float>> channels;
    int sample_rate_hz = 0;
};

Audio read_audio(const fs::path& file) {
    SF_INFO info{};
    SNDFILE* sound = sf_open(file.c_str(), SFM_READ, &info);
    if (sound == nullptr) throw InputError(file.string() + ": " + sf_strerror(nullptr));
    const auto count = static_cast<std::size_t>(info.channels);
    std::vector<float> interleaved(static_cast<std::size_t>(info.frames) * count);
    const sf_count_t read = sf_readf_float(sound, interleaved.data(), info.frames);
    sf_close(sound);
    if (read != info.frames) throw InputError(file.string() + " is cut short");
    Audio audio{std::vector<std::vector<float>>(count), info.samplerate};
    if (count == 1) {
        audio.channels[0] = std::move(interleaved);
        return audio;
    }
    for (std::size_t i = 0; i < interleaved.size(); ++i) audio.channels[i % count].push_back(interleaved[i]);
    return audio;
}

void write_stereo(const fs::path& file, const std::vector<std::vector<float>>& sides, int sample_rate_hz) {
    std::vector<float> interleaved(2 * sides[0].size());
    for (std::size_t i = 0; i < interleaved.size(); ++i) interleaved[i] = sides[i % 2][i / 2];
    SF_INFO info{};
    info.channels = 2;
    info.samplerate = sample_rate_hz;
    info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
    SNDFILE* sound = sf_open(file.c_str(), SFM_WRITE, &info);
    if (sound == nullptr) throw InputError(file.string() + ": " + sf_strerror(nullptr));
    const auto frames = static_cast<sf_count_t>(sides[0].size());
    const sf_count_t written = sf_writef_float(sound, interleaved.data(), frames);
    if (sf_close(sound) != 0 || written != frames) throw InputError(file.string() + " cannot be written");
}

}  // namespace

void zita_mix(const fs::path& out, const fs::path& kernel, float gain, int thread_count,
              const std::vector<fs::path>& stems) {
    const Audio response = read_audio(kernel);
    if (response.channels.size() != 2) throw InputError(kernel.string() + " is not stereo");
    sf_count_t longest = 0;
    for (const fs::path& stem : stems) {
        SF_INFO info{};
        SNDFILE* sound = sf_open(stem.c_str(), SFM_READ, &info);
        if (sound == nullptr) throw InputError(stem.string() + ": " + sf_strerror(nullptr));
        sf_close(sound);
        longest = std::max(longest, info.frames);
    }

    const std::size_t result_frames = static_cast<std::size_t>(longest) + response.channels[0].size() - 1;
    using Sides = std::vector<std::vector<float>>;
    std::vector<Sides> sums(static_cast<std::size_t>(thread_count),
                            Sides(2, std::vector<float>(result_frames, 0.0F)));
    std::vector<std::unique_ptr<Convproc>> engines;
    for (std::size_t thread = 0; thread < sums.size(); ++thread) {
        engines.push_back(make_zita_engine({response.channels[0], response.channels[1]}, false));
    }
    std::vector<std::string> errors(sums.size());
    for_each_row(static_cast<int>(stems.size()), thread_count, [&](int thread, int stem) {
        const auto own = static_cast<std::size_t>(thread);
        try {
            const Audio audio = read_audio(stems[static_cast<std::size_t>(stem)]);
            start(*engines[own]);
            convolve(*engines[own], audio.channels[0], {sums[own][0], sums[own][1]}, gain);
            stop(*engines[own]);
        } catch (const std::exception& error) {
            errors[own] = error.what();
        }
    });
    for (const std::string& error : errors) {
        if (!error.empty()) throw InputError(error);
    }
    for (std::size_t thread = 1; thread < sums.size(); ++thread) {
        for (std::size_t side = 0; side < 2; ++side) {
            std::transform(sums[0][side].begin(), sums[0][side].end(), sums[thread][side].begin(),
                           sums[0][side].begin(), std::plus<>());
        }
    }
    write_stereo(out, sums[0], response.sample_rate_hz);
}

}  // namespace tutti::bench
