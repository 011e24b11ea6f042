#include "viewer/axes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "engine/masking_model.hpp"
#include "host/masking_sentences.hpp"

namespace tutti::viewer {

namespace {

constexpr double a4_hz = 440.0;
constexpr int a4_note = 69;  // MIDI

std::string clock(double seconds, bool with_tenths) {
    const double rounded = with_tenths ? std::round(seconds * 10.0) / 10.0 : std::round(seconds);
    const auto whole = static_cast<long>(rounded);
    char text[32];
    if (whole >= 3600) {
        std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    } else {
        std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
    }
    if (!with_tenths) return text;
    const auto tenth = std::lround((rounded - static_cast<double>(whole)) * 10.0);
    return std::string(text) + "." + std::to_string(tenth);
}

std::string note_name(int note) {
    constexpr std::array names = {"C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"};
    return names[static_cast<std::size_t>(note % 12)] + std::to_string(note / 12 - 1);
}

/// Leaves out labels that would stand closer than `least` to the one before.
void thin_labels(std::vector<Tick>& ticks, double least) {
    double last = -INFINITY;
    for (Tick& tick : ticks) {
        if (tick.text.empty()) continue;
        if (tick.at - last < least) {
            tick.text.clear();
        } else {
            last = tick.at;
        }
    }
}

}  // namespace

std::vector<Tick> time_ticks(double from_s, double to_s, double least_s) {
    constexpr std::array steps = {0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0};
    double step = 1800.0;
    for (const double candidate : steps) {
        if (candidate < least_s) continue;
        step = candidate;
        break;
    }
    std::vector<Tick> ticks;
    for (double i = std::ceil(from_s / step); i * step <= to_s; ++i) {
        ticks.push_back({i * step, clock(i * step, step < 1.0)});
    }
    return ticks;
}

std::vector<Tick> bar_ticks(const MaskingResults& results, double from_s, double to_s, double least_s) {
    if (!results.tempo_bpm) return {};
    const double bar_s = 60.0 / *results.tempo_bpm * results.beats_per_bar;
    double step = 1.0;
    while (step * bar_s < least_s) step *= 2.0;
    std::vector<Tick> ticks;
    for (double i = std::ceil(from_s / (bar_s * step)); i * step * bar_s <= to_s; ++i) {
        ticks.push_back({i * step * bar_s, std::to_string(static_cast<long>(i * step) + 1)});
    }
    return ticks;
}

std::vector<Tick> frequency_ticks(double low_cam, double high_cam, double least_cam) {
    std::vector<Tick> ticks;
    for (const int decade : {10, 100, 1000, 10000}) {
        for (int digit = 1; digit <= 9; ++digit) {
            const double hz = static_cast<double>(decade) * digit;
            const double cam = hz_to_cam(hz);
            if (cam < low_cam - 1e-9 || cam > high_cam + 1e-9) continue;
            const bool is_round = digit == 1 || digit == 2 || digit == 5;
            std::string text;
            if (is_round) {
                text = hz < 1000.0 ? std::to_string(decade * digit)
                                   : std::to_string(decade * digit / 1000) + "k";
            }
            ticks.push_back({cam, text});
        }
    }
    thin_labels(ticks, least_cam);
    // Lines without a label stand where there is room for them.
    std::vector<Tick> kept;
    for (const Tick& tick : ticks) {
        if (tick.text.empty() && !kept.empty() && tick.at - kept.back().at < 0.4 * least_cam) continue;
        kept.push_back(tick);
    }
    return kept;
}

std::vector<Tick> note_ticks(double low_cam, double high_cam, double least_cam) {
    std::vector<Tick> ticks;
    for (int note = 24; note <= 132; note += 12) {
        const double cam = hz_to_cam(a4_hz * std::exp2((note - a4_note) / 12.0));
        if (cam >= low_cam && cam <= high_cam) ticks.push_back({cam, note_name(note)});
    }
    thin_labels(ticks, least_cam);
    return ticks;
}

std::string moment_text(double seconds) { return clock(seconds, true); }

std::string bar_text(const MaskingResults& results, double seconds) {
    if (!results.tempo_bpm || seconds < 0.0) return {};
    // A moment that is a beat up to rounding is that beat.
    const auto beat = static_cast<long long>(std::floor(seconds * *results.tempo_bpm / 60.0 + 1e-6));
    return "bar " + std::to_string(beat / results.beats_per_bar + 1) + "." +
           std::to_string(beat % results.beats_per_bar + 1);
}

std::string moment_and_bar(const MaskingResults& results, double seconds) {
    const std::string bar = bar_text(results, seconds);
    return moment_text(seconds) + (bar.empty() ? "" : " (" + bar + ")");
}

std::string note_text(double hz) {
    const auto note = std::lround(a4_note + 12.0 * std::log2(hz / a4_hz));
    return note < 12 || note > 140 ? std::string() : note_name(static_cast<int>(note));
}

std::string frequency_and_note(double hz) {
    const std::string note = note_text(hz);
    return frequency_text(hz) + (note.empty() ? "" : " (" + note + ")");
}

}  // namespace tutti::viewer
