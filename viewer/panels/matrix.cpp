#include <algorithm>
#include <cmath>

#include "host/masking_sentences.hpp"
#include "viewer/colour_map.hpp"
#include "viewer/panels/matrix_names.hpp"
#include "viewer/panels/paint.hpp"

namespace tutti::viewer {

namespace {

constexpr float most_cell_px = 50.0F;

/// The pair of objects with the greatest clash among those of two rows.
std::pair<int, int> greatest_pair(const ReportView& view, const Row& target, const Row& masker) {
    std::pair<int, int> found{target.objects.front(), masker.objects.front()};
    double greatest = -1.0;
    for (const int i : target.objects) {
        for (const int j : masker.objects) {
            if (view.clash_of(i, j) <= greatest) continue;
            greatest = view.clash_of(i, j);
            found = {i, j};
        }
    }
    return found;
}

/// Where a pair's clash is greatest: "1.9-3.1 kHz around 0:50".
std::string place_of(const Panel& panel, int target, int masker) {
    const MaskingShape& shape = panel.view().shape;
    const MaskingResults& results = panel.state.report->results();
    std::vector<double> by_section(static_cast<std::size_t>(shape.sections));
    std::vector<double> by_group(static_cast<std::size_t>(shape.groups));
    for (int section = 0; section < shape.sections; ++section) {
        for (int group = 0; group < shape.groups; ++group) {
            const double clash = panel.view().view->clash[shape.pair(section, group, target, masker)];
            by_section[section] += clash;
            by_group[group] += clash;
        }
    }
    const auto group = std::max_element(by_group.begin(), by_group.end()) - by_group.begin();
    const auto section = std::max_element(by_section.begin(), by_section.end()) - by_section.begin();
    const std::vector<double> edges = band_group_edges_hz();
    const double from_s = results.from_s + static_cast<double>(section) * results.section_s;
    const double to_s = std::min(from_s + results.section_s, panel.state.report->end_s());
    return "most at " + frequency_range_text(edges[group], edges[group + 1]) + ", " +
           time_range_text(from_s, to_s);
}

void show_pair(const Panel& panel, int target_row, int masker_row) {
    const std::vector<Row>& rows = panel.scene.rows.rows;
    const Row& target = rows[target_row];
    const Row& masker = rows[masker_row];
    const double clash = panel.scene.clashes[static_cast<std::size_t>(target_row) * rows.size() + masker_row];
    ImGui::BeginTooltip();
    ImGui::PushFont(panel.interface.bold_font());
    ImGui::Text("%s hidden by %s", target.name.c_str(), masker.name.c_str());
    ImGui::PopFont();
    if (clash <= 0.0) {
        ImGui::TextUnformatted(target_row == masker_row && !target.is_group ? "the same track" : "nothing");
    } else {
        double suffered = 0.0;
        for (const int i : target.objects) suffered += panel.view().summaries[i].clash_as_target;
        ImGui::Text("%s of what %s suffers (%s sone s)", share_text(clash / suffered).c_str(),
                    target.name.c_str(), sone_text(clash).c_str());
        const auto [i, j] = greatest_pair(panel.view(), target, masker);
        if (target.is_group || masker.is_group) {
            ImGui::Text("most of it %s by %s", panel.name_of(i).c_str(), panel.name_of(j).c_str());
        }
        ImGui::TextUnformatted(place_of(panel, i, j).c_str());
    }
    ImGui::EndTooltip();
}

void draw_selection(const Panel& panel, const MatrixGrid& grid) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const int target = row_of(panel.scene.rows.rows, panel.state.target);
    const int masker = row_of(panel.scene.rows.rows, panel.state.masker);
    const Palette& colours = panel.colours();
    list.PushClipRect(grid.plot.corner(), grid.plot.far_corner(), true);
    if (target >= 0) {
        list.AddRect({grid.plot.left, grid.y_of(target) - 1}, {grid.plot.right, grid.y_of(target + 1) + 1},
                     colours.target);
    }
    if (masker >= 0) {
        list.AddRect({grid.x_of(masker) - 1, grid.plot.top}, {grid.x_of(masker + 1) + 1, grid.plot.bottom},
                     colours.masker);
    }
    list.PopClipRect();
}

void handle_mouse(const Panel& panel, const MatrixGrid& grid) {
    const ImGuiIO& io = ImGui::GetIO();
    const int count = static_cast<int>(panel.scene.rows.rows.size());
    const double target = grid.target_at(io.MousePos.y);
    const double masker = grid.masker_at(io.MousePos.x);
    const auto ask_part = [&](const MatrixPart& part) {
        panel.ask({"matrix", argument(part.first_target), argument(part.last_target),
                   argument(part.first_masker), argument(part.last_masker)});
    };
    MatrixPart part = grid.part;
    if (ImGui::IsItemActive() && (ImGui::IsMouseDragging(ImGuiMouseButton_Right, 0.0F) ||
                                  ImGui::IsMouseDragging(ImGuiMouseButton_Middle, 0.0F))) {
        const double rows = -io.MouseDelta.y / grid.cell_height();
        const double columns = -io.MouseDelta.x / grid.cell_width();
        if (rows != 0.0 || columns != 0.0) {
            ask_part({part.first_target + rows, part.last_target + rows, part.first_masker + columns,
                      part.last_masker + columns});
        }
    }
    if (!ImGui::IsItemHovered()) return;
    if (io.MouseWheel != 0.0F) {
        const double factor = std::pow(0.8, io.MouseWheel);
        ask_part(
            {target + (part.first_target - target) * factor, target + (part.last_target - target) * factor,
             masker + (part.first_masker - masker) * factor, masker + (part.last_masker - masker) * factor});
    }
    const int target_row = static_cast<int>(std::floor(target));
    const int masker_row = static_cast<int>(std::floor(masker));
    if (target_row < 0 || masker_row < 0 || target_row >= count || masker_row >= count) return;
    if (!ImGui::IsMouseDown(ImGuiMouseButton_Right)) show_pair(panel, target_row, masker_row);
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
        const auto [i, j] =
            greatest_pair(panel.view(), panel.scene.rows.rows[target_row], panel.scene.rows.rows[masker_row]);
        panel.ask({"select", panel.name_of(i), panel.name_of(j)});
    }
}

