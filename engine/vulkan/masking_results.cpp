#include "engine/vulkan/masking_results.hpp"

#include <cstring>
#include <numbers>
#include <utility>

#include "engine/masking_model.hpp"

namespace tutti::vulkan {

MaskingResults::MaskingResults(Device& device, const MaskingPlan& plan, const MaskingCounts& counts,
                               std::vector<std::vector<std::uint32_t>> excused)
    : margin_db(device, counts.displayed(counts.hops())),
      loudness(device, counts.displayed(counts.hops())),
      excitation(device, counts.means(counts.hops())),
      clash(device, counts.pairs()),
      benefit(device, counts.pairs()),
      grouped(device, counts.grouped()),
      makes_everything_(plan.work == MaskingWork::everything),
      counts_(counts),
      excused_(std::move(excused)),
      loudness_scale_(loudness_scale * plan.grid.band_step_cam * plan.slice_s) {}

void MaskingResults::Result::take(std::span<float> to) const {
    std::memcpy(to.data(), readback.mapped(), to.size_bytes());
}

void MaskingResults::read(Recording& recording) const {
    const Result* const results[] = {&loudness, &grouped, &margin_db, &excitation, &clash, &benefit};
    const auto wanted = std::span(results).first(makes_everything_ ? std::size(results) : 2);
    std::uint64_t bytes = 0;
    for (const Result* result : wanted) bytes += result->values.bytes();
    recording.stage("masking_read", bytes);
    for (const Result* result : wanted) {
        recording.copy(result->values, result->readback, {0, 0, result->values.bytes()});
    }
}

void MaskingResults::take(MaskingTile& tile, std::uint32_t hop_count) const {
    tile.hop_count = static_cast<int>(hop_count);
    loudness.take(std::span(tile.loudness).first(counts_.displayed(hop_count)));
    if (!makes_everything_) {
        take_groups(tile);
        return;
    }
    margin_db.take(std::span(tile.margin_db).first(counts_.displayed(hop_count)));
    excitation.take(std::span(tile.excitation).first(counts_.means(hop_count)));
    clash.take(tile.clash);
    benefit.take(tile.benefit);
    std::size_t row = 0;
    for (std::uint32_t group = 0; group < counts_.groups; ++group) {
        for (const std::vector<std::uint32_t>& excused : excused_) {
            for (const std::uint32_t excitation_number : excused) {
                tile.clash[row + excitation_number] = tile.benefit[row + excitation_number] = 0.0F;
            }
            row += counts_.excitations;
        }
    }
    take_groups(tile);
}

void MaskingResults::take_groups(MaskingTile& tile) const {
    const auto* const sums = static_cast<const float*>(grouped.readback.mapped());
    const std::size_t count = std::size_t{counts_.groups} * counts_.objects;
    const auto sum_of = [&](std::size_t kind, std::size_t i) {
        return static_cast<double>(sums[(kind - shaders::cell_self_cost) * count + i]);
    };
    for (std::size_t i = 0; i < count; ++i) {
        tile.partial[i] = static_cast<float>(loudness_scale_ * sum_of(shaders::cell_partial, i));
        if (!makes_everything_) continue;
        tile.self_cost[i] = static_cast<float>(loudness_scale_ * (std::numbers::ln10 / 10.0) *
                                               sum_of(shaders::cell_self_cost, i));
        for (std::size_t heard_as = 0; heard_as < audibility_count; ++heard_as) {
            tile.audibility[i * audibility_count + heard_as] =
                static_cast<float>(loudness_scale_ * sum_of(shaders::cell_audibility + heard_as, i));
        }
    }
}

}  // namespace tutti::vulkan
