#include "host/reshaped_excitation.hpp"

#include <algorithm>

#include "engine/errors.hpp"
#include "engine/threads.hpp"

namespace tutti {

namespace {

/// A filter holds about two display bands' components, where the spectrum is flat.
constexpr float first_part = 0.5F;
constexpr int rounds = 12;
/// Of excitation: less is nothing, and no reason to divide by it.
constexpr float nothing = 1e-9F;

MaskingGrid grid_of_spectra() {
    MaskingGrid grid = display_grid();
    grid.component_hz = grid.band_hz;
    return grid;
}

std::unique_ptr<Excitation> make_operation(Backend& backend, int object_count, int most_hops) {
    const RowsShape shape{.row_count = 1, .frame_count = control_hop, .history_count = control_hop};
    ExcitationPlan plan;
    plan.sample_rate_hz = 48000;  // of rows that are not listened to
    plan.grid = grid_of_spectra();
    plan.cochlea_gains.assign(plan.grid.component_count(), 1.0);
    plan.objects.assign(object_count, {.rows = {0, 0}, .weights = {}});
    plan.most_slices = most_hops;
    return backend.make_excitation(shape, plan);
}

float ratio(float to, float from) { return from > nothing ? to / from : 1.0F; }

}  // namespace

ReshapedExcitation::ReshapedExcitation(Backend& backend, const CachedExcitation& excitation, int most_hops)
    : excitation_(excitation),
      object_count_(excitation.object_count),
      band_count_(display_grid().band_hz.size()),
      hop_size_(2 * object_count_ * band_count_),
      operation_(make_operation(backend, object_count_, most_hops)),
      tile_(backend.make_excitations({most_hops, object_count_, static_cast<int>(band_count_)})) {
    for (std::vector<float>* values : {&kept_, &powers_, &found_, &changed_, &result_})
        values->resize(most_hops * hop_size_);
}

void ReshapedExcitation::excite(const std::vector<float>& powers, std::vector<float>& excitation) {
    operation_->process_powers(filled(powers), *tile_, 0);
    tile_->read(0, std::span<float>(excitation).first(hop_count_ * hop_size_));
}

void ReshapedExcitation::take(std::span<const int> hops) {
    hop_count_ = static_cast<int>(hops.size());
    TUTTI_CHECK(hop_count_ * hop_size_ <= kept_.size());
    parallel_for(2 * object_count_, [&](int part) {
        const int ear = part / object_count_;
        const int object = part % object_count_;
        for (int hop = 0; hop < hop_count_; ++hop) {
            const std::uint8_t* const levels = excitation_.at(ear, object, hops[hop]);
            for (std::size_t band = 0; band < band_count_; ++band) {
                const std::size_t at = row(hop, ear, object) + band;
                kept_[at] = cached_level(levels[band]);
                powers_[at] = first_part * kept_[at];
            }
        }
    });
    excite(powers_, found_);
    for (int round = 0; round < rounds; ++round) {
        parallel_for(hop_count_, [&](int hop) {
            for (std::size_t at = row(hop, 0, 0); at < row(hop, 0, 0) + hop_size_; ++at)
                powers_[at] *= ratio(kept_[at], found_[at]);
        });
        excite(powers_, found_);
    }
}

void ReshapedExcitation::change(const LevelChange& change, float playback) {
    for (int hop = 0; hop < hop_count_; ++hop) {
        for (std::size_t band = 0; band < band_count_; ++band) {
            std::array<std::size_t, 2> at{};
            for (int ear = 0; ear < 2; ++ear) at[ear] = row(hop, ear, change.object) + band;
            for (std::size_t ear = 0; ear < 2; ++ear) {
                const float more = change.adds_ears ? powers_[at[1 - ear]] : 0.0F;
                changed_[at[ear]] = (powers_[at[ear]] + more) * change.power_gains[ear][band] * playback;
            }
        }
    }
}

std::span<const float> ReshapedExcitation::changed(const LevelChanges& changes) {
    const std::size_t size = hop_count_ * hop_size_;
    for (std::size_t at = 0; at < size; ++at) changed_[at] = powers_[at] * changes.playback;
    for (const LevelChange& change : changes.list) this->change(change, changes.playback);
    excite(changed_, changed_);
    parallel_for(hop_count_, [&](int hop) {
        for (std::size_t at = row(hop, 0, 0); at < row(hop, 0, 0) + hop_size_; ++at)
            result_[at] = kept_[at] * ratio(changed_[at], found_[at]);
    });
    for (const LevelChange& change : changes.list) {
        if (!change.adds_ears) continue;
        for (int hop = 0; hop < hop_count_; ++hop) {
            for (std::size_t band = 0; band < band_count_; ++band) {
                const std::size_t left = row(hop, 0, change.object) + band;
                const std::size_t right = row(hop, 1, change.object) + band;
                const float kept = kept_[left] + kept_[right];
                const float found = found_[left] + found_[right];
                for (const std::size_t at : {left, right}) result_[at] = kept * ratio(changed_[at], found);
            }
        }
    }
    return filled(result_);
}

}  // namespace tutti
