#include "host/target_what_if.hpp"

#include <algorithm>
#include <numeric>

#include "engine/threads.hpp"

namespace tutti {

namespace {

bool holds(const std::vector<int>& numbers, int number) {
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

}  // namespace

TargetWhatIf::TargetWhatIf(Backend& backend, CachedExcitation excitation, int section_hops)
    : backend_(backend),
      excitation_(std::move(excitation)),
      section_hops_(section_hops),
      all_bands_(display_grid().band_hz.size()) {
    std::iota(all_bands_.begin(), all_bands_.end(), 0);
    const std::size_t cells = static_cast<std::size_t>(excitation_.hop_count) * 2 * all_bands_.size();
    steady_.resize(cells);
    pair_levels_.resize(2 * cells);
}

const HeardTarget& TargetWhatIf::before(int target) {
    if (before_target_ != target) before_ = hear(target, {});
    before_target_ = target;
    return before_;
}

void TargetWhatIf::add_steady_maskers(int target, const LevelChanges& changes) {
    std::vector<int> key{target};
    for (const LevelChange& change : changes.list) key.push_back(change.object);
    if (key == steady_key_) return;
    steady_key_ = std::move(key);
    moving_.clear();
    std::vector<int> maskers;
    for (int object = 0; object < excitation_.object_count; ++object) {
        if (holds(excitation_.objects[target], object) || holds(excitation_.relatives[target], object))
            continue;
        (changes.of(object) == nullptr ? maskers : moving_).push_back(object);
    }
    const std::size_t bands = all_bands_.size();
    parallel_for(2 * excitation_.hop_count, [&](int row) {
        float* const sums = &steady_[row * bands];
        std::fill_n(sums, bands, 0.0F);
        for (const int object : maskers) {
            const std::uint8_t* const from = excitation_.at(row % 2, object, row / 2);
            for (std::size_t band = 0; band < bands; ++band) sums[band] += cached_level(from[band]);
        }
    });
}

void TargetWhatIf::put_pair(int target, const LevelChanges& changes, int hop) {
    const std::size_t bands = all_bands_.size();
    std::vector<float> level(bands);
    for (int ear = 0; ear < 2; ++ear) {
        const std::size_t row = static_cast<std::size_t>(hop) * 2 + ear;
        float* const own = &pair_levels_[row * 2 * bands];
        float* const maskers = own + bands;
        std::fill_n(own, bands, 0.0F);
        for (std::size_t band = 0; band < bands; ++band)
            maskers[band] = steady_[row * bands + band] * changes.playback;
        const auto add = [&](int object, float* to) {
            put_changed_levels(excitation_, ear, object, hop, all_bands_, changes, level.data());
            for (std::size_t band = 0; band < bands; ++band) to[band] += level[band];
        };
        for (const int member : excitation_.objects[target]) add(member, own);
        for (const int object : moving_) add(object, maskers);
    }
}

HeardTarget TargetWhatIf::hear(int target, const LevelChanges& changes) {
    add_steady_maskers(target, changes);
    const std::size_t bands = all_bands_.size();
    const int hops = excitation_.hop_count;
    parallel_for(hops, [&](int hop) { put_pair(target, changes, hop); });

    MaskingPlan plan;
    plan.grid = display_grid();
    plan.excitation_count = 2;
    plan.objects = {{0}};
    plan.relatives = {{}};
    plan.slice_s = excitation_.hop_s;
    plan.hop_slices = 1;
    plan.tile_slices = section_hops_;
    const auto tile = backend_.make_excitations({section_hops_, 2, static_cast<int>(bands)});
    const auto masking = backend_.make_masking(plan);
    MaskingTile result(plan);
    HeardTarget heard;
    for (int first = 0; first < hops; first += section_hops_) {
        const int count = std::min(section_hops_, hops - first);
        // The operation has ears outside objects, as the pairs have.
        tile->write(0, std::span<const float>(pair_levels_).subspan(first * 4 * bands, count * 4 * bands));
        masking->process(*tile, count, result);
        const auto cells = static_cast<std::ptrdiff_t>(count * bands);
        heard.margin_db.insert(heard.margin_db.end(), result.margin_db.begin(),
                               result.margin_db.begin() + cells);
        heard.loudness.insert(heard.loudness.end(), result.loudness.begin(), result.loudness.begin() + cells);
        heard.audibility.insert(heard.audibility.end(), result.audibility.begin(), result.audibility.end());
    }
    return heard;
}

}  // namespace tutti
