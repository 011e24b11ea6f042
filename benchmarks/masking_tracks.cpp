#include "benchmarks/masking_tracks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <random>
#include <vector>

#include "engine/errors.hpp"
#include "engine/threads.hpp"
#include "host/stem_reader.hpp"
#include "host/stem_survey.hpp"

namespace tutti::bench {

namespace {

/// One player. Random numbers come from the generator alone: distributions differ between libraries.
class Player {
  public:
    explicit Player(int number) : random_(static_cast<std::uint32_t>(number) + 1) {
        lowest_hz_ = 40.0 * std::exp2(5.5 * uniform());
        brightness_ = static_cast<float>(0.02 + 0.6 * uniform() * uniform());
        const double pan = uniform() * std::numbers::pi / 2.0;
        gains_ = {static_cast<float>(std::cos(pan)), static_cast<float>(std::sin(pan))};
    }

    void play(float* left, float* right, int frame_count) {
        for (int i = 0; i < frame_count; ++i) {
            if (frames_left_-- <= 0) begin_note();
            std::complex<float> tone = 0.0F;
            for (std::size_t k = 0; k < overtones_.size(); ++k) {
                tone += overtones_[k];
                overtones_[k] *= turns_[k];
            }
            noise_ += brightness_ * (static_cast<float>(uniform() - 0.5) - noise_);
            const float sample = level_ * (tone.real() + noise_);
            level_ *= decay_;
            left[i] = gains_[0] * sample;
            right[i] = gains_[1] * sample;
        }
    }

  private:
    double uniform() { return static_cast<double>(random_()) / 4294967296.0; }

    void begin_note() {
        frames_left_ = static_cast<int>(masking_rate_hz * (0.1 + 0.9 * uniform()));
        const bool rests = uniform() < 0.2;
        level_ = rests ? 0.0F : static_cast<float>(0.02 + 0.1 * uniform());
        decay_ = static_cast<float>(std::exp(-1.0 / (masking_rate_hz * (0.1 + uniform()))));
        const double hz = lowest_hz_ * std::exp2(std::floor(12.0 * uniform()) / 12.0);
        for (std::size_t k = 0; k < overtones_.size(); ++k) {
            const double turn = (static_cast<double>(k) + 1.0) * hz / masking_rate_hz;
            const double amplitude = turn < 0.5 ? 1.0 / (static_cast<double>(k) + 1.0) : 0.0;
            overtones_[k] = std::complex<float>(std::polar(amplitude, 2.0 * std::numbers::pi * uniform()));
            turns_[k] = std::complex<float>(std::polar(1.0, 2.0 * std::numbers::pi * turn));
        }
    }

    std::mt19937 random_;
    double lowest_hz_ = 0.0;
    float brightness_ = 0.0F;
    std::array<float, 2> gains_{};
    int frames_left_ = 0;
    float level_ = 0.0F;
    float decay_ = 1.0F;
    float noise_ = 0.0F;
    std::array<std::complex<float>, 6> overtones_{};
    std::array<std::complex<float>, 6> turns_{};
};

class SyntheticTracks final : public MaskingTracks {
  public:
    explicit SyntheticTracks(int track_count) {
        for (int track = 0; track < track_count; ++track) players_.emplace_back(track);
    }

    void next(std::span<float> rows, int frame_count) override {
        parallel_for(static_cast<int>(players_.size()), [&](int track) {
            float* const left = rows.data() + 2 * static_cast<std::size_t>(track) * frame_count;
            players_[track].play(left, left + frame_count, frame_count);
        });
    }
    std::string description() const override { return "synthetic notes, rests and noise"; }

  private:
    std::vector<Player> players_;
};

class StemTracks final : public MaskingTracks {
  public:
    StemTracks(int track_count, const std::filesystem::path& folder)
        : folder_(folder), files_(find_audio_files(folder)) {
        if (files_.empty()) throw InputError(folder.string() + " holds no audio files");
        for (int track = 0; track < track_count; ++track) stems_.push_back(open(track));
    }

    void next(std::span<float> rows, int frame_count) override {
        parallel_for(static_cast<int>(stems_.size()), [&](int track) {
            Stem& stem = stems_[track];
            if (stem.frame >= stem.reader.frame_count()) stem = open(track);
            const std::size_t length = frame_count;
            const std::span<float> both = rows.subspan(2 * track * length, 2 * length);
            if (stem.reader.channels() == 2) {
                stem.reader.read(both, frame_count);
            } else {
                stem.reader.read(both.first(length), frame_count);
                std::copy_n(both.data(), length, both.data() + length);
            }
            stem.frame += frame_count;
        });
    }
    std::string description() const override { return "the stems in " + folder_.filename().string(); }

  private:
    struct Stem {
        StemReader reader;
        std::int64_t frame = 0;
    };
    Stem open(int track) const { return {{files_[track % files_.size()], {masking_rate_hz, true}}, 0}; }

    std::filesystem::path folder_;
    std::vector<std::filesystem::path> files_;
    std::vector<Stem> stems_;
};

}  // namespace

std::unique_ptr<MaskingTracks> synthetic_tracks(int track_count) {
    return std::make_unique<SyntheticTracks>(track_count);
}

std::unique_ptr<MaskingTracks> stem_tracks(int track_count, const std::filesystem::path& folder) {
    return std::make_unique<StemTracks>(track_count, folder);
}

}  // namespace tutti::bench
