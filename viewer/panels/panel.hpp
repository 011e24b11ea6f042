#pragma once

#include <imgui.h>

#include <string>
#include <vector>

#include "viewer/action.hpp"
#include "viewer/gpu/interface.hpp"
#include "viewer/key_codes.hpp"
#include "viewer/scene.hpp"
#include "viewer/theme.hpp"

namespace tutti::viewer {

struct Rect {
    float left = 0.0F;
    float top = 0.0F;
    float right = 0.0F;
    float bottom = 0.0F;

    float width() const { return right - left; }
    float height() const { return bottom - top; }
    ImVec2 corner() const { return {left, top}; }
    ImVec2 far_corner() const { return {right, bottom}; }
};

/// What a panel draws with. It changes nothing itself: it asks for actions.
struct Panel {
    const State& state;
    const Scene& scene;
    Interface& interface;
    const std::vector<KeyPress>& keys;  ///< of this frame
    std::vector<Action>& actions;
    bool& search_is_wanted;  ///< the next frame puts the caret into the search box
    bool& filter_is_wanted;  ///< the same for the filter of clashes

    const ReportView& view() const { return *state.view(); }
    const Palette& colours() const { return palette(state.theme); }
    float px(float unscaled) const { return unscaled * interface.scale(); }
    void ask(Action action) const { actions.push_back(std::move(action)); }
    const std::string& name_of(int object) const { return view().view->objects[object].name; }
};

/// Of a window that is a part of the whole: without a background of its own, which software devices would
/// fill a second time.
inline constexpr ImGuiWindowFlags part_flags =
    ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
    ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoBackground |
    ImGuiWindowFlags_NoScrollWithMouse;

/// The panels, one file each. All but the first two need a report.
void show_top_bar(const Panel& panel, const Rect& where);
void show_message(const Panel& panel, const Rect& where);
void show_matrix(const Panel& panel, const Rect& where);
void show_clash_list(const Panel& panel, const Rect& where);
/// Changes that are tried, in the list's place.
void show_what_if(const Panel& panel, const Rect& where);
/// The tried track's bell over the spectrum, to be dragged.
void show_bell(const Panel& panel, const Rect& plot);
void show_overview(const Panel& panel, const Rect& where, const Rect& plot);
void show_heatmap(const Panel& panel, const Rect& where, const Rect& plot);
/// What the heatmap says of one place, as a tooltip.
void show_heatmap_readout(const Panel& panel, double time_s, double cam);
void show_spectrum(const Panel& panel, const Rect& where);
void show_spectrum_names(const Panel& panel, const Rect& where);
void show_region(const Panel& panel, const Rect& where);
void show_keys(const Panel& panel);
void show_opener(const Panel& panel);

/// Lines of an error, in a box that scrolls where they are many.
void show_lines(const Panel& panel, const char* id, const std::string& text);

/// What is played, and why it cannot be.
void show_transport(const Panel& panel, const Rect& where);
void show_trouble(const Panel& panel);

/// A line between panels that can be dragged: upright at `at`, or level, from `from` to `to`; `begin` and
/// `end` bound what it divides. A double click lets it fit again.
struct Split {
    const char* name;  ///< as the action has it
    bool is_upright;
    float at, from, to;
    float begin, end;
};
void show_split(const Panel& panel, const Split& split);

/// All panels of a report.
void show_report_panels(const Panel& panel, const Rect& where);

/// Does what the keys of this frame say.
void handle_keys(const Panel& panel);

}  // namespace tutti::viewer
