#include "host/cut_gains.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "engine/masking_grid.hpp"
#include "engine/masking_model.hpp"
#include "engine/threads.hpp"
#include "host/half_float.hpp"
#include "host/masking_what_if.hpp"

namespace tutti {

namespace {

/// Where severity ends, see MaskingTile.
constexpr float clear_margin_db = 15.0F;

/// Partial loudness is tabulated: over the target's level in steps of 1 dB (it is kept in half decibels),
/// and over the masker's in steps of 1 dB with straight lines between.
constexpr int level_count = 128;
constexpr int lowest_level_db = -20;
constexpr int masker_count = 151;

/// A sum takes every third hop where there are many, in a third of the time.
constexpr int summed_hop_step = 3;
constexpr int least_summed_hops = 30;

/// [display band][level of target][level of masker], sone per Cam
std::vector<float> partial_loudness_table() {
    const std::vector<double> band_hz = display_band_hz();
    constexpr std::size_t size = static_cast<std::size_t>(level_count) * masker_count;
    std::vector<float> table(band_hz.size() * size);
    parallel_for(static_cast<int>(band_hz.size()), [&](int band) {
        const BandConstants constants = band_constants(band_hz[band]);
        float* to = &table[band * size];
        for (int level = 0; level < level_count; ++level) {
            const double target = cached_level(static_cast<std::uint8_t>(2 * level));
            for (int m = 0; m < masker_count; ++m) {
                const double masker = std::pow(10.0, (lowest_level_db + m) / 10.0);
                *to++ = static_cast<float>(partial_loudness(target, masker, constants));
            }
        }
    });
    return table;
}

double partial_loudness_at(int band, int level, double masker) {
    static const std::vector<float> table = partial_loudness_table();
    const double masker_db = 10.0 * std::log10(std::max(masker, 1e-30));
    const double place = std::clamp(masker_db - lowest_level_db, 0.0, masker_count - 1.001);
    const int below = static_cast<int>(place);
    const float* const at =
        &table[(static_cast<std::size_t>(band) * level_count + level) * masker_count + below];
    return at[0] + (place - below) * (at[1] - at[0]);
}

/// Sone per Cam.
double won_in_ear(int band, double own, double others, double taken) {
    const double own_db = 10.0 * std::log10(own);
    const int level = std::clamp(static_cast<int>(std::lround(own_db)) - lowest_level_db, 0, level_count - 1);
    return partial_loudness_at(band, level, others - taken) - partial_loudness_at(band, level, others);
}

}  // namespace

CutGains::CutGains(const MaskingResults& results, const MaskingView& view) : results_(results), view_(view) {
    const MaskingGrid grid = display_grid();
    band_count_ = grid.band_count();
    band_step_cam_ = grid.band_step_cam;
    const std::vector<MaskingObject>& tracks = results.tracks.objects;
    const CachedExcitation cache = cached_excitation(results);
    for (std::size_t object = 0; object < view.objects.size(); ++object) {
        std::vector<int> members;
        if (&view == &results.tracks) members.push_back(static_cast<int>(object));
        for (std::size_t track = 0; track < tracks.size() && &view != &results.tracks; ++track) {
            if (tracks[track].group == view.objects[object].name) members.push_back(static_cast<int>(track));
        }
        std::vector<int> silent = members;
        for (const int track : members) {
            silent.insert(silent.end(), cache.relatives[track].begin(), cache.relatives[track].end());
        }
        std::sort(silent.begin(), silent.end());
        silent.erase(std::unique(silent.begin(), silent.end()), silent.end());
        members_.push_back(std::move(members));
        silent_.push_back(std::move(silent));
    }
    if (results.excitation.empty()) return;

    const std::size_t row = static_cast<std::size_t>(results.hop_count) * band_count_;
    all_.resize(2 * row);
    parallel_for(2 * results.hop_count, [&](int i) {
        double* const sums = &all_[static_cast<std::size_t>(i) * band_count_];
        for (int track = 0; track < static_cast<int>(tracks.size()); ++track) {
            const std::uint8_t* const from = levels(i / results.hop_count, track) +
                                             static_cast<std::size_t>(i % results.hop_count) * band_count_;
            for (int band = 0; band < band_count_; ++band) sums[band] += cached_level(from[band]);
        }
    });
}

const std::uint8_t* CutGains::levels(int ear, int track) const {
    const std::size_t row = ear * results_.tracks.objects.size() + track;
    return &results_.excitation[row * results_.hop_count * band_count_];
}

template <typename Visit>
void CutGains::for_won(int target, int masker, const Cells& cells, int hop_step, Visit visit) const {
    if (all_.empty()) return;
    std::vector<int> cut;
    for (const int track : members_[masker]) {
        if (!std::binary_search(silent_[target].begin(), silent_[target].end(), track)) cut.push_back(track);
    }
    const double cell_size = results_.hop_s * band_step_cam_;
    for (int hop = cells.first_hop; hop < cells.end_hop; hop += hop_step) {
        const std::size_t at = static_cast<std::size_t>(hop) * band_count_;
        const std::uint16_t* const margins =
            &view_.margin_db[static_cast<std::size_t>(target) * results_.hop_count * band_count_ + at];
        for (int band = cells.first_band; band < cells.end_band; ++band) {
            if (!(from_half(margins[band]) < clear_margin_db)) continue;  // or inactive: not a number
            double won = 0.0;
            std::array<double, 3> last{};  // a centred target costs but one ear
            double last_won = 0.0;
            for (int ear = 0; ear < 2; ++ear) {
                const auto sum_of = [&](const std::vector<int>& tracks) {
                    double sum = 0.0;
                    for (const int track : tracks) sum += cached_level(levels(ear, track)[at + band]);
                    return sum;
                };
                const double taken = sum_of(cut);
                const double own = sum_of(members_[target]);
                if (taken <= 0.0 || own <= 0.0) continue;
                const double others = all_[ear * (all_.size() / 2) + at + band] - sum_of(silent_[target]);
                const std::array<double, 3> now{taken, own, others};
                if (now != last) last_won = won_in_ear(band, own, others, taken);
                last = now;
                won += last_won;
            }
            visit(hop, band, won * cell_size);
        }
    }
}

std::vector<float> CutGains::won(int target, int masker, const Cells& cells) const {
    const int width = cells.end_band - cells.first_band;
    std::vector<float> values(static_cast<std::size_t>(cells.end_hop - cells.first_hop) * width);
    for_won(target, masker, cells, 1, [&](int hop, int band, double won) {
        values[static_cast<std::size_t>(hop - cells.first_hop) * width + band - cells.first_band] =
            static_cast<float>(won);
    });
    return values;
}

double CutGains::sum(int target, int masker, const Cells& cells) const {
    const int step = std::clamp((cells.end_hop - cells.first_hop) / least_summed_hops, 1, summed_hop_step);
    double sum = 0.0;
    for_won(target, masker, cells, step, [&](int /*hop*/, int /*band*/, double won) { sum += step * won; });
    return sum;
}

}  // namespace tutti
