#include "host/cut_candidates.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/masking_model.hpp"
#include "engine/threads.hpp"
#include "host/masking_what_if.hpp"

namespace tutti {

namespace {

constexpr double worth_its_cost = 2.0;
constexpr int most_groups = 3;
constexpr std::size_t most_per_masker = 3;
/// A neighbour joins that brings half as much as the best.
constexpr double joins = 0.5;
/// Of the benefit, at each end of time, that is not "mostly".
constexpr double seldom = 0.05;
constexpr double least_width_cam = 1.0;
constexpr double least_q = 0.5;
constexpr double greatest_q = 6.0;

/// As people set an equalizer: two digits, as decimal as a double can be.
double two_digits(double value) {
    const int decimals = 1 - static_cast<int>(std::floor(std::log10(value)));
    const double scale = std::pow(10.0, std::abs(decimals));
    return decimals > 0 ? std::round(value * scale) / scale : std::round(value / scale) * scale;
}

/// One masker's benefits and costs.
class MaskerSums {
  public:
    MaskerSums(const MaskingResults& results, int masker)
        : results_(results),
          masker_(masker),
          count_(results.tracks.objects.size()),
          groups_(static_cast<int>(results.tracks.partial.size() / (count_ * results.section_count))) {
        for (int s = 0; s < results_.section_count; ++s) {
            for (int g = 0; g < groups_; ++g) {
                const std::size_t cell = (static_cast<std::size_t>(s) * groups_ + g) * count_;
                cost_.push_back(results_.tracks.self_cost[cell + masker_]);
                double sum = 0.0;
                for (std::size_t t = 0; t < count_; ++t) sum += benefit_at(cell, t);
                benefit_.push_back(sum);
            }
        }
    }

    int group_count() const { return groups_; }
    double benefit(int group) const { return over_sections(benefit_, group); }
    double cost(int group) const { return over_sections(cost_, group); }
    double excess(int group) const { return benefit(group) - worth_its_cost * cost(group); }

    double section_benefit(int section, const CutCandidate& range) const {
        const auto row = benefit_.begin() + static_cast<std::ptrdiff_t>(section) * groups_;
        return std::accumulate(row + range.first_group, row + range.end_group, 0.0);
    }

    int main_target(const CutCandidate& range) const {
        std::vector<double> gains(count_);
        for (int s = 0; s < results_.section_count; ++s) {
            for (int g = range.first_group; g < range.end_group; ++g) {
                const std::size_t cell = (static_cast<std::size_t>(s) * groups_ + g) * count_;
                for (std::size_t t = 0; t < count_; ++t) gains[t] += benefit_at(cell, t);
            }
        }
        return static_cast<int>(std::max_element(gains.begin(), gains.end()) - gains.begin());
    }

  private:
    /// Nothing is cut so that a return is heard better.
    double benefit_at(std::size_t cell, std::size_t target) const {
        if (results_.tracks.objects[target].is_return) return 0.0;
        return results_.tracks.benefit[(cell + target) * count_ + masker_];
    }
    double over_sections(const std::vector<double>& values, int group) const {
        double sum = 0.0;
        for (std::size_t i = group; i < values.size(); i += groups_) sum += values[i];
        return sum;
    }