void show_controls(const Panel& panel) {
    const auto choice = [&](const char* label, bool is_on, Action action) {
        if (show_choice(label, is_on)) panel.ask(std::move(action));
    };
    ImGui::PushFont(panel.interface.bold_font());
    ImGui::TextUnformatted("Who hides whom");
    ImGui::PopFont();
    choice("Tracks", panel.state.subject == Subject::tracks, {"subject", "tracks"});
    choice("Groups", panel.state.subject == Subject::groups, {"subject", "groups"});
    ImGui::SameLine();
    ImGui::TextDisabled(" by");
    choice("Group", panel.state.order == Order::group, {"order", "group"});
    choice("Clashes", panel.state.order == Order::weight, {"order", "weight"});
    choice("Session", panel.state.order == Order::session, {"order", "session"});
    if (panel.state.subject == Subject::tracks && panel.state.order == Order::group) {
        const bool any_open = std::any_of(panel.scene.rows.spans.begin(), panel.scene.rows.spans.end(),
                                          [](const RowSpan& span) { return !span.is_collapsed; });
        choice(any_open ? "Fold all" : "Unfold all", false, {any_open ? "collapse-all" : "expand-all"});
    }
    if (panel.state.matrix_part) choice("Whole matrix", false, {"matrix", "all"});
}

}  // namespace

void show_matrix(const Panel& panel, const Rect& where) {
    ImGui::SetNextWindowPos(where.corner());
    ImGui::SetNextWindowSize({where.width(), where.height()});
    ImGui::Begin("matrix", nullptr, part_flags);
    show_controls(panel);
    const int count = static_cast<int>(panel.scene.rows.rows.size());
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const Palette& colours = panel.colours();
    ImFont* const font = panel.interface.small_font();
    if (count == 0) {
        ImGui::TextDisabled("No track or group is called like that.");
        ImGui::End();
        return;
    }
    const float gutter = panel.px(132);
    const float heading = panel.px(92);
    const float top = ImGui::GetCursorScreenPos().y + heading;
    const float legend = panel.px(44);
    const float side =
        std::min({where.right - panel.px(12) - (where.left + gutter + panel.px(10)),
                  where.bottom - legend - top, panel.px(most_cell_px) * static_cast<float>(count)});
    MatrixGrid grid;
    grid.plot = {where.left + gutter + panel.px(10), top, 0, 0};
    grid.plot.right = grid.plot.left + std::round(side);
    grid.plot.bottom = grid.plot.top + std::round(side);
    const auto rows = static_cast<double>(count);
    grid.part = panel.state.matrix_part.value_or(MatrixPart{0.0, rows, 0.0, rows});

    list.AddRectFilled(grid.plot.corner(), grid.plot.far_corner(), colours.plot);
    FieldView view;
    view.left_px = grid.plot.left;
    view.top_px = grid.plot.top;
    view.right_px = grid.plot.right;
    view.bottom_px = grid.plot.bottom;
    view.first_column = grid.part.first_masker;
    view.last_column = grid.part.last_masker;
    view.first_row = grid.part.first_target;
    view.last_row = grid.part.last_target;
    view.low = panel.scene.matrix_low;
    view.high = panel.scene.matrix_high;
    list.PushClipRect(grid.plot.corner(), grid.plot.far_corner(), true);
    panel.interface.add_field(list, panel.scene.matrix, view);
    list.PopClipRect();
    show_matrix_names(panel, grid, gutter, heading);
    draw_selection(panel, grid);
    draw_text(list, font, grid.plot.left - panel.px(6), grid.plot.top - panel.px(10), colours.faint_ink,
              "hidden", Anchor::end);
    draw_text(list, font, grid.plot.right, grid.plot.top - heading + panel.px(8), colours.faint_ink, "by",
              Anchor::end);

    ImGui::SetCursorScreenPos(grid.plot.corner());
    ImGui::InvisibleButton("cells", {grid.plot.width(), grid.plot.height()},
                           ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight |
                               ImGuiButtonFlags_MouseButtonMiddle);
    handle_mouse(panel, grid);
    const float strip = grid.plot.bottom + panel.px(12);
    draw_legend(panel,
                {grid.plot.left, strip, grid.plot.left + std::min(grid.plot.width(), panel.px(300)),
                 strip + panel.px(8)},
                amount_colours(panel.state.theme),
                "hardly (" + sone_text(std::pow(10.0, panel.scene.matrix_low)) + ")", "",
                "badly hidden (" + sone_text(std::pow(10.0, panel.scene.matrix_high)) + " sone s)");
    ImGui::End();
}

}  // namespace tutti::viewer
