#include "host/hop_masking.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/masking_grid.hpp"
#include "engine/threads.hpp"
#include "host/half_float.hpp"
#include "host/masking_summary.hpp"
#include "host/masking_what_if.hpp"
#include "host/partial_loudness_table.hpp"

namespace tutti {

namespace {

/// 10 dB as a power. Of real stems with little in common (a bass, a flute, a hi-hat) overtones 20 dB down
/// would still make a dozen clashes, those 10 dB down make none; noise planted over what carries a stem is
/// found with either.
constexpr float carrying_part = 0.1F;
constexpr double carried_s = 2.0;

/// Less than this part of a masker's excitation is nothing that it could hide.
constexpr double least_part = 0.01;

const std::array<float, 256>& level_table() {
    static const std::array<float, 256> table = [] {
        std::array<float, 256> made{};
        for (std::size_t i = 0; i < made.size(); ++i) made[i] = cached_level(static_cast<std::uint8_t>(i));
        return made;
    }();
    return table;
}

}  // namespace

HopMasking::HopMasking(const MaskingResults& results, const MaskingView& view)
    : results_(results), view_(view), object_count_(static_cast<int>(view.objects.size())) {
    const MaskingGrid grid = display_grid();
    band_count_ = grid.band_count();
    cell_size_ = results.hop_s * grid.band_step_cam;
    const std::vector<MaskingObject>& tracks = results.tracks.objects;
    for (int object = 0; object < object_count_; ++object) {
        std::vector<int> members;
        if (&view == &results.tracks) members.push_back(object);
        for (std::size_t track = 0; track < tracks.size() && &view != &results.tracks; ++track) {
            if (tracks[track].group == view.objects[object].name) members.push_back(static_cast<int>(track));
        }
        members_.push_back(std::move(members));
        std::vector<int> relatives;
        for (int other = 0; other < object_count_; ++other) {
            if (other != object && are_relatives(view, object, other)) relatives.push_back(other);
        }
        relatives_.push_back(std::move(relatives));
    }

    const std::size_t hops = results.hop_count;
    std::vector<float> peaks(object_count_ * hops);
    parallel_for(results.hop_count, [&](int index) {
        Hop hop;
        read_excitation(index, hop);
        for (int object = 0; object < object_count_; ++object) {
            float& peak = peaks[object * hops + index];
            for (int ear = 0; ear < 2; ++ear) {
                const float* const own =
                    &hop.own[(static_cast<std::size_t>(ear) * object_count_ + object) * band_count_];
                peak = std::max(peak, *std::max_element(own, own + band_count_));
            }
        }
    });
    recent_peak_.resize(peaks.size());
    const auto reach = std::lround(carried_s / results.hop_s);
    parallel_for(object_count_, [&](int object) {
        const auto row = peaks.begin() + static_cast<std::ptrdiff_t>(object * hops);
        for (std::ptrdiff_t hop = 0; hop < results.hop_count; ++hop)
            recent_peak_[object * hops + hop] =
                *std::max_element(row + std::max<std::ptrdiff_t>(0, hop - reach), row + hop + 1);
    });
}

void HopMasking::read_excitation(int hop, Hop& to) const {
    const std::array<float, 256>& levels = level_table();
    const MaskingShape tracks(results_, results_.tracks);
    to.index = hop;
    to.own.assign(2 * static_cast<std::size_t>(object_count_) * band_count_, 0.0F);
    to.all.assign(2 * static_cast<std::size_t>(band_count_), 0.0);
    if (results_.excitation.empty()) return;
    for (int ear = 0; ear < 2; ++ear) {
        for (int object = 0; object < object_count_; ++object) {
            float* const own =
                &to.own[(static_cast<std::size_t>(ear) * object_count_ + object) * band_count_];
            for (const int track : members_[object]) {
                const std::uint8_t* const from = &results_.excitation[tracks.excitation(ear, track, hop, 0)];
                for (int band = 0; band < band_count_; ++band) own[band] += levels[from[band]];
            }
            for (int band = 0; band < band_count_; ++band) to.all[ear * band_count_ + band] += own[band];
        }
    }
}

void HopMasking::read(int hop, Hop& to) const {
    read_excitation(hop, to);
    to.carries.assign(static_cast<std::size_t>(object_count_) * band_count_, 0);
    for (int object = 0; object < object_count_; ++object) {
        if (view_.objects[object].is_return) continue;
        const float least =
            carrying_part * recent_peak_[static_cast<std::size_t>(object) * results_.hop_count + hop];
        for (int band = 0; band < band_count_; ++band) {
            const double most = std::max(own(to, 0, object, band), own(to, 1, object, band));
            to.carries[static_cast<std::size_t>(object) * band_count_ + band] =
                static_cast<char>(most > 0.0 && most >= least && !std::isnan(margin_db(object, hop, band)));
        }
    }
}

double HopMasking::maskers(const Hop& hop, int ear, int object, int band) const {
    double sum = hop.all[ear * band_count_ + band] - own(hop, ear, object, band);
    for (const int relative : relatives_[object]) sum -= own(hop, ear, relative, band);
    return std::max(0.0, sum);
}

HopMasking::Together HopMasking::together(const Hop& hop, int ear, int band, int masker) const {
    const double taken = own(hop, ear, masker, band);
    const std::vector<int>& spared = relatives_[masker];
    double carried = 0.0;
    for (int object = 0; object < object_count_; ++object) {
        if (object == masker || !carries(hop, object, band)) continue;
        if (!spared.empty() && std::binary_search(spared.begin(), spared.end(), object)) continue;
        carried += own(hop, ear, object, band);
    }
    if (taken <= 0.0 || carried <= least_part * taken) return {};
    const double rest = std::max(0.0, hop.all[ear * band_count_ + band] - taken - carried);
    return {tabulated_partial_loudness(band, carried, rest + taken),
            tabulated_partial_loudness(band, carried, rest)};
}

float HopMasking::margin_db(int object, int hop, int band) const {
    return from_half(
        view_.margin_db[(static_cast<std::size_t>(object) * results_.hop_count + hop) * band_count_ + band]);
}

}  // namespace tutti
