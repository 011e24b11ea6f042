#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/masking.hpp"

namespace tutti {

/// Something heard as one in an analysis: a track, tracks merged because they are coherent, or a return.
struct MaskingObject {
    std::string name;                 ///< as shown; of merged tracks the loudest's, with "+ 2"
    std::string group;                ///< the strip's group, else the bus it is routed to, else its own name
    std::vector<std::string> strips;  ///< of the session, the name-giving one first
    bool is_return = false;           ///< a bus fed by sends, or a group of such
    std::vector<int> sources;         ///< of a return: the objects that feed it; neither masks the other
    std::vector<int> related{};  ///< coherent with it, though not merged: neither masks the other, ascending
};

/// What an analysis found between objects: tracks, or groups of them.
struct MaskingView {
    std::vector<MaskingObject> objects;
    /// [object][hop][display band], IEEE half precision: dB, NaN where inactive.
    std::vector<std::uint16_t> margin_db;
    /// [object][hop][display band], IEEE half precision: partial loudness, sone, mean over the hop.
    std::vector<std::uint16_t> loudness;
    /// [section][band group][target][masker], see MaskingTile; sone seconds, and sone seconds per dB.
    std::vector<float> clash;
    std::vector<float> benefit;
    std::vector<float> self_cost;   ///< [section][band group][object], sone seconds per dB
    std::vector<float> partial;     ///< [section][band group][object], sone seconds
    std::vector<float> audibility;  ///< [section][band group][object][Audibility], sone seconds
};

struct MaskingCalibration {
    double full_scale_spl_db = 0.0;         ///< of a sine that reaches 0 dBFS, at each ear
    std::optional<double> playback_spl_db;  ///< what the mix's integrated loudness was set to, where it was
    std::optional<double> mix_lufs;         ///< integrated loudness at the master's input
};

struct MaskingResults {
    std::string session_name;
    std::string session_file;  ///< absolute
    std::string device;
    int sample_rate_hz = 0;
    double from_s = 0.0;  ///< where on the session's time line the analysis begins
    double duration_s = 0.0;
    GridKind grid = GridKind::usual;
    double hop_s = 0.1;  ///< display hop
    int hop_count = 0;
    double section_s = 10.0;  ///< clashes are summed over sections
    int section_count = 0;
    std::optional<double> tempo_bpm;  ///< of the session, for bars
    int beats_per_bar = 4;
    MaskingCalibration calibration;
    MaskingView tracks;
    MaskingView groups;  ///< objects are groups; their `strips` are the strips of their tracks
    /// [ear][object of tracks][hop][display band]: mean excitation in half decibels over -20 dB; 0: nothing.
    std::vector<std::uint8_t> excitation;

    /// Single slices, spread over the time: how excitation goes up and down in a hop. Not kept in reports.
    int slice_count = 0;
    std::vector<std::uint8_t> slices;  ///< [ear][object of tracks][slice][display band], as `excitation`

    struct Merge {
        std::vector<std::string> strips;
        double coherence = 0.0;  ///< smallest of the pairs that were joined, 0 ... 1
    };
    std::vector<Merge> merges;
    std::vector<std::string> notes;  ///< what the analysis leaves out or approximates in this session
};

}  // namespace tutti
