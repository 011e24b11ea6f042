#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/mix_change.hpp"
#include "host/session.hpp"
#include "viewer/report.hpp"

namespace tutti::viewer {

/// What is tried: at most one change of a kind per track, and how much louder all of it is played.
struct Attempt {
    std::vector<MixChange> changes;
    double playback_db = 0.0;
    bool operator==(const Attempt&) const = default;
};

/// A view of the report with what has been heard of an attempt in it. Does not move: the view points into it.
struct AfterView {
    AfterView(std::shared_ptr<const Report> of, const ReportView& report_view)
        : report(std::move(of)), before(report_view), arrays(*report_view.view), view(report_view) {
        view.view = &arrays;
    }
    AfterView(const AfterView&) = delete;
    AfterView& operator=(const AfterView&) = delete;

    const std::shared_ptr<const Report> report;
    const ReportView& before;  ///< of that report
    MaskingView arrays;
    ReportView view;
    int target = -1;  ///< whose margins and loudness are as tried; all others' are as they were
};

/// Changes that are tried on the report. The first part is changed by actions, the second told by the worker.
struct WhatIf {
    bool is_open = false;
    bool shows_before = false;
    int object = -1;  ///< track whose controls are shown; -1: the masker, else the target
    Attempt now;
    std::vector<Attempt> undoable;  ///< the last is undone first
    std::vector<Attempt> redoable;
    std::shared_ptr<const Attempt> held;     ///< as it was before what is being dragged
    std::shared_ptr<const Session> session;  ///< null: cannot be read
    std::string session_problem;
    std::string said;  ///< of a file that was written, or why the last thing could not be done

    std::shared_ptr<const AfterView> after;  ///< null: nothing has been heard yet
    int target_revision = 0;                 ///< of the target's margins in it
    int pair_revision = 0;                   ///< of the clashes in it
    double heard_share = 0.0;                ///< of the time, that the clashes are estimated from
    std::vector<double> gained_sone_s;       ///< [object of the view]: partial loudness, after minus before
    std::string problem;                     ///< why nothing can be heard
};

}  // namespace tutti::viewer
