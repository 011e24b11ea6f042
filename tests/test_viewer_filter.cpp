// Which of the viewer's sentences are listed.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/errors.hpp"
#include "engine/masking_model.hpp"
#include "tests/viewer_report.hpp"
#include "viewer/action.hpp"
#include "viewer/listed_sentences.hpp"
#include "viewer/state_text.hpp"

using namespace tutti;
using namespace tutti::viewer;
using Catch::Matchers::Contains;

namespace {

MaskingResults with_tempo() {
    MaskingResults results;
    results.tempo_bpm = 120.0;
    return results;
}

State filtered(const std::string& text) {
    State state;
    show_report(state, tests::small_report());
    perform(state, {"filter", text});
    return state;
}

/// Of the sentences that a filter lists, and of all others.
void check_listed(const std::string& text, bool (*fits)(const ClashEvent& event)) {
    CAPTURE(text);
    const State state = filtered(text);
    const std::vector<int> listed = listed_sentences(state, arrange_rows(state));
    std::size_t expected = 0;
    for (const ClashEvent& event : state.view()->events) expected += fits(event) ? 1 : 0;
    REQUIRE(expected > 0);
    REQUIRE(expected < state.view()->events.size());
    CHECK(listed.size() == expected);
    for (const int i : listed) CHECK(fits(state.view()->events[i]));
}

}  // namespace

TEST_CASE("a filter is typed as people write times, bars, frequencies and shares") {
    using Range = ClashFilter::Range;
    const MaskingResults results = with_tempo();
    const auto parsed = [&](const char* text) { return parse_clash_filter(text, results); };
    CHECK(parsed("").is_empty());
    CHECK(parsed(" , ").is_empty());
    CHECK(parsed("0:48-1:12").time_s == Range{48.0, 72.0});
    CHECK(parsed("1:00:00-1:00:00.5").time_s == Range{3600.0, 3600.5});
    CHECK(parsed("12-20s").time_s == Range{12.0, 20.0});
    CHECK(parsed("bars 9-16").time_s == Range{16.0, 32.0});
    CHECK(parsed("Bar 1").time_s == Range{0.0, 2.0});
    CHECK(parsed("1-4 kHz").hz == Range{1000.0, 4000.0});
    CHECK(parsed("200-800Hz").hz == Range{200.0, 800.0});
    CHECK(parsed("800 Hz-2k").hz == Range{800.0, 2000.0});
    CHECK(parsed("50 %").least_hidden == Approx(0.5));
    CHECK(parsed("50%, 1.5-4k; 0:30 - 1:00") == ClashFilter{Range{30.0, 60.0}, Range{1500.0, 4000.0}, 0.5});
    for (const char* text : {"0:48-1:12, 1-4 kHz, 50 %", "0:05.5-1:00:00", "800 Hz-2.25 kHz", "12.5 %"}) {
        CAPTURE(text);
        CHECK(parsed(clash_filter_text(parsed(text)).c_str()) == parsed(text));
    }
    CHECK(clash_filter_text(parsed("50% 48-72 s 1-4k")) == "0:48-1:12, 1-4 kHz, 50 %");
}

TEST_CASE("what is no filter says what is") {
    const MaskingResults results = with_tempo();
    for (const char* text : {"loud", "5", "4-1 kHz", "1-", "120 %", "50-60 %", "bars 4-2", "bars 0-2",
                             "bars 1-2 s", "1:00-4 kHz", "20 s", "1 kHz", "-3 s", "0:48-1:12 x"}) {
        CAPTURE(text);
        CHECK_THROWS_WITH(parse_clash_filter(text, results), Contains("allowed are times"));
    }
    CHECK_THROWS_WITH(parse_clash_filter("bars 1-2", MaskingResults{}), Contains("no tempo"));
    State state = filtered("50 %");
    CHECK_THROWS_AS(perform(state, {"filter", "loud"}), InputError);
    CHECK(state.filter.least_hidden == Approx(0.5));
}

TEST_CASE("sentences are listed that touch the filter's time and frequencies and hide enough") {
    check_listed("12-18 s", [](const ClashEvent& e) { return e.from_s < 18.0 && e.to_s > 12.0; });
    check_listed("2-3 kHz", [](const ClashEvent& e) { return e.low_hz < 3000.0 && e.high_hz > 2000.0; });
    // As much as is hidden in the one of which most is.
    double most = 0.0;
    for (const ClashEvent& event : tests::small_report()->tracks().events)
        most = std::max(most, event.inaudible_share + event.heavy_share);
    const double least = std::floor(1000.0 * most) / 10.0;
    const State state = filtered(std::to_string(least) + " %");
    const std::vector<int> listed = listed_sentences(state, arrange_rows(state));
    CHECK_FALSE(listed.empty());
    CHECK(listed.size() < state.view()->events.size());
    for (const int i : listed) {
        const ClashEvent& event = state.view()->events[i];
        CHECK(event.inaudible_share + event.heavy_share >= 0.01 * least);
    }
}

TEST_CASE("a box becomes the filter, and a filter is taken back") {
    State state = filtered("30 %");
    CHECK_THROWS_WITH(perform(state, {"filter-region"}), Contains("drag a box"));
    perform(state, {"region", "10", "20", "1900", "3100"});
    perform(state, {"filter-region"});
    CHECK_THAT(state_text(state), Contains("filter: 0:10-0:20, 1.9-3.1 kHz, 30 %\n"));
    CHECK(state.filter_text == "0:10-0:20, 1.9-3.1 kHz, 30 %");
    perform(state, {"filter", ""});
    const std::string all = std::to_string(state.view()->events.size());
    CHECK_THAT(state_text(state), Contains("filter: none\nsentences: " + all + " of " + all));
}
