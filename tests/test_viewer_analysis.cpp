// Sessions that the viewer analyses.
#include <catch2/catch.hpp>

#include <fstream>

#include "host/masking_report.hpp"
#include "tests/heard_scene.hpp"
#include "tests/program.hpp"
#include "viewer/analysis.hpp"

using namespace tutti;
using namespace tutti::tests;
using namespace tutti::viewer;
using Catch::Matchers::Contains;

namespace {

ProgramResult run(const SessionFolder& folder, const std::string& script,
                  std::vector<std::string> arguments) {
    std::ofstream(folder.path("script")) << script;
    const std::vector<std::string> more{"--offscreen", "--script", folder.path("script"), "--validate"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_tutti_viewer(arguments);
}

std::string analyse(const SessionFolder& folder, const std::filesystem::path& to) {
    Analysis analysis;
    analysis.start(folder.session(), to);
    analysis.wait();
    const Analysis::Outcome outcome = analysis.take();
    return outcome.problem;
}

}  // namespace

TEST_CASE("a session is analysed, its report lies beside it, and is taken again while nothing is newer",
          "[vulkan]") {
    const Scene scene;
    const std::filesystem::path report = scene.path("session-masking");
    CHECK(report_folder_for(scene.session()) == report);
    const ProgramResult first = run(scene, "print\n", {scene.session()});
    CHECK(first.errors == "");
    CHECK_THAT(first.output, Contains("report: " + report.string()) && !Contains("nothing was analysed"));
    CHECK(is_report_current(report, scene.session()));
    CHECK_THAT(run(scene, "print\n", {scene.session()}).output,
               Contains("report: " + report.string()) && Contains("nothing was analysed"));
    std::filesystem::last_write_time(scene.path("Hum.wav"),
                                     std::filesystem::file_time_type::clock::now() + std::chrono::seconds(5));
    CHECK_FALSE(is_report_current(report, scene.session()));
}

TEST_CASE("the report of a session goes where it is told, and replaces nothing but its like") {
    const Scene scene;
    const std::filesystem::path folder = scene.path("here");
    CHECK(analyse(scene, folder) == "");
    CHECK(analyse(scene, folder) == "");
    CHECK(session_of_masking_report(folder) == scene.session());
    std::filesystem::rename(scene.session(), scene.path("other.toml"));
    scene.write_session(track_of("Tone"));
    std::filesystem::rename(scene.session(), scene.path("third.toml"));
    Analysis analysis;
    analysis.start(scene.path("third.toml"), folder);
    analysis.wait();
    CHECK_THAT(analysis.take().problem, Contains("holds the report of another session"));
    std::filesystem::create_directory(scene.path("mine"));
    std::ofstream(scene.path("mine") / "notes.txt") << "keep";
    analysis.start(scene.path("other.toml"), scene.path("mine"));
    analysis.wait();
    CHECK_THAT(analysis.take().problem, Contains("notes.txt"));
}

TEST_CASE("an analysis that is cancelled ends and leaves nothing") {
    const Scene scene;
    Analysis analysis;
    analysis.start(scene.session(), scene.path("report"));
    analysis.cancel();
    analysis.wait();
    const Analysis::Outcome outcome = analysis.take();
    CHECK(outcome.was_cancelled);
    CHECK(outcome.problem.empty());
    CHECK_FALSE(std::filesystem::exists(scene.path("report")));
}

TEST_CASE("a session with mistakes shows all of them in the window, and is tried again", "[vulkan]") {
    const Scene scene;
    scene.write_session(track_of("Tone", "gain_bd = 3") + track_of("Nowhere"));
    const ProgramResult result = run(scene, "print\n", {scene.session()});
    CHECK_THAT(result.output, Contains("problem: ") && Contains("gain_bd") && Contains("Nowhere.wav") &&
                                  Contains("would help: " + scene.session().string()));
}

TEST_CASE("a damaged report offers the session that it is of", "[vulkan]") {
    const Scene scene;
    REQUIRE(analyse(scene, scene.path("report")) == "");
    std::filesystem::resize_file(scene.path("report") / "margin_db.npy", 100);
    const std::string script =
        "print\nanalyse " + scene.session().string() + " " + scene.path("report").string() + "\nprint\n";
    const ProgramResult result = run(scene, script, {scene.path("report")});
    CHECK_THAT(result.output, Contains("margin_db.npy") &&
                                  Contains("would help: " + scene.session().string()) &&
                                  Contains("report: " + scene.path("report").string()));
}

TEST_CASE("options of the viewer that do not fit what it opens are refused") {
    const Scene scene;
    const auto refusal = [&](const std::vector<std::string>& arguments) {
        const ProgramResult result = run_tutti_viewer(arguments);
        CHECK(result.status == 2);
        return result.errors;
    };
    CHECK_THAT(refusal({scene.session(), "--session", scene.session()}), Contains("belongs to a report"));
    CHECK_THAT(refusal({scene.path("report"), "-o", "there"}), Contains("belongs to a session"));
}
