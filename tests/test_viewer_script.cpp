#include <catch2/catch.hpp>
#include <filesystem>
#include <vector>

#include "host/masking_report.hpp"
#include "tests/audio_files.hpp"
#include "tests/masking_session.hpp"
#include "tests/program.hpp"

using namespace tutti;
using namespace tutti::tests;
using Catch::Matchers::Contains;

namespace {

constexpr MaskingReportOptions only_numbers{false, false, false, 1.0};

/// A folder with a report of sixteen tracks, and scripts run on it with the validation layer.
struct Shown {
    TempFolder folder;

    Shown() { write_masking_report(synthetic_masking(16, 40.0), {}, folder / "report", only_numbers); }

    ProgramResult run(const std::string& script) const {
        write_bytes(folder / "script", script);
        return run_tutti_viewer({folder / "report", "--offscreen", "--script", folder / "script",
                                 "--print-actions", "--validate"});
    }

    std::string output(const std::string& script) const {
        const ProgramResult result = run(script);
        CHECK(result.errors == "");
        CHECK(result.status == 0);
        return result.output;
    }
};

}  // namespace

TEST_CASE("a script of actions is done and its state printed", "[vulkan]") {
    const Shown shown;
    const std::string output = shown.output(
        "select \"Lead Vox\" \"Pad 1\"\nregion 10 20 1900 3100\nshade loudness\ntime 5 25\ntheme "
        "light\nprint\n");
    CHECK_THAT(output, Contains("target: Lead Vox\nmasker: Pad 1\nshade: loudness\nshown: 5.00-25.00 s"));
    CHECK_THAT(output, Contains("region: 10.00-20.00 s, 1900-3100 Hz"));
    CHECK_THAT(output, Contains("numbers: plays "));
    CHECK_THAT(output, Contains("; Pad 1 9"));  // more than nine tenths of the blame
    CHECK_THAT(output, Contains("theme: light"));
}

// Where things are at 1440 x 900: the matrix's cells from (142, 165), 26.9 px each; the heatmap from (702,
// 312).
TEST_CASE("mouse and keys do what scripts do", "[vulkan]") {
    const Shown shown;
    SECTION("a click on the matrix selects a pair") {
        const std::string output = shown.output("click 155 205\nprint\n");
        CHECK_THAT(output, Contains("select Snare Kick\n"));
        CHECK_THAT(output, Contains("target: Snare\nmasker: Kick\n"));
    }
    SECTION("the wheel zooms time about the mouse, with Shift frequency") {
        const std::string output =
            shown.output("move 947 500\nwheel 1\nshift on\nwheel 2\nshift off\nprint\n");
        CHECK_THAT(output, Contains("shown: 4.00-36.00 s"));
        CHECK_THAT(output, Contains("\nbands "));
    }
    SECTION("a drag in the heatmap makes a region, a click a cursor") {
        const std::string output = shown.output("drag 800 400 900 500\nclick 1000 600\nprint\n");
        CHECK_THAT(output, Contains("\nregion "));
        CHECK_THAT(output, Contains("\ncursor "));
        CHECK_THAT(output, Contains("numbers: "));
        CHECK_THAT(output, !Contains("region: none"));
    }
    SECTION("the right button moves what is shown") {
        const std::string output = shown.output("time 10 20\ndrag 1100 500 1000 500 right\nprint\n");
        CHECK_THAT(output, Contains("shown: 12."));
    }
    SECTION("a click on a sentence leads there") {
        CHECK_THAT(shown.output("click 300 680\nprint\n"), Contains("jump 1\n"));
    }
    SECTION("keys are letters and arrows") {
        const std::string output = shown.output(
            "type n\ntype 3\ntype g\ntype g\ntype f\nkey down\ntype ?\nkey escape\nkey ctrl+o\nkey "
            "escape\nprint\n");
        for (const char* action :
             {"jump 1\n", "shade harm\n", "subject groups\n", "subject tracks\n", "collapse-all\n",
              "keys on\n", "keys off\n", "opener on\n", "opener off\n"}) {
            CHECK_THAT(output, Contains(action));
        }
        CHECK_THAT(output, Contains("rows: 8 from Drums"));
    }
    SECTION("what is typed into the filter is one as soon as it makes sense, and Esc forgets it") {
        const std::string output = shown.output(
            "type c\nframes 2\ntype \"2-3 k\"\nprint\ntype x\nprint\nkey escape\nprint\n"
            "drag 800 400 900 500\ntype F\nprint\n");
        std::vector<std::string> filters;
        for (std::size_t at = 0; (at = output.find("\nfilter: ", at)) != std::string::npos; ++at)
            filters.push_back(output.substr(at + 9, output.find('\n', at + 1) - at - 9));
        REQUIRE(filters.size() == 4);
        CHECK(filters[0] == "2-3 kHz");
        CHECK(filters[1] == "none");
        CHECK_THAT(output, Contains("not taken: \"2-3 kx\" is no filter"));
        CHECK(filters[2] == "none");
        CHECK_THAT(output.substr(output.rfind("report: ")), !Contains("not taken"));
        CHECK_THAT(filters[3], Contains("Hz"));
    }
    SECTION("what is typed into the search box is no key") {
        const std::string output = shown.output("type /\nframes 3\ntype gtr\nprint\n");
        CHECK_THAT(output, Contains("search: gtr\n"));
        CHECK_THAT(output, !Contains("subject groups"));
        CHECK_THAT(output, Contains("rows: 2 from Gtr L"));
    }
}

