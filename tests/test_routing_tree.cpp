#include <catch2/catch.hpp>

#include <algorithm>

#include "host/routing_tree.hpp"
#include "tests/session_text.hpp"

using namespace tutti;

TEST_CASE("the routing is a tree with the master at its root, sends and side-chains at the end of a line") {
    const Session session = parse(R"(
[[track]]
name = "Kick"
file = "a.wav"
output = "Drums"
[[track.insert]]
type = "gate"
sidechain = "Vox"
[[track.insert]]
type = "compressor"
sidechain = "Snare"
[[track]]
name = "Vox"
file = "a.wav"
mute = true
[[track.send]]
to = "Plate"
gain_db = -12
[[track.send]]
to = "Slap"
gain_db = -inf
tap = "pre"
[[track]]
name = "Snare"
file = "a.wav"
solo = true
output = "Snares"
[[bus]]
name = "Snares"
channels = 1
output = "Drums"
[[bus]]
name = "Drums"
[[bus]]
name = "Plate"
[[bus]]
name = "Slap"
[master]
[[master.insert]]
type = "compressor"
sidechain = "Kick"
)");
    CHECK(routing_tree(session) == R"(Master  ← Kick
├─ Vox (mute)  → Plate -12 dB, Slap -inf dB pre
├─ Drums [bus]
│  ├─ Kick  ← Vox, Snare
│  └─ Snares [mono bus]
│     └─ Snare (solo)
├─ Plate [bus]
└─ Slap [bus]
)");
}

TEST_CASE("every strip of a thousand has one line of the tree") {
    Session session;
    for (int i = 0; i < 1000; ++i) {
        Track track;
        track.name = numbered("T", i);
        track.output = i % 3 == 0 ? "Master" : numbered("B", i % 40);
        session.tracks.push_back(track);
    }
    for (int i = 0; i < 40; ++i) {
        Bus bus;
        bus.name = numbered("B", i);
        bus.output = i == 0 ? "Master" : numbered("B", i - 1);
        session.buses.push_back(bus);
    }
    const std::string tree = routing_tree(session);
    CHECK(std::count(tree.begin(), tree.end(), '\n') == 1041);
    for (const Track& track : session.tracks) CHECK(tree.find("─ " + track.name + "\n") != std::string::npos);
}
