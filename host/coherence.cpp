#include "host/coherence.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/threads.hpp"
#include "host/lanes.hpp"
#include "host/routing.hpp"
#include "host/stem_windows.hpp"

namespace tutti {

namespace {

constexpr int fewest_windows = 12;
constexpr double coherent = 0.5;

struct Sums {
    float re = 0.0F;
    float im = 0.0F;
    float x = 0.0F;
    float y = 0.0F;
    float weight = 0.0F;
    float weight_square = 0.0F;
};

/// Cross and power spectrum of two stems at one bin, over the windows in which both play; [window] padded to
/// lane_count.
TUTTI_MULTIVERSION Sums sum_windows(const float* xr, const float* xi, const float* yr, const float* yi,
                                    const float* x_plays, const float* y_plays, int count) {
    Lanes<float> re;
    Lanes<float> im;
    Lanes<float> x;
    Lanes<float> y;
    Lanes<float> weight;
    Lanes<float> weight_square;
    for (int start = 0; start < count; start += lane_count) {
        for (int lane = 0; lane < lane_count; ++lane) {
            const int w = start + lane;
            const float px = (xr[w] * xr[w] + xi[w] * xi[w]) * y_plays[w];
            const float py = (yr[w] * yr[w] + yi[w] * yi[w]) * x_plays[w];
            re[lane] += xr[w] * yr[w] + xi[w] * yi[w];
            im[lane] += xi[w] * yr[w] - xr[w] * yi[w];
            x[lane] += px;
            y[lane] += py;
            weight[lane] += std::sqrt(px * py);
            weight_square[lane] += px * py;
        }
    }
    Sums sums;
    for (int lane = 0; lane < lane_count; ++lane) {
        sums.re += re[lane];
        sums.im += im[lane];
        sums.x += x[lane];
        sums.y += y[lane];
        sums.weight += weight[lane];
        sums.weight_square += weight_square[lane];
    }
    return sums;
}

/// Of unlike signals the estimate from n equally weighted windows is 1/n in the mean (Carter 1987).
double unbiased(const Sums& s) {
    if (s.weight_square <= 0.0F) return 0.0;
    const double estimate = (double{s.re} * s.re + double{s.im} * s.im) / (double{s.x} * s.y);
    const double bias = double{s.weight_square} / (double{s.weight} * s.weight);
    return bias < 1.0 ? std::max(0.0, (estimate - bias) / (1.0 - bias)) : 0.0;
}

/// The smaller of the two means that the energy of either gives: all of a kick may be in the overheads, but
/// not all of the overheads is the kick.
double coherence_of(const StemWindows& x, const StemWindows& y) {
    const int windows = static_cast<int>(x.plays.size());  // with padding
    const float both = std::inner_product(x.plays.begin(), x.plays.end(), y.plays.begin(), 0.0F);
    if (both < fewest_windows) return 0.0;
    double by_x = 0.0;
    double by_y = 0.0;
    for (std::size_t bin = 0; bin < x.energy.size(); ++bin) {
        const std::size_t at = bin * windows;
        const double at_bin =
            unbiased(sum_windows(x.re.data() + at, x.im.data() + at, y.re.data() + at, y.im.data() + at,
                                 x.plays.data(), y.plays.data(), windows));
        by_x += at_bin * x.energy[bin];
        by_y += at_bin * y.energy[bin];
    }
    const auto total = [](const StemWindows& stem) {
        return std::accumulate(stem.energy.begin(), stem.energy.end(), 0.0);
    };
    return std::min(by_x / total(x), by_y / total(y));
}

struct Pair {
    int a;
    int b;
    double coherence;
};

/// Coherent pairs of the tracks, by index into the session.
std::vector<Pair> coherent_pairs(std::span<const int> tracks, std::span<const StemWindows> stems) {
    const int count = static_cast<int>(tracks.size());
    std::vector<std::vector<Pair>> found(count);
    parallel_for(count, [&](int a) {
        for (int b = a + 1; b < count; ++b) {
            const double coherence = coherence_of(stems[a], stems[b]);
            if (coherence > coherent) found[a].push_back({a, b, coherence});
        }
    });
    std::vector<Pair> pairs;
    for (const std::vector<Pair>& of_one : found) pairs.insert(pairs.end(), of_one.begin(), of_one.end());
    return pairs;
}

int root_of(std::vector<int>& parent, int at) {
    while (parent[at] != at) at = parent[at] = parent[parent[at]];
    return at;
}

}  // namespace

Coherence find_coherence(const OpenedSession& opened, bool repair_nonfinite) {
    const Session& session = opened.session;
    const Routing routing(session);
    std::vector<int> tracks;
    for (int i = 0; i < static_cast<int>(session.tracks.size()); ++i) {
        if (routing.reaches_master(i)) tracks.push_back(i);
    }
    const WindowGrid grid = window_grid(opened.end_frame, session.sample_rate_hz);
    const int count = static_cast<int>(tracks.size());
    Coherence result;
    if (count < 2 || static_cast<int>(grid.starts.size()) < fewest_windows) return result;
    std::vector<StemWindows> stems(count);
    parallel_for(count, [&](int i) {
        stems[i] =
            listen_in_windows(session.tracks[tracks[i]], session.sample_rate_hz, grid, repair_nonfinite);
    });

    std::vector<int> parent(count);
    std::iota(parent.begin(), parent.end(), 0);
    std::vector<double> smallest(count, 1.0);
    for (const Pair& pair : coherent_pairs(tracks, stems)) {
        if (session.tracks[tracks[pair.a]].output != session.tracks[tracks[pair.b]].output) {
            result.tracks.related.emplace_back(tracks[pair.a], tracks[pair.b]);
            continue;
        }
        const int a = root_of(parent, pair.a);
        const int b = root_of(parent, pair.b);
        parent[b] = a;
        smallest[a] = std::min({smallest[a], smallest[b], pair.coherence});
    }
    for (int root = 0; root < count; ++root) {
        std::vector<int> members;
        for (int i = 0; i < count; ++i) {
            if (root_of(parent, i) == root) members.push_back(i);
        }
        if (members.size() < 2) continue;
        std::stable_sort(members.begin(), members.end(),
                         [&](int a, int b) { return stems[a].level > stems[b].level; });
        MaskingResults::Merge merge{{}, smallest[root]};
        std::vector<int>& merged = result.tracks.merged.emplace_back();
        for (const int member : members) {
            merged.push_back(tracks[member]);
            merge.strips.push_back(session.tracks[tracks[member]].name);
        }
        result.merges.push_back(std::move(merge));
    }
    // A related track that was merged is meant as what it is part of.
    for (auto& [a, b] : result.tracks.related) {
        for (const std::vector<int>& merged : result.tracks.merged) {
            for (int* const track : {&a, &b}) {
                if (std::find(merged.begin(), merged.end(), *track) != merged.end()) *track = merged.front();
            }
        }
    }
    return result;
}

}  // namespace tutti
