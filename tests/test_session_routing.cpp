#include <catch2/catch.hpp>

#include "tests/session_text.hpp"

using namespace tutti;

namespace {

std::string track(const std::string& name, const std::string& more = "") {
    return "[[track]]\nname = \"" + name + "\"\nfile = \"a.wav\"\n" + more;
}

std::string bus(const std::string& name, const std::string& more = "") {
    return "[[bus]]\nname = \"" + name + "\"\n" + more;
}

std::string output(const std::string& to) { return "output = \"" + to + "\"\n"; }

std::string sidechain(const std::string& kind, const std::string& from) {
    return "[[" + kind + ".insert]]\ntype = \"gate\"\nsidechain = \"" + from + "\"\n";
}

std::string cycle(const std::string& members) {
    return "routing: found a cycle over outputs, sends and side-chains, " + members + "; allowed: none";
}

}  // namespace

TEST_CASE("a name is used once, and never the master's") {
    CHECK(problems_of(track("A") + bus("A")) ==
          Lines{"s.toml:5:8: name: found \"A\" again, first used at 2:8; allowed: a name per track and bus"});
    CHECK(problems_of(track("Master")) ==
          Lines{"s.toml:2:8: name: found \"Master\", which is the master's; allowed: any other name"});
    CHECK(problems_of(track("A") + track("a") + track("A ")) == Lines{});
}

TEST_CASE("outputs and sends lead to buses or the master") {
    CHECK(problems_of(track("A", output("Master")) +
                      track("B", output("Bus") + "[[track.send]]\nto = \"Master\"\n") + bus("Bus")) ==
          Lines{});
    CHECK(problems_of(track("A", output("B")) + track("B")) ==
          Lines{"s.toml:4:10: output of \"A\": found \"B\", which is a track; allowed: a bus or \"Master\""});
    CHECK(problems_of(track("A", output("master"))) ==
          Lines{"s.toml:4:10: output of \"A\": found \"master\", which is no strip's name; did you mean "
                "\"Master\"?"});
    CHECK(problems_of(track("A", "[[track.send]]\nto = \"Reverb\"\n") + bus("Plate")) ==
          Lines{"s.toml:5:6: to of a send of \"A\": found \"Reverb\", which is no strip's name; allowed: "
                "\"Plate\" or \"Master\""});
    CHECK(problems_of(track("A", output(""))) ==
          Lines{"s.toml:4:10: output of \"A\": found \"\", which is no strip's name; allowed: \"Master\""});
}

TEST_CASE("a side-chain listens to any other track or bus") {
    CHECK(problems_of(track("A", sidechain("track", "B")) + track("B") + bus("C", sidechain("bus", "A")) +
                      "[master]\n" + sidechain("master", "C")) == Lines{});
    CHECK(problems_of(track("A", sidechain("track", "A"))) ==
          Lines{"s.toml:6:13: sidechain of \"A\": found \"A\", the strip itself; leave the key out to listen "
                "to the insert's own "
                "input"});
    CHECK(problems_of(track("A", sidechain("track", "Master"))) ==
          Lines{"s.toml:6:13: sidechain of \"A\": found \"Master\"; allowed: a track or a bus, which come "
                "before the master"});
    CHECK(problems_of(track("Lead Vox") + track("A", sidechain("track", "Led Vox"))) ==
          Lines{"s.toml:9:13: sidechain of \"A\": found \"Led Vox\", which is no strip's name; did you mean "
                "\"Lead Vox\"?"});
    CHECK(
        problems_of(track("A", sidechain("track", "Nobody"))) ==
        Lines{"s.toml:6:13: sidechain of \"A\": found \"Nobody\", which is no strip's name; allowed: \"A\""});
}

TEST_CASE("cycles over outputs, sends and side-chains name their members in order") {
    const std::string t = track("T");
    CHECK(problems_of(t + bus("A", output("B")) + bus("B", output("A"))) ==
          Lines{"s.toml:6:10: " + cycle("A -> B -> A")});
    CHECK(problems_of(t + bus("A", output("A"))) == Lines{"s.toml:6:10: " + cycle("A -> A")});
    CHECK(problems_of(t + bus("A", output("B")) + bus("B", "[[bus.send]]\nto = \"A\"\n")) ==
          Lines{"s.toml:6:10: " + cycle("A -> B -> A")});
    // A hears the bus it feeds.
    CHECK(problems_of(track("A", output("B") + sidechain("track", "B")) + bus("B")) ==
          Lines{"s.toml:4:10: " + cycle("A -> B -> A")});
    // Two tracks that duck each other.
    CHECK(problems_of(track("A", sidechain("track", "B")) + track("B", sidechain("track", "A"))) ==
          Lines{"s.toml:12:13: " + cycle("A -> B -> A")});
}

TEST_CASE(
    "of strips in many cycles the shortest through the first of them is named, and each knot on its own") {
    const std::string text = track("T", output("A")) + bus("A", output("B")) +
                             bus("B", output("C") + "[[bus.send]]\nto = \"D\"\n") + bus("C", output("D")) +
                             bus("D", output("A")) + bus("X", output("Y")) + bus("Y", output("X"));
    CHECK(problems_of(text) ==
          Lines{"s.toml:7:10: " + cycle("A -> B -> D -> A"), "s.toml:21:10: " + cycle("X -> Y -> X")});
}

TEST_CASE("strips that meet again are no cycle") {
    CHECK(problems_of(track("T", output("A") + "[[track.send]]\nto = \"B\"\n[[track.send]]\nto = \"C\"\n") +
                      bus("A", output("C")) + bus("B", output("C")) + bus("C", sidechain("bus", "A"))) ==
          Lines{});
}

TEST_CASE("a chain of fifty thousand buses is no matter, and its cycle is one short line") {
    const int count = 50000;
    std::string text = track("T", output("B0"));
    for (int i = 0; i < count; ++i)
        text += bus(numbered("B", i), output(i + 1 < count ? numbered("B", i + 1) : "Master"));
    CHECK(parse(text).buses.size() == count);
    text.replace(text.rfind("Master"), 6, "B0");
    const Lines problems = problems_of(text);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].find("B0 -> B1 -> B2 -> ") != std::string::npos);
    CHECK(problems[0].find(" -> (49980 more) -> B0; allowed: none") != std::string::npos);
}
