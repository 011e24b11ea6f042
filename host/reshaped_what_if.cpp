#include "host/reshaped_what_if.hpp"

#include <algorithm>
#include <numeric>

#include "host/masking_pass.hpp"
#include "host/reshaped_excitation.hpp"

namespace tutti {

namespace {

constexpr int tile_hops = 40;
/// So many hops are one piece of work for a thread.
constexpr int summed_hops = 5;

}  // namespace

std::vector<std::vector<double>> reshaped_what_if(Backend& backend, const CachedExcitation& excitation,
                                                  std::span<const LevelChanges> alternatives) {
    const std::size_t size = static_cast<std::size_t>(display_grid().group_count()) * excitation.object_count;
    std::vector<std::vector<double>> gains(alternatives.size(), std::vector<double>(size));
    if (excitation.object_count == 0) return gains;
    MaskingPass pass(backend, excitation, all_band_groups(), tile_hops, summed_hops, MaskingWork::loudness);
    ReshapedExcitation reshaped(backend, excitation, tile_hops);
    for (int first = 0; first < excitation.hop_count; first += tile_hops) {
        std::vector<int> hops(std::min(tile_hops, excitation.hop_count - first));
        std::iota(hops.begin(), hops.end(), first);
        reshaped.take(hops);
        const std::vector<float> before = pass.hear(reshaped.kept()).partial;
        for (std::size_t i = 0; i < alternatives.size(); ++i) {
            const std::vector<float>& after = pass.hear(reshaped.changed(alternatives[i])).partial;
            for (std::size_t at = 0; at < size; ++at)
                gains[i][at] += static_cast<double>(after[at]) - before[at];
        }
    }
    return gains;
}

}  // namespace tutti
