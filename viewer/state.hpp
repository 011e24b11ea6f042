#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "viewer/report.hpp"

namespace tutti::viewer {

enum class Theme { dark, light };
enum class Subject { tracks, groups };        ///< what clashes are shown between
enum class Shade { margin, loudness, harm };  ///< what the heatmap's colours mean
enum class Order { group, weight, session };  ///< of rows and lanes
enum class Listing { all, target, pair };     ///< which sentences are listed

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

/// Everything that decides what is seen. Changed by actions alone (viewer/action.hpp).
struct State {
    std::shared_ptr<const Report> report;  ///< null: none
    std::filesystem::path opening;         ///< being read; empty: nothing is
    std::string problem;                   ///< why the last one could not be shown

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

    Theme theme = Theme::dark;
    bool keys_shown = false;
    bool opener_shown = false;
    bool wants_to_quit = false;

    const ReportView* view() const {
        if (!report) return nullptr;
        return subject == Subject::tracks ? &report->tracks() : &report->groups();
    }
};

/// All of a report: its time, and frequencies from 20 Hz to 20 kHz.
Stretch everything(const Report& report);

/// What frequencies can be shown.
inline constexpr double lowest_shown_hz = 20.0;
inline constexpr double highest_shown_hz = 20000.0;

/// The least that is shown of time and of the Cam scale.
inline constexpr double least_shown_s = 1.0;
inline constexpr double least_shown_cam = 2.0;

}  // namespace tutti::viewer
