#include "host/stem_survey.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <cmath>
#include <mutex>
#include <span>

#include "engine/threads.hpp"
#include "host/instrument_family.hpp"
#include "host/loudness.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

namespace fs = std::filesystem;

constexpr int block_frames = 65536;

bool has_audio_extension(const fs::path& file) {
    constexpr std::array<std::string_view, 16> known{".wav",  ".wave", ".bwf",  ".rf64", ".w64", ".aif",
                                                     ".aiff", ".aifc", ".caf",  ".au",   ".snd", ".flac",
                                                     ".ogg",  ".oga",  ".opus", ".mp3"};
    std::string extension = file.extension().string();
    for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return std::find(known.begin(), known.end(), extension) != known.end();
}

bool is_hidden(const fs::path& file) { return file.filename().string().starts_with('.'); }

/// Two steps per sample of a 64-bit hash in the manner of FNV-1a, on whole samples.
std::uint64_t fingerprint(std::span<const float> samples, std::uint64_t state) {
    constexpr std::uint64_t fnv_prime = 0x100000001B3;
    for (const float sample : samples) {
        state = (state ^ std::bit_cast<std::uint32_t>(sample)) * fnv_prime;
        state ^= state >> 32U;
    }
    return state;
}

/// The BS.1770 scale without its filters and gates, for what is too short or too quiet to have a gated block.
double ungated_lufs(double square_sum, std::int64_t frames) {
    return 10.0 * std::log10(square_sum / static_cast<double>(frames)) - 0.691;
}

void listen(SurveyedStem& stem) {
    stem.info = read_audio_info(stem.file);
    StemReader reader(stem.file, {.sample_rate_hz = stem.info.sample_rate_hz, .hint_at_repair = false});
    const auto channels = static_cast<std::size_t>(reader.channels());
    constexpr std::uint64_t fnv_offset = 0xCBF29CE484222325;
    stem.fingerprints.assign(channels, fnv_offset);
    LoudnessMeter meter(reader.channels(), stem.info.sample_rate_hz, LoudnessExtent::integrated);
    std::vector<float> planes(channels * block_frames);
    double square_sum = 0.0;
    for (std::int64_t start = 0; start < stem.info.frame_count; start += block_frames) {
        const int count =
            static_cast<int>(std::min<std::int64_t>(block_frames, stem.info.frame_count - start));
        const auto used = static_cast<std::size_t>(count);
        reader.read(std::span(planes).first(channels * used), count);
        for (std::size_t c = 0; c < channels; ++c) {
            const std::span<const float> plane(planes.data() + c * used, used);
            stem.fingerprints[c] = fingerprint(plane, stem.fingerprints[c]);
            for (const float sample : plane) square_sum += double{sample} * sample;
        }
        meter.add(planes, count, count);
    }
    stem.peak = reader.findings().peak;
    stem.clipped_count = reader.findings().clipped_count;
    stem.loudness_lufs = meter.result().integrated_lufs;
    if (!std::isfinite(stem.loudness_lufs))
        stem.loudness_lufs = ungated_lufs(square_sum, stem.info.frame_count);
}

/// An error's text begins with the file's name, which the survey tells apart.
std::string without_name(const std::string& message, const fs::path& file) {
    const std::string prefix = printable(file.string()) + ": ";
    return message.starts_with(prefix) ? message.substr(prefix.size()) : message;
}

}  // namespace

bool SurveyedStem::is_silent() const {
    constexpr float two_steps_of_16_bits = 2.0F / 32768.0F;
    return problem.empty() && peak <= two_steps_of_16_bits;
}

bool SurveyedStem::is_dual_mono() const {
    return fingerprints.size() == 2 && fingerprints[0] == fingerprints[1];
}

bool SurveyedStem::has_samples_of(const SurveyedStem& other) const {
    return info.frame_count == other.info.frame_count && info.sample_rate_hz == other.info.sample_rate_hz &&
           fingerprints == other.fingerprints;
}

double SurveyedStem::seconds() const { return static_cast<double>(info.frame_count) / info.sample_rate_hz; }

std::vector<fs::path> find_audio_files(const fs::path& folder) {
    std::error_code error;
    if (!fs::is_directory(folder, error)) throw InputError(printable(folder.string()) + ": no such folder");
    std::vector<fs::path> files;
    fs::recursive_directory_iterator entry(folder, error);
    for (const fs::recursive_directory_iterator end; !error && entry != end; entry.increment(error)) {
        if (is_hidden(entry->path())) {
            entry.disable_recursion_pending();
        } else if (std::error_code gone; entry->is_regular_file(gone) && has_audio_extension(entry->path())) {
            files.push_back(entry->path());
        }
    }
    if (error) throw InputError(printable(folder.string()) + ": cannot be read: " + error.message());
    std::sort(files.begin(), files.end(),
              [](const fs::path& a, const fs::path& b) { return natural_less(a.string(), b.string()); });
    return files;
}

std::vector<SurveyedStem> survey_stems(const std::vector<fs::path>& files,
                                       const std::function<void(int)>& progress) {
    std::vector<SurveyedStem> stems(files.size());
    std::mutex one_report;
    int done = 0;
    parallel_for(static_cast<int>(files.size()), [&](int i) {
        SurveyedStem& stem = stems[static_cast<std::size_t>(i)];
        stem.file = files[static_cast<std::size_t>(i)];
        try {
            listen(stem);
        } catch (const InputError& error) {
            stem.problem = without_name(error.what(), stem.file);
        }
        const std::lock_guard lock(one_report);
        ++done;
        if (progress) progress(done);
    });
    return stems;
}

}  // namespace tutti
