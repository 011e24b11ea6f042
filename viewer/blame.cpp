#include "viewer/blame.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "engine/masking_model.hpp"
#include "engine/threads.hpp"
#include "host/half_float.hpp"
#include "viewer/powers.hpp"

namespace tutti::viewer {

namespace {

constexpr double display_band_cam = 0.5;

Audibility class_of(float margin_db) {
    if (margin_db < 0.0F) return Audibility::inaudible;
    if (margin_db < 6.0F) return Audibility::heavily_masked;
    return margin_db < 15.0F ? Audibility::partly_masked : Audibility::clear;
}

/// Positions of cells whose middles lie between two positions.
std::pair<int, int> cells_between(double first, double last, int count) {
    const int begin = std::clamp(static_cast<int>(std::ceil(first - 0.5)), 0, count);
    return {begin, std::clamp(static_cast<int>(std::ceil(last - 0.5)), begin, count)};
}

/// [other]: sum over the cells of weight and share of the excitation. In blocks that stay in the cache,
/// summed in their order.
std::vector<double> blame_in(const Powers& powers, const std::vector<int>& others,
                             std::span<const HiddenCell> cells) {
    constexpr std::size_t block_cells = 8192;
    const std::size_t block_count = (cells.size() + block_cells - 1) / block_cells;
    std::vector<std::vector<double>> blames(block_count, std::vector<double>(others.size(), 0.0));
    parallel_for(static_cast<int>(block_count), [&](int block) {
        const auto own = cells.subspan(block * block_cells)
                             .first(std::min(block_cells, cells.size() - block * block_cells));
        std::vector<float> total(own.size(), 0.0F);
        for (const int other : others) powers.add(other, own, total);
        std::vector<float> mine(own.size());
        for (std::size_t i = 0; i < others.size(); ++i) {
            std::fill(mine.begin(), mine.end(), 0.0F);
            powers.add(others[i], own, mine);
            double sum = 0.0;
            for (std::size_t c = 0; c < own.size(); ++c) {
                if (total[c] > 0.0F) sum += static_cast<double>(own[c].weight * mine[c] / total[c]);
            }
            blames[block][i] = sum;
        }
    });
    std::vector<double> blame(others.size(), 0.0);
    for (const std::vector<double>& part : blames) {
        for (std::size_t i = 0; i < blame.size(); ++i) blame[i] += part[i];
    }
    return blame;
}

}  // namespace

int hop_at(const MaskingResults& results, double time_s) {
    const int hop = static_cast<int>(std::floor((time_s - results.from_s) / results.hop_s));
    return std::clamp(hop, 0, std::max(0, results.hop_count - 1));
}

double band_position(double cam) {
    static const double first_cam = hz_to_cam(display_band_hz().front()) - display_band_cam / 2.0;
    return (cam - first_cam) / display_band_cam;
}

double band_position_to_cam(double position) {
    static const double first_cam = hz_to_cam(display_band_hz().front()) - display_band_cam / 2.0;
    return first_cam + position * display_band_cam;
}

RegionNumbers region_numbers(const Report& report, const ReportView& view, int target,
                             const Stretch& stretch) {
    const MaskingResults& results = report.results();
    const MaskingShape& shape = view.shape;
    const auto [first_hop, last_hop] =
        cells_between((stretch.from_s - results.from_s) / results.hop_s,
                      (stretch.to_s - results.from_s) / results.hop_s, shape.hops);
    const auto [first_band, last_band] =
        cells_between(band_position(stretch.low_cam), band_position(stretch.high_cam), shape.bands);
    RegionNumbers numbers;
    std::vector<HiddenCell> cells;
    double active_count = 0.0;
    for (int hop = first_hop; hop < last_hop; ++hop) {
        bool is_active = false;
        for (int band = first_band; band < last_band; ++band) {
            const float margin = from_half(view.view->margin_db[shape.cell(target, hop, band)]);
            if (std::isnan(margin)) continue;
            is_active = true;
            active_count += 1.0;
            numbers.audibility[static_cast<std::size_t>(class_of(margin))] += 1.0;
            const auto weight = static_cast<float>(severity(margin));
            const std::size_t at = static_cast<std::size_t>(hop) * shape.bands + band;
            if (weight > 0.0F) cells.push_back({at, weight});
        }
        if (is_active) numbers.active_s += results.hop_s;
    }
    if (active_count > 0.0) {
        for (double& share : numbers.audibility) share /= active_count;
    }
    const std::vector<int> others = strangers(view, target);
    numbers.maskers = shares_of(others, blame_in(Powers(report, view), others, cells));
    return numbers;
}

}  // namespace tutti::viewer
