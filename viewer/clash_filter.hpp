#pragma once

#include <optional>
#include <string>

#include "host/masking_events.hpp"
#include "host/masking_results.hpp"

namespace tutti::viewer {

struct Stretch;

/// Which sentences are kept: those that touch a stretch of time and a range of frequencies, and in which
/// enough is hidden.
struct ClashFilter {
    struct Range {
        double from = 0.0;
        double to = 0.0;
        bool operator==(const Range&) const = default;
    };
    std::optional<Range> time_s;  ///< on the session's time line
    std::optional<Range> hz;
    double least_hidden = 0.0;  ///< inaudible or heavily masked, of what the target plays there, 0 ... 1
    bool operator==(const ClashFilter&) const = default;

    bool keeps(const ClashEvent& event) const;
    bool is_empty() const { return *this == ClashFilter{}; }
};

/// What a person types, in any order: "0:48-1:12" or "12-20 s" or "bars 9-16", "1-4 kHz" or "800 Hz-2 kHz",
/// "50 %". The session's tempo counts bars. Throws InputError with what is wrong and what is allowed.
ClashFilter parse_clash_filter(const std::string& text, const MaskingResults& results);

/// As it is typed: "0:48-1:12, 1-4 kHz, 50 %"; empty for one that keeps all.
std::string clash_filter_text(const ClashFilter& filter);

/// Keeps what touches a region.
ClashFilter clash_filter_of(const Stretch& region, double least_hidden);

}  // namespace tutti::viewer