    const MaskingResults& results_;
    int masker_;
    std::size_t count_;
    int groups_;
    std::vector<double> benefit_;  ///< [section][band group], all targets
    std::vector<double> cost_;
};

/// First and last section, in seconds, without the ends where little is won.
void set_time(const MaskingResults& results, const MaskerSums& sums, CutCandidate& candidate) {
    int first = 0;
    int end = results.section_count;
    double before = sums.section_benefit(first, candidate);
    while (first + 1 < end && before < seldom * candidate.benefit)
        before += sums.section_benefit(++first, candidate);
    double after = sums.section_benefit(end - 1, candidate);
    while (end - 1 > first && after < seldom * candidate.benefit)
        after += sums.section_benefit(--end - 1, candidate);
    candidate.from_s = first * results.section_s;
    candidate.to_s = std::min(results.duration_s, end * results.section_s);
}

/// [display band]: the masker's excitation, sections weighted by their benefit.
std::vector<double> weighted_excitation(const MaskingResults& results, const MaskerSums& sums,
                                        const CutCandidate& candidate) {
    const std::size_t bands = display_band_hz().size();
    std::vector<double> weights(bands);
    for (std::size_t ear = 0; ear < 2; ++ear) {
        const std::size_t row = ear * results.tracks.objects.size() + candidate.masker;
        for (int hop = 0; hop < results.hop_count; ++hop) {
            const int section = std::min(static_cast<int>((hop + 0.5) * results.hop_s / results.section_s),
                                         results.section_count - 1);
            const double weight = sums.section_benefit(section, candidate);
            if (weight <= 0.0) continue;
            const std::uint8_t* const levels = &results.excitation[(row * results.hop_count + hop) * bands];
            for (std::size_t band = 0; band < bands; ++band)
                weights[band] += weight * cached_level(levels[band]);
        }
    }
    return weights;
}

/// Centre and Q; the range's middle where nothing of the masker is kept.
void set_bell(const MaskingResults& results, const MaskerSums& sums, CutCandidate& candidate) {
    const MaskingGrid grid = display_grid();
    const std::vector<double> weights = weighted_excitation(results, sums, candidate);
    double sum = 0.0;
    double first_moment = 0.0;
    double second_moment = 0.0;
    for (int band = 0; band < grid.band_count(); ++band) {
        if (grid.band_groups[band] < candidate.first_group || grid.band_groups[band] >= candidate.end_group)
            continue;
        const double cam = hz_to_cam(grid.band_hz[band]);
        sum += weights[band];
        first_moment += weights[band] * cam;
        second_moment += weights[band] * cam * cam;
    }
    const std::vector<double> edges_hz = band_group_edges_hz();
    const double low_cam = hz_to_cam(edges_hz[candidate.first_group]);
    const double high_cam = hz_to_cam(edges_hz[candidate.end_group]);
    const double centre_cam = sum > 0.0 ? first_moment / sum : (low_cam + high_cam) / 2.0;
    const double variance = sum > 0.0 ? std::max(0.0, second_moment / sum - centre_cam * centre_cam) : 0.0;
    const double width_cam = std::clamp(std::sqrt(12.0 * variance), least_width_cam, high_cam - low_cam);
    candidate.low_hz = cam_to_hz(centre_cam - width_cam / 2.0);
    candidate.high_hz = cam_to_hz(centre_cam + width_cam / 2.0);
    const double centre_hz = std::sqrt(candidate.low_hz * candidate.high_hz);
    candidate.bell.shape = EqShape::bell;
    candidate.bell.freq_hz = two_digits(centre_hz);
    candidate.bell.q =
        two_digits(std::clamp(centre_hz / (candidate.high_hz - candidate.low_hz), least_q, greatest_q));
}

std::vector<CutCandidate> candidates_of(const MaskingResults& results, int masker) {
    const MaskerSums sums(results, masker);
    std::vector<int> seeds(sums.group_count());
    std::iota(seeds.begin(), seeds.end(), 0);
    std::vector<double> excess;
    for (const int group : seeds) excess.push_back(sums.excess(group));
    std::stable_sort(seeds.begin(), seeds.end(), [&](int a, int b) { return excess[a] > excess[b]; });

    std::vector<bool> taken(seeds.size());
    std::vector<CutCandidate> candidates;
    for (const int seed : seeds) {
        if (excess[seed] <= 0.0 || candidates.size() == most_per_masker) break;
        if (taken[seed]) continue;
        CutCandidate candidate;
        candidate.masker = masker;
        candidate.first_group = seed;
        candidate.end_group = seed + 1;
        const auto value = [&](int group) {
            const bool is_free = group >= 0 && group < sums.group_count() && !taken[group];
            return is_free ? excess[group] : 0.0;
        };
        while (candidate.end_group - candidate.first_group < most_groups) {
            const double below = value(candidate.first_group - 1);
            const double above = value(candidate.end_group);
            if (std::max(below, above) < joins * excess[seed]) break;
            if (below > above) {
                --candidate.first_group;
            } else {
                ++candidate.end_group;
            }
        }
        for (int group = candidate.first_group; group < candidate.end_group; ++group) {
            taken[group] = true;
            candidate.benefit += sums.benefit(group);
            candidate.self_cost += sums.cost(group);
        }
        candidate.target = sums.main_target(candidate);
        set_time(results, sums, candidate);
        set_bell(results, sums, candidate);
        candidates.push_back(candidate);
    }
    return candidates;
}

}  // namespace

std::vector<CutCandidate> cut_candidates(const MaskingResults& results) {
    const int count = static_cast<int>(results.tracks.objects.size());
    if (results.section_count == 0) return {};
    std::vector<std::vector<CutCandidate>> found(count);
    parallel_for(count, [&](int masker) { found[masker] = candidates_of(results, masker); });
    std::vector<CutCandidate> candidates;
    for (const auto& of_masker : found)
        candidates.insert(candidates.end(), of_masker.begin(), of_masker.end());
    std::stable_sort(candidates.begin(), candidates.end(), [](const CutCandidate& a, const CutCandidate& b) {
        return a.benefit - worth_its_cost * a.self_cost > b.benefit - worth_its_cost * b.self_cost;
    });
    return candidates;
}

}  // namespace tutti