TEST_CASE("a script's mistake names its line", "[vulkan]") {
    const Shown shown;
    const ProgramResult result = shown.run("theme light\n\nselct Kick\n");
    CHECK(result.status == 2);
    CHECK_THAT(result.errors, Contains("script:3: there is no action \"selct\"; did you mean select?"));
}

TEST_CASE("reports that cannot be shown say why in the window", "[vulkan]") {
    const Shown shown;
    const std::filesystem::path report = shown.folder / "report";
    SECTION("a file is missing") {
        std::filesystem::remove(report / "margin_db.npy");
        CHECK_THAT(shown.output("print\n"), Contains("problem: ") && Contains("margin_db.npy"));
    }
    SECTION("an array was cut off") {
        std::filesystem::resize_file(report / "excitation.npy", 5000);
        CHECK_THAT(shown.output("print\n"), Contains("problem: ") && Contains("excitation.npy"));
    }
    SECTION("it is of another version") {
        std::string text = read_bytes(report / "report.json");
        const std::size_t at = text.find("\"version\": 1");
        REQUIRE(at != std::string::npos);
        write_bytes(report / "report.json", text.replace(at, 12, "\"version\": 9"));
        CHECK_THAT(shown.output("print\n"), Contains("problem: ") && Contains("version"));
    }
    SECTION("there is none") {
        std::filesystem::remove_all(report);
        CHECK_THAT(shown.output("print\n"), Contains("problem: ") && Contains("report.json"));
    }
}

TEST_CASE("the command line's mistakes are said in one line", "[vulkan]") {
    const auto refusal = [](const std::vector<std::string>& arguments) {
        const ProgramResult result = run_tutti_viewer(arguments);
        CHECK(result.status == 2);
        return result.errors;
    };
    CHECK_THAT(refusal({"--offscreen", "--size", "10x10"}), Contains("from 900x600"));
    CHECK_THAT(refusal({"--offscreen", "--size", "big"}), Contains("WIDTHxHEIGHT"));
    CHECK_THAT(refusal({"--offscreen", "--scale", "9"}), Contains("--scale"));
    CHECK_THAT(refusal({"--offscreen", "--device", "cpu"}),
               Contains("allowed are auto, vulkan and vulkan:N"));
    CHECK_THAT(refusal({"--script", "x"}), Contains("--script needs --offscreen"));
    CHECK_THAT(refusal({"--offscreen", "--script", "/nowhere"}), Contains("/nowhere: cannot be read"));
    CHECK_THAT(refusal({"--offscreen", "--screenshot", "/nowhere/a.png"}), Contains("/nowhere"));
    CHECK(run_tutti_viewer({"--offscreen", "--device", "vulkan:99"}).status == 3);
}

TEST_CASE("a window is hovered, clicked, dragged, typed into, resized and closed", "[vulkan]") {
    const Shown shown;
    const ProgramResult result = run_viewer_window({shown.folder / "report"});
    CHECK(result.errors == "");
    CHECK(result.status == 0);
    CHECK_THAT(result.output, Contains("select Snare Kick\n") && Contains("jump 1\n") && Contains("undo\n") &&
                                  Contains("filter \"2-3 kHz 50 %\"\n") && Contains("quit\n"));
}
