#include "host/pair_what_if.hpp"

#include <algorithm>

#include "engine/threads.hpp"

namespace tutti {

namespace {

/// Hops that one phase hears: as few as say something of the whole, since the first phase is waited for.
constexpr int phase_hops = 120;

constexpr int tile_hops = 40;

void add(std::vector<float>& sums, const std::vector<float>& more) {
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += more[i];
}

}  // namespace

PairWhatIf::PairWhatIf(Backend& backend, CachedExcitation excitation)
    : backend_(backend),
      excitation_(std::move(excitation)),
      group_count_(display_grid().group_count()),
      phase_count_(std::max(1, excitation_.hop_count / phase_hops)),
      member_of_(excitation_.object_count, -1),
      phases_before_(phase_count_) {
    for (int target = 0; target < excitation_.target_count(); ++target) {
        for (const int member : excitation_.objects[target]) member_of_[member] = target;
    }
    find_greatest();
}

PairWhatIf::~PairWhatIf() = default;

void PairWhatIf::find_greatest() {
    const std::size_t bands = display_grid().band_hz.size();
    greatest_levels_.resize(static_cast<std::size_t>(2) * excitation_.object_count * bands);
    parallel_for(2 * excitation_.object_count, [&](int row) {
        std::uint8_t* const to = &greatest_levels_[row * bands];
        for (int hop = 0; hop < excitation_.hop_count; ++hop) {
            const std::uint8_t* const from =
                excitation_.at(row / excitation_.object_count, row % excitation_.object_count, hop);
            for (std::size_t band = 0; band < bands; ++band) to[band] = std::max(to[band], from[band]);
        }
    });
}

/// [object], with the changes.
std::vector<float> PairWhatIf::greatest(const LevelChanges& changes) const {
    std::vector<float> greatest(excitation_.object_count);
    const std::size_t bands = display_grid().band_hz.size();
    for (int row = 0; row < 2 * excitation_.object_count; ++row) {
        const int object = row % excitation_.object_count;
        const LevelChange* const change = changes.of(object);
        for (std::size_t band = 0; band < bands; ++band) {
            float level = cached_level(greatest_levels_[row * bands + band]) * changes.playback;
            if (change != nullptr) {
                level *= change->power_gains[row / excitation_.object_count][band];
                if (change->adds_ears) level *= 2.0F;
            }
            greatest[object] = std::max(greatest[object], level);
        }
    }
    return greatest;
}

HeardPairs PairWhatIf::nothing() const {
    const std::size_t targets = excitation_.target_count();
    return {std::vector<float>(group_count_ * targets * targets), std::vector<float>(group_count_ * targets)};
}

void PairWhatIf::add_phase(MaskingPass& pass, int phase, const LevelChanges& changes,
                           HeardPairs& sums) const {
    const std::size_t targets = excitation_.target_count();
    const std::size_t maskers = excitation_.object_count;
    std::vector<int> hops;
    const auto hear = [&] {
        const MaskingTile& tile = pass.hear(hops, changes);
        parallel_for(static_cast<int>(pass.groups().size()), [&](int g) {
            const std::size_t group = pass.groups()[g];
            for (std::size_t target = 0; target < targets; ++target) {
                sums.partial[group * targets + target] += tile.partial[g * targets + target];
                const float* const from = &tile.clash[(g * targets + target) * maskers];
                float* const to = &sums.clash[(group * targets + target) * targets];
                for (std::size_t masker = 0; masker < maskers; ++masker) {
                    if (member_of_[masker] >= 0) to[member_of_[masker]] += from[masker];
                }
            }
        });
        hops.clear();
    };
    for (int hop = phase; hop < excitation_.hop_count; hop += phase_count_) {
        hops.push_back(hop);
        if (static_cast<int>(hops.size()) == pass.tile_hops()) hear();
    }
    if (!hops.empty()) hear();
}

const HeardPairs& PairWhatIf::phase_before(int phase) {
    if (!phases_before_[phase]) {
        if (!before_pass_) {
            before_pass_ =
                std::make_unique<MaskingPass>(backend_, excitation_, all_band_groups(), tile_hops, tile_hops);
            before_pass_->expect(greatest({}));
        }
        HeardPairs sums = nothing();
        add_phase(*before_pass_, phase, {}, sums);
        phases_before_[phase] = std::move(sums);
    }
    return *phases_before_[phase];
}

bool PairWhatIf::prepare_phase() {
    const auto next = std::find(phases_before_.begin(), phases_before_.end(), std::nullopt);
    if (next == phases_before_.end() || excitation_.target_count() == 0) return false;
    phase_before(static_cast<int>(next - phases_before_.begin()));
    return true;
}

void PairWhatIf::change(LevelChanges changes) {
    changes_ = std::move(changes);
    std::vector<int> groups = touched_groups(changes_);
    phases_heard_ = 0;
    before_sum_ = nothing();
    after_sum_ = before_sum_;
    if (groups != groups_) pass_.reset();
    groups_ = std::move(groups);
    if (groups_.empty() || excitation_.target_count() == 0) return;
    pass_ = std::make_unique<MaskingPass>(backend_, excitation_, groups_, tile_hops, tile_hops);
    pass_->expect(greatest(changes_));
}

bool PairWhatIf::hear_phase() {
    if (!pass_ || phases_heard_ == phase_count_) return false;
    const HeardPairs& before = phase_before(phases_heard_);
    add(before_sum_.clash, before.clash);
    add(before_sum_.partial, before.partial);
    HeardPairs after = before;
    const std::size_t targets = excitation_.target_count();
    for (const int group : groups_) {
        std::fill_n(&after.clash[group * targets * targets], targets * targets, 0.0F);
        std::fill_n(&after.partial[group * targets], targets, 0.0F);
    }
    add_phase(*pass_, phases_heard_, changes_, after);
    add(after_sum_.clash, after.clash);
    add(after_sum_.partial, after.partial);
    ++phases_heard_;
    return true;
}

double PairWhatIf::heard_share() const {
    return pass_ ? static_cast<double>(phases_heard_) / phase_count_ : 1.0;
}

}  // namespace tutti
