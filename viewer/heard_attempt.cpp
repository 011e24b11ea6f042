#include "viewer/heard_attempt.hpp"

#include <algorithm>
#include <cmath>

#include "engine/threads.hpp"
#include "host/half_float.hpp"

namespace tutti::viewer {

namespace {

/// A margin that is there, or not, in both is moved; one that comes or goes is what has been heard.
float moved_margin(float report, float before, float after) {
    if (std::isnan(before) != std::isnan(after)) return after;
    return std::isnan(before) ? report : report + (after - before);
}

float moved_amount(float report, float before, float after) {
    return std::max(0.0F, report + (after - before));
}

/// Copies a target's row of [object][cell], or of [section][band group][object][Audibility].
template <typename Number>
void copy_cells(const std::vector<Number>& from, std::vector<Number>& to, std::size_t first,
                std::size_t count) {
    std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(first), count,
                to.begin() + static_cast<std::ptrdiff_t>(first));
}

void restore(int target, AfterView& view) {
    const MaskingShape& shape = view.before.shape;
    const MaskingView& before = *view.before.view;
    const auto cells = static_cast<std::size_t>(shape.hops) * shape.bands;
    copy_cells(before.margin_db, view.arrays.margin_db, shape.cell(target, 0, 0), cells);
    copy_cells(before.loudness, view.arrays.loudness, shape.cell(target, 0, 0), cells);
    for (int section = 0; section < shape.sections; ++section) {
        for (int group = 0; group < shape.groups; ++group) {
            copy_cells(before.audibility, view.arrays.audibility,
                       shape.sum(section, group, target) * audibility_count, audibility_count);
        }
    }
    view.view.lanes[target] = view.before.lanes[target];
    view.view.summaries[target].audibility = view.before.summaries[target].audibility;
}

}  // namespace

TargetPart target_part(const ReportView& report, int target, const HeardTarget& before,
                       const HeardTarget& after) {
    const MaskingShape& shape = report.shape;
    TargetPart part;
    part.target = target;
    const std::size_t first = shape.cell(target, 0, 0);
    const auto cells = static_cast<std::size_t>(shape.hops) * shape.bands;
    part.margin_db.resize(cells);
    part.loudness.resize(cells);
    parallel_for(shape.hops, [&](int hop) {
        for (std::size_t i = static_cast<std::size_t>(hop) * shape.bands,
                         end = i + static_cast<std::size_t>(shape.bands);
             i < end; ++i) {
            part.margin_db[i] = to_half(moved_margin(from_half(report.view->margin_db[first + i]),
                                                     before.margin_db[i], after.margin_db[i]));
            part.loudness[i] = to_half(moved_amount(from_half(report.view->loudness[first + i]),
                                                    before.loudness[i], after.loudness[i]));
        }
    });
    for (int section = 0; section < shape.sections; ++section) {
        for (int group = 0; group < shape.groups; ++group) {
            const float* const row =
                &report.view->audibility[shape.sum(section, group, target) * audibility_count];
            for (int i = 0; i < audibility_count; ++i) {
                const std::size_t at = part.audibility.size();
                part.audibility.push_back(moved_amount(row[i], before.audibility[at], after.audibility[at]));
            }
        }
    }
    part.hidden_share = hidden_shares(part.margin_db, shape.hops, shape.bands);
    return part;
}

PairPart pair_part(const ReportView& report, const HeardPairs& before, const HeardPairs& after,
                   double heard_share) {
    const MaskingShape& shape = report.shape;
    const auto objects = static_cast<std::size_t>(shape.objects);
    const auto pairs = objects * objects;
    PairPart part{report.view->clash, std::vector<double>(pairs), std::vector<double>(objects), heard_share};
    const auto put_pair = [&](int group, int target, int masker) {
        const std::size_t at = group * pairs + target * objects + masker;
        const double was = before.clash[at];
        const double is = after.clash[at];
        double sum = 0.0;
        for (int section = 0; section < shape.sections; ++section)
            sum += part.clash[shape.pair(section, group, target, masker)];
        double factor = 1.0;
        double more = 0.0;
        if (is < was) factor = is / was;
        if (is > was && sum > 0.0) factor = 1.0 + (is - was) / heard_share / sum;
        if (is > was && !(sum > 0.0)) more = (is - was) / heard_share / shape.sections;
        if (factor != 1.0 || more != 0.0) {
            for (int section = 0; section < shape.sections; ++section) {
                float& clash = part.clash[shape.pair(section, group, target, masker)];
                clash = static_cast<float>(clash * factor + more);
            }
        }
        return factor * sum + more * shape.sections;
    };
    parallel_for(shape.objects, [&](int target) {
        for (int group = 0; group < shape.groups; ++group) {
            for (int masker = 0; masker < shape.objects; ++masker)
                part.total_clash[target * objects + masker] += put_pair(group, target, masker);
            const std::size_t at = group * objects + target;
            part.gained_sone_s[target] += (after.partial[at] - before.partial[at]) / heard_share;
        }
    });
    return part;
}

void put(TargetPart&& part, AfterView& view) {
    if (view.target >= 0) restore(view.target, view);
    const MaskingShape& shape = view.before.shape;
    view.target = part.target;
    view.view.changes = std::move(part.changes);
    if (part.target < 0) return;
    const auto to = static_cast<std::ptrdiff_t>(shape.cell(part.target, 0, 0));
    std::copy(part.margin_db.begin(), part.margin_db.end(), view.arrays.margin_db.begin() + to);
    std::copy(part.loudness.begin(), part.loudness.end(), view.arrays.loudness.begin() + to);
    std::array<double, audibility_count> shares{};
    double all = 0.0;
    std::size_t from = 0;
    for (int section = 0; section < shape.sections; ++section) {
        for (int group = 0; group < shape.groups; ++group) {
            for (int i = 0; i < audibility_count; ++i, ++from) {
                const float amount = part.audibility[from];
                view.arrays.audibility[shape.sum(section, group, part.target) * audibility_count + i] =
                    amount;
                shares[i] += amount;
                all += amount;
            }
        }
    }
    for (double& share : shares) share = all > 0.0 ? share / all : 0.0;
    view.view.summaries[part.target].audibility = shares;
    view.view.lanes[part.target].hidden_share = std::move(part.hidden_share);
}

void put(PairPart&& part, AfterView& view) {
    view.arrays.clash = std::move(part.clash);
    view.view.clash = std::move(part.total_clash);
    view.view.greatest_clash = 0.0;
    const std::size_t objects = view.view.summaries.size();
    for (ObjectSummary& summary : view.view.summaries) summary.clash_as_target = summary.clash_as_masker = 0;
    for (std::size_t i = 0; i < view.view.clash.size(); ++i) {
        const double clash = view.view.clash[i];
        view.view.greatest_clash = std::max(view.view.greatest_clash, clash);
        view.view.summaries[i / objects].clash_as_target += clash;
        view.view.summaries[i % objects].clash_as_masker += clash;
    }
}

}  // namespace tutti::viewer
