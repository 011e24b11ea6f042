#include "benchmarks/mix_session.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iomanip>
#include <string>
#include <string_view>
#include <vector>

#include "engine/errors.hpp"
#include "host/stem_reader.hpp"

namespace tutti::bench {

namespace {

namespace fs = std::filesystem;

constexpr double wet_mix = 0.1;

std::vector<fs::path> audio_files(const fs::path& folder) {
    constexpr std::array<std::string_view, 6> endings = {".wav", ".flac", ".ogg", ".opus", ".aiff", ".aif"};
    if (!fs::is_directory(folder)) {
        throw InputError(folder.string() + " is not a folder");
    }
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        const std::string ending = entry.path().extension().string();
        if (entry.is_regular_file() && std::find(endings.begin(), endings.end(), ending) != endings.end()) {
            files.push_back(fs::absolute(entry.path()));
        }
    }
    if (files.empty()) {
        throw InputError(folder.string() + " holds no audio files (.wav .flac .ogg .opus .aiff)");
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// What brings the loudest channel of the response to unit energy, to a tenth of a decibel.
double unit_energy_gain_db(const fs::path& file, int sample_rate_hz) {
    double loudest = 0.0;
    for (const std::vector<double>& channel : read_whole(file, sample_rate_hz, 2)) {
        double energy = 0.0;
        for (const double sample : channel) {
            energy += sample * sample;
        }
        loudest = std::max(loudest, energy);
    }
    if (loudest == 0.0) {
        throw InputError(file.string() + " is silent");
    }
    return std::round(-100.0 * std::log10(loudest)) / 10.0;
}

/// A number between low and high for track i: equally spread and in no order (the golden ratio's multiples).
double spread(int i, int what, double low, double high) {
    double whole = 0.0;
    return low + (high - low) * std::modf(0.618033988749895 * (i + 1) + 0.27 * what, &whole);
}

void write_track(std::ostream& out, int i, const fs::path& stem, const fs::path& response,
                 double wet_gain_db) {
    out << "\n[[track]]\nname = \"Track " << i + 1 << "\"\nfile = " << stem
        << "\ngain_db = " << spread(i, 0, -6.0, 0.0) << "\npan = " << spread(i, 1, -0.8, 0.8) << "\n";
    out << "  [[track.insert]]\n  type = \"eq\"\n  bands = [\n"
        << "    { shape = \"highpass\", freq_hz = " << spread(i, 2, 20.0, 60.0)
        << ", slope_db_per_oct = 12 },\n"
        << "    { shape = \"bell\", freq_hz = " << spread(i, 3, 150.0, 500.0)
        << ", gain_db = " << spread(i, 4, -4.0, 2.0) << ", q = 1.0 },\n"
        << "    { shape = \"bell\", freq_hz = " << spread(i, 5, 1000.0, 4000.0)
        << ", gain_db = " << spread(i, 6, -3.0, 3.0) << ", q = 1.4 },\n"
        << "    { shape = \"high_shelf\", freq_hz = " << spread(i, 7, 6000.0, 10000.0)
        << ", gain_db = " << spread(i, 8, -2.0, 3.0) << ", q = 0.7071 } ]\n";
    out << "  [[track.insert]]\n  type = \"convolution\"\n  file = " << response << "\n  mix = " << wet_mix
        << "\n  gain_db = " << wet_gain_db << "\n";
    out << "  [[track.insert]]\n  type = \"compressor\"\n  threshold_db = -24.0\n  ratio = 4.0\n  attack_ms "
           "= "
        << spread(i, 9, 5.0, 20.0) << "\n  release_ms = " << spread(i, 10, 80.0, 200.0)
        << "\n  knee_db = 6.0\n  detector = \"rms\"\n";
}

}  // namespace

void write_mix_session(const MixRecipe& recipe, const fs::path& session_file) {
    const std::vector<fs::path> stems = audio_files(recipe.stems);
    const int track_count = recipe.track_count > 0 ? recipe.track_count : static_cast<int>(stems.size());
    const fs::path response = fs::absolute(recipe.impulse_response);
    const int sample_rate_hz = read_audio_info(stems.front()).sample_rate_hz;
    const AudioInfo response_info = read_audio_info(response);
    const double wet_gain_db = unit_energy_gain_db(response, sample_rate_hz);

    // std::quoted, which paths are written with, escapes as TOML's basic strings do.
    std::ofstream out(session_file);
    out << std::fixed << std::setprecision(3);
    out << "[session]\nname = \"Benchmark\"\nsample_rate = " << sample_rate_hz
        << "\ntail_s = " << static_cast<double>(response_info.frame_count) / response_info.sample_rate_hz
        << "\n";
    for (int i = 0; i < track_count; ++i) {
        write_track(out, i, stems[static_cast<std::size_t>(i) % stems.size()], response, wet_gain_db);
    }
    // Independent tracks add in power: the sum is about as loud as one track.
    out << "\n[master]\n  [[master.insert]]\n  type = \"gain\"\n  gain_db = "
        << -10.0 * std::log10(track_count)
        << "\n  [[master.insert]]\n  type = \"limiter\"\n  ceiling_dbtp = -1.0\n";
    if (!out.flush()) {
        throw InputError(session_file.string() + " cannot be written");
    }
}

}  // namespace tutti::bench
