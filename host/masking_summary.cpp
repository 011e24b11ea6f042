#include "host/masking_summary.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "host/half_float.hpp"

namespace tutti {

namespace {

std::size_t index(std::initializer_list<std::pair<int, int>> places) {
    std::size_t at = 0;
    for (const auto& [place, length] : places)
        at = at * static_cast<std::size_t>(length) + static_cast<std::size_t>(place);
    return at;
}

void add_loudness(const MaskingView& view, const MaskingShape& shape, int object, ObjectSummary& summary) {
    double total = 0.0;
    double active_total = 0.0;
    int active_hops = 0;
    for (int hop = 0; hop < shape.hops; ++hop) {
        double sone = 0.0;
        bool active = false;
        for (int band = 0; band < shape.bands; ++band) {
            const std::size_t at = shape.cell(object, hop, band);
            sone += static_cast<double>(from_half(view.loudness[at]));
            active = active || !std::isnan(from_half(view.margin_db[at]));
        }
        total += sone;
        if (active) active_total += sone;
        if (active) ++active_hops;
    }
    if (shape.hops > 0) summary.loudness_sone = total / shape.hops;
    if (shape.hops > 0) summary.active_share = static_cast<double>(active_hops) / shape.hops;
    if (active_hops > 0) summary.loudness_active_sone = active_total / active_hops;
}

void add_audibility(const MaskingView& view, const MaskingShape& shape, int object, ObjectSummary& summary) {
    for (int section = 0; section < shape.sections; ++section) {
        for (int group = 0; group < shape.groups; ++group) {
            const std::size_t first = shape.sum(section, group, object) * audibility_count;
            for (std::size_t i = 0; i < audibility_count; ++i)
                summary.audibility[i] += static_cast<double>(view.audibility[first + i]);
        }
    }
    const double all = std::accumulate(summary.audibility.begin(), summary.audibility.end(), 0.0);
    if (all > 0.0) {
        for (double& share : summary.audibility) share /= all;
    }
}

}  // namespace

MaskingShape::MaskingShape(const MaskingResults& results, const MaskingView& view)
    : objects(static_cast<int>(view.objects.size())),
      hops(results.hop_count),
      bands(static_cast<int>(display_band_hz().size())),
      sections(results.section_count),
      groups(static_cast<int>(band_group_edges_hz().size()) - 1) {}

std::size_t MaskingShape::cell(int object, int hop, int band) const {
    return index({{object, objects}, {hop, hops}, {band, bands}});
}
std::size_t MaskingShape::pair(int section, int group, int target, int masker) const {
    return index({{section, sections}, {group, groups}, {target, objects}, {masker, objects}});
}
std::size_t MaskingShape::sum(int section, int group, int object) const {
    return index({{section, sections}, {group, groups}, {object, objects}});
}
std::size_t MaskingShape::excitation(int ear, int object, int hop, int band) const {
    return index({{ear, 2}, {object, objects}, {hop, hops}, {band, bands}});
}

std::vector<double> total_clash(const MaskingResults& results, const MaskingView& view) {
    const MaskingShape shape(results, view);
    const std::size_t pairs =
        static_cast<std::size_t>(shape.objects) * static_cast<std::size_t>(shape.objects);
    std::vector<double> total(pairs, 0.0);
    for (std::size_t first = 0; first < view.clash.size(); first += pairs) {
        for (std::size_t i = 0; i < pairs; ++i) total[i] += static_cast<double>(view.clash[first + i]);
    }
    return total;
}

std::vector<ObjectSummary> summarize_masking(const MaskingResults& results, const MaskingView& view) {
    const MaskingShape shape(results, view);
    const std::vector<double> clash = total_clash(results, view);
    std::vector<ObjectSummary> summaries(view.objects.size());
    for (int object = 0; object < shape.objects; ++object) {
        ObjectSummary& summary = summaries[static_cast<std::size_t>(object)];
        add_loudness(view, shape, object, summary);
        add_audibility(view, shape, object, summary);
        for (int other = 0; other < shape.objects; ++other) {
            const double suffered = clash[index({{object, shape.objects}, {other, shape.objects}})];
            summary.clash_as_target += suffered;
            summary.clash_as_masker += clash[index({{other, shape.objects}, {object, shape.objects}})];
            if (suffered > 0.0) summary.maskers.push_back({other, suffered, 0.0});
        }
        for (Blame& blame : summary.maskers) blame.share = blame.clash / summary.clash_as_target;
        std::stable_sort(summary.maskers.begin(), summary.maskers.end(),
                         [](const Blame& a, const Blame& b) { return a.clash > b.clash; });
    }
    return summaries;
}

std::vector<int> heaviest_objects(const std::vector<ObjectSummary>& summaries, int count) {
    std::vector<int> order(summaries.size());
    std::iota(order.begin(), order.end(), 0);
    const auto weight = [&](int i) {
        const ObjectSummary& summary = summaries[static_cast<std::size_t>(i)];
        return summary.clash_as_target + summary.clash_as_masker;
    };
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return weight(a) > weight(b); });
    if (static_cast<int>(order.size()) > count) order.resize(static_cast<std::size_t>(count));
    std::sort(order.begin(), order.end());
    return order;
}

bool are_relatives(const MaskingView& view, int a, int b) {
    const auto feeds = [&](int source, int target) {
        const std::vector<int>& sources = view.objects[static_cast<std::size_t>(target)].sources;
        return std::find(sources.begin(), sources.end(), source) != sources.end();
    };
    const std::vector<int>& related = view.objects[static_cast<std::size_t>(a)].related;
    return a == b || feeds(a, b) || feeds(b, a) ||
           std::find(related.begin(), related.end(), b) != related.end();
}

std::vector<int> strongest_maskers(const MaskingResults& results, int target) {
    const MaskingShape shape(results, results.tracks);
    const auto cells = static_cast<std::size_t>(shape.hops) * static_cast<std::size_t>(shape.bands);
    std::vector<int> strongest(cells, -1);
    std::vector<float> greatest(cells, 0.0F);
    // Powers of half decibels, of which adding needs no more exactness than a table's.
    std::array<float, 256> power{};
    for (std::size_t i = 1; i < power.size(); ++i) power[i] = std::pow(10.0F, static_cast<float>(i) / 20.0F);
    for (int object = 0; object < shape.objects; ++object) {
        if (are_relatives(results.tracks, target, object)) continue;
        const std::uint8_t* left = results.excitation.data() + shape.excitation(0, object, 0, 0);
        const std::uint8_t* right = results.excitation.data() + shape.excitation(1, object, 0, 0);
        for (std::size_t i = 0; i < cells; ++i) {
            const float both = power[left[i]] + power[right[i]];
            if (both <= greatest[i]) continue;
            greatest[i] = both;
            strongest[i] = object;
        }
    }
    return strongest;
}

}  // namespace tutti
