#include <catch2/catch.hpp>

#include "tests/audio_files.hpp"
#include "viewer/settings.hpp"
#include "viewer/state_text.hpp"

using namespace tutti::tests;
using namespace tutti::viewer;

TEST_CASE("how the window was left is how it comes back") {
    const TempFolder folder;
    const std::filesystem::path file = folder / "state/viewer-settings";
    State left;
    for (const char* line :
         {"theme light", "order weight", "loop on", "split middle 0.5", "split lanes 0.25"}) {
        perform(left, parse_action(line));
    }
    Settings settings = settings_of(left);
    settings.width = 1200;
    settings.height = 800;
    write_settings(file, settings);
    std::string trouble;
    const Settings read = read_settings(file, trouble);
    CHECK(trouble.empty());
    CHECK(read.width == 1200);
    CHECK(read.height == 800);
    State back;
    for (const Action& action : read.actions) perform(back, action);
    CHECK(state_text(back) == state_text(left));
    CHECK(back.order == Order::weight);
    CHECK(back.listening.loops);
}

TEST_CASE(
    "settings that are damaged, of another version or missing are none, which is said but for the last") {
    const TempFolder folder;
    const auto trouble_of = [&](const std::string& text) {
        write_bytes(folder / "settings", text);
        std::string trouble;
        const Settings read = read_settings(folder / "settings", trouble);
        CHECK(read.actions.empty());
        CHECK(read.width == 0);
        return trouble;
    };
    const std::string head = "tutti viewer settings 1\n";
    CHECK_THAT(trouble_of("tutti viewer settings 9\n"), Catch::Contains("another version"));
    CHECK_THAT(trouble_of(""), Catch::Contains("another version"));
    CHECK_THAT(trouble_of(head + "theme light\nsize 3 many\n"), Catch::Contains("size of a window"));
    CHECK_THAT(trouble_of(head + "theme pink\n"), Catch::Contains("pink"));
    CHECK_THAT(trouble_of(head + "open /etc\n"), Catch::Contains("is no setting"));
    CHECK_THAT(trouble_of(head + "split middle \"0."), Catch::Contains("quotation mark"));
    std::string trouble;
    read_settings(folder / "nothing", trouble);
    CHECK(trouble.empty());
}
