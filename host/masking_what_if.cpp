#include "host/masking_what_if.hpp"

#include <algorithm>
#include <cmath>

#include "host/masking_pass.hpp"

namespace tutti {

namespace {

/// So many hops are one piece of work for a thread.
constexpr int summed_hops = MaskingWhatIf::tile_hops / 5;

}  // namespace

MaskingWhatIf::MaskingWhatIf(Backend& backend, CachedExcitation excitation)
    : backend_(backend),
      excitation_(std::move(excitation)),
      group_count_(display_grid().group_count()),
      tile_count_((excitation_.hop_count + tile_hops - 1) / tile_hops) {
    if (excitation_.object_count == 0) return;
    MaskingPass pass(backend_, excitation_, all_band_groups(), tile_hops, summed_hops, MaskingWork::loudness);
    for (int tile = 0; tile < tile_count_; ++tile) {
        const std::vector<float>& partial = pass.hear(hops(tile), {}).partial;
        before_.insert(before_.end(), partial.begin(), partial.end());
    }
}

TileRange MaskingWhatIf::all() const { return {0, tile_count_}; }

TileRange MaskingWhatIf::tiles(double from_s, double to_s) const {
    const double tile_s = tile_hops * excitation_.hop_s;
    const auto bounded = [&](double tile) {
        return static_cast<int>(std::clamp(tile, 0.0, static_cast<double>(tile_count_)));
    };
    return {bounded(std::floor(from_s / tile_s)), bounded(std::ceil(to_s / tile_s))};
}

std::vector<double> MaskingWhatIf::before(TileRange range) const {
    const std::size_t size = static_cast<std::size_t>(group_count_) * excitation_.object_count;
    std::vector<double> sums(size);
    for (int tile = range.first; tile < range.end; ++tile) {
        for (std::size_t i = 0; i < size; ++i) sums[i] += before_[tile * size + i];
    }
    return sums;
}

std::vector<double> MaskingWhatIf::change(std::span<const LevelChange> list, TileRange range) const {
    const LevelChanges changes{{list.begin(), list.end()}};
    const std::size_t objects = excitation_.object_count;
    std::vector<double> sums(group_count_ * objects);
    const std::vector<int> groups = touched_groups(changes);
    if (groups.empty()) return sums;
    MaskingPass pass(backend_, excitation_, groups, tile_hops, summed_hops, MaskingWork::loudness);
    for (int tile = range.first; tile < range.end; ++tile) {
        if (!sounds(changes, tile, pass.bands())) continue;
        const std::vector<float>& after = pass.hear(hops(tile), changes).partial;
        for (std::size_t g = 0; g < groups.size(); ++g) {
            const float* const before = &before_[(tile * group_count_ + groups[g]) * objects];
            double* const sum = &sums[groups[g] * objects];
            for (std::size_t o = 0; o < objects; ++o)
                sum[o] += static_cast<double>(after[g * objects + o]) - before[o];
        }
    }
    return sums;
}

std::vector<int> MaskingWhatIf::hops(int tile) const {
    std::vector<int> hops;
    for (int hop = tile * tile_hops; hop < std::min((tile + 1) * tile_hops, excitation_.hop_count); ++hop)
        hops.push_back(hop);
    return hops;
}

bool MaskingWhatIf::sounds(const LevelChanges& changes, int tile, const std::vector<int>& bands) const {
    for (const LevelChange& change : changes.list) {
        for (int ear = 0; ear < 2; ++ear) {
            for (const int hop : hops(tile)) {
                const std::uint8_t* const at = excitation_.at(ear, change.object, hop);
                if (std::any_of(bands.begin(), bands.end(), [&](int band) { return at[band] != 0; }))
                    return true;
            }
        }
    }
    return false;
}

}  // namespace tutti
