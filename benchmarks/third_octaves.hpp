#pragma once

#include <filesystem>
#include <vector>

namespace tutti::bench {

/// Mean level of an audio file in third-octave bands, 25 Hz to 20 kHz (IEC 61260-1, base ten).
struct BandLevels {
    std::vector<double> centre_hz;
    std::vector<std::vector<double>>
        level_db;  ///< [channel][band], relative to a full-scale square wave; at least -200
};

/// Power spectrum by Welch's method, Hann windows of 2^15 frames, half overlapped. Throws InputError for a
/// file that cannot be read or is shorter than one window.
BandLevels third_octave_levels(const std::filesystem::path& file);

/// How far apart two mixes of the same channels are, over the bands that lie within `range_db` of the loudest
/// band of their channel in `a`.
struct LevelDifference {
    double median_db = 0.0;
    double greatest_db = 0.0;
    double greatest_at_hz = 0.0;
};

LevelDifference compare_levels(const BandLevels& a, const BandLevels& b, double range_db);

}  // namespace tutti::bench
