#include "viewer/scene.hpp"

#include <sstream>

#include "viewer/colour_map.hpp"
#include "viewer/listed_sentences.hpp"

namespace tutti::viewer {

namespace {

constexpr int shown_masker_count = 4;

/// True, once, when what `key` was made from has changed.
template <typename... Parts>
bool has_changed(std::string& key, const Parts&... parts) {
    std::ostringstream text;
    text.precision(17);
    ((text << parts << '\x1f'), ...);
    if (text.str() == key) return false;
    key = text.str();
    return true;
}

std::string joined(const std::set<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += name + '\x1e';
    return text;
}

std::string filter_key(const ClashFilter& filter) {
    std::ostringstream text;
    text.precision(17);
    if (filter.time_s) text << filter.time_s->from << ' ' << filter.time_s->to;
    text << ';';
    if (filter.hz) text << filter.hz->from << ' ' << filter.hz->to;
    text << ';' << filter.least_hidden;
    return text.str();
}

/// Now, while something is played.
std::optional<double> spectrum_time_s(const State& state) {
    if (state.listening.playhead_s) return state.listening.playhead_s;
    return state.cursor ? std::optional(state.cursor->time_s) : std::nullopt;
}

}  // namespace

void Scene::update(const State& state, const FieldPipeline& pipeline) {
    if (!state.report) return;
    const Report* report = state.report.get();
    const ReportView& view = *state.view();
    const auto subject = static_cast<int>(state.subject);
    const auto theme = static_cast<int>(state.theme);
    const bool is_after = state.after() != nullptr;
    const int target_revision = is_after ? state.what_if.target_revision : -1;
    const int pair_revision = is_after ? state.what_if.pair_revision : -1;
    if (has_changed(rows_key_, report, subject, static_cast<int>(state.order), joined(state.collapsed),
                    state.search, theme)) {
        rows = arrange_rows(state);
    }
    if (has_changed(matrix_key_, rows_key_, pair_revision)) {
        clashes = row_clashes(view, rows.rows);
        const int count = static_cast<int>(rows.rows.size());
        const HeatmapCells cells = matrix_cells(clashes, count);
        matrix.set(pipeline, count, count, cells.cells, amount_colours(state.theme));
        matrix_low = cells.low;
        matrix_high = cells.high;
    }
    if (has_changed(lanes_key_, rows_key_, target_revision)) {
        std::vector<std::vector<int>> members;
        for (const Row& row : rows.rows) members.push_back(row.objects);
        const HeatmapCells made = lane_cells(view, members);
        lanes.set(pipeline, made.column_count, made.row_count, made.cells, amount_colours(state.theme));
    }
    if (has_changed(heatmap_key_, report, subject, state.target, static_cast<int>(state.shade), theme,
                    target_revision, pair_revision)) {
        HeatmapCells cells;
        areas.clear();
        if (state.target >= 0) {
            cells = heatmap_cells(view, state.target, state.shade);
            areas = hidden_areas(view, state.target, report->results().section_s);
        }
        const bool is_margin = state.shade == Shade::margin;
        heatmap.set(pipeline, cells.column_count, cells.row_count, cells.cells,
                    is_margin ? margin_colours(state.theme) : amount_colours(state.theme));
        heatmap_low = cells.low;
        heatmap_high = cells.high;
    }
    const Stretch region = state.region.value_or(Stretch{});
    if (has_changed(numbers_key_, report, subject, state.target, region.from_s, region.to_s, region.low_cam,
                    region.high_cam, target_revision)) {
        numbers.reset();
        if (state.region && state.target >= 0) {
            numbers = region_numbers(*report, view, state.target, region);
        }
    }
    const std::optional<double> taken_s = spectrum_time_s(state);
    spectrum_hop = taken_s ? hop_at(report->results(), *taken_s) : -1;
    spectrum_s = taken_s.value_or(0.0);
    if (has_changed(spectrum_key_, report, subject, state.target, spectrum_hop, target_revision)) {
        spectrum.reset();
        if (spectrum_hop >= 0 && state.target >= 0 && view.shape.hops > 0) {
            spectrum = spectrum_at(*report, view, state.target, spectrum_hop, shown_masker_count);
        }
    }
    if (has_changed(list_key_, rows_key_, static_cast<int>(state.listing), state.target, state.masker,
                    filter_key(state.filter))) {
        listed = listed_sentences(state, rows);
    }
}

}  // namespace tutti::viewer
