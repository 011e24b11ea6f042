#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "viewer/clash_filter.hpp"
#include "viewer/report.hpp"
#include "viewer/what_if.hpp"

namespace tutti::viewer {

enum class Theme { dark, light };
enum class Subject { tracks, groups };        ///< what clashes are shown between
enum class Shade { margin, loudness, harm };  ///< what the heatmap's colours mean
enum class Order { group, weight, session };  ///< of rows and lanes
/// Which sentences are listed: of clashes, or what is suggested.
enum class Listing { all, target, pair, suggestions };

/// A stretch of time, on the session's time line, and of the Cam scale.
struct Stretch {
    double from_s = 0.0;
    double to_s = 0.0;
    double low_cam = 0.0;
    double high_cam = 0.0;
};

/// Rows of the matrix that are shown, in rows; targets from the top, maskers from the left.
struct MatrixPart {
    double first_target = 0.0;
    double last_target = 0.0;
    double first_masker = 0.0;
    double last_masker = 0.0;
};

struct Cursor {
    double time_s = 0.0;
    double cam = 0.0;
};

enum class Sound { mix, target, pair, difference };  ///< what is heard

/// Where panels meet, as shares of what they divide; none: as it fits.
struct Splits {
    std::optional<double> middle;  ///< the matrix's width, of the window's
    std::optional<double> list;    ///< the matrix's height, of that of it and the list of clashes
    std::optional<double> lanes;   ///< the lanes' height, of that of them and the heatmap
};

/// What is played. The first four are changed by actions, the others told by the player.
struct Listening {
    bool is_playing = false;
    Sound sound = Sound::mix;
    bool loops = false;
    std::filesystem::path session;  ///< where the report's session is; empty: where the report says

    std::string problem;  ///< why nothing could be played, a line for each
    bool is_problem_shown = false;
    std::optional<double> playhead_s;
    bool plays_changes = false;     ///< what is heard has the changes that are tried in it
    bool waits = false;             ///< for what is being rendered
    double rendered_share = 1.0;    ///< of what is being rendered
    double level_db = -200.0;       ///< RMS of what is heard, over full scale
    bool is_over = false;           ///< something was over full scale, and cut
    bool is_session_newer = false;  ///< than the report
};

/// An analysis that was asked for; what and how far is told by the worker.
struct Analysing {
    std::filesystem::path session;
    std::filesystem::path folder;         ///< for the report
    bool is_unneeded_if_current = false;  ///< a report that is there and newer than all it is of will do
    bool is_cancelled = false;
    std::string what{};
    double done_s = 0.0;
    double total_s = 0.0;    ///< of audio; 0: cannot be said
    double elapsed_s = 0.0;  ///< in this part of the work
};

/// Everything that decides what is seen. Changed by actions alone (viewer/action.hpp).
struct State {
    std::shared_ptr<const Report> report;   ///< null: none
    std::filesystem::path opening;          ///< being read; empty: nothing is
    std::filesystem::path opening_session;  ///< where its session is; empty: where it says
    std::string problem;                    ///< why the last one could not be shown, a line for each
    std::filesystem::path problem_folder;   ///< of the report that could not be shown; empty: none
    std::filesystem::path problem_session;  ///< an analysis of which would help; empty: none
    std::optional<Analysing> analysing;
    std::string note;  ///< on what was opened, one line

    std::vector<std::filesystem::path> recent;  ///< folders of reports opened before

    Subject subject = Subject::tracks;
    int target = -1;  ///< object of the subject's view
    int masker = -1;
    Shade shade = Shade::margin;
    Stretch shown;  ///< in all panels with time or frequency
    std::optional<Cursor> cursor;
    std::optional<Stretch> region;

    Order order = Order::group;
    std::optional<MatrixPart> matrix_part;  ///< none: all of it
    std::set<std::string> collapsed;        ///< groups
    std::string search;
    Listing listing = Listing::all;
    ClashFilter filter;          ///< of the sentences that are listed
    std::string filter_text;     ///< as it was typed, or as a box or a button has made it
    std::string filter_problem;  ///< why that is no filter; empty: it is one

    Listening listening;
    WhatIf what_if;

    Splits splits;
    Theme theme = Theme::dark;
    bool keys_shown = false;
    bool opener_shown = false;
    bool wants_to_quit = false;

    /// As the analysis left it.
    const ReportView* report_view() const {
        if (!report) return nullptr;
        return subject == Subject::tracks ? &report->tracks() : &report->groups();
    }

    /// What has been heard of changes that are tried is what is shown; where nothing has, null.
    const AfterView* after() const {
        const bool fits = what_if.is_open && !what_if.shows_before && what_if.after &&
                          &what_if.after->before == report_view();
        return fits ? what_if.after.get() : nullptr;
    }

    /// What panels show.
    const ReportView* view() const { return after() != nullptr ? &after()->view : report_view(); }
};

/// All of a report: its time, and frequencies from 20 Hz to 20 kHz.
Stretch everything(const Report& report);

/// The session of the report that is open, where it is now.
std::filesystem::path session_of(const State& state);

/// The attempt's change of that kind of that track; null: none.
const MixChange* change_of(const Attempt& attempt, int object, MixChange::Kind kind);

/// The track whose controls are shown; -1: none.
int tried_track(const State& state);

/// Of bells, faders and the playback level, either way.
inline constexpr double greatest_tried_db = 24.0;
inline constexpr double least_tried_q = 0.1;
inline constexpr double greatest_tried_q = 20.0;

/// What frequencies can be shown.
inline constexpr double lowest_shown_hz = 20.0;
inline constexpr double highest_shown_hz = 20000.0;

/// Of what a split divides.
inline constexpr double least_split = 0.15;

/// The least that is shown of time and of the Cam scale.
inline constexpr double least_shown_s = 1.0;
inline constexpr double least_shown_cam = 2.0;

}  // namespace tutti::viewer
