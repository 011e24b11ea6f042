// Kernels that a cache remembers without their taps.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "host/branches.hpp"
#include "host/known_chains.hpp"
#include "host/render.hpp"
#include "tests/session_folder.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

namespace fs = std::filesystem;

/// Tracks with an EQ each into two buses in turn, one of them with a hall; a compressor between kernels.
struct ChainsSession {
    SessionFolder folder;

    ChainsSession() {
        folder.add_stem("stem.wav", {noise(test_rate_hz / 4, 0.2, 1), noise(test_rate_hz / 4, 0.2, 2)});
        write_hall(3);
        write(3.0, -2.0);
    }
    void write_hall(unsigned seed) const {
        folder.add_stem("hall.wav", {noise(5000, 0.02, seed), noise(5000, 0.02, seed + 1)});
    }
    void write(double eq_gain_db, double fader_db) const {
        std::string text;
        for (int i = 0; i < 12; ++i) {
            text += "[[track]]\nname = \"T" + std::to_string(i) + "\"\nfile = \"stem.wav\"\noutput = \"B" +
                    std::to_string(i % 2) + "\"\ngain_db = " + std::to_string(i == 5 ? fader_db : -3.0) +
                    "\n  [[track.insert]]\n  type = \"eq\"\n  bands = [ { shape = \"bell\", freq_hz = " +
                    std::to_string(200 + 50 * i) +
                    ", gain_db = " + std::to_string(i == 7 ? eq_gain_db : 2.0) +
                    " } ]\n  [[track.insert]]\n  type = \"compressor\"\n  threshold_db = -20\n"
                    "  [[track.insert]]\n  type = \"delay\"\n  delay_ms = 400\n";
        }
        text +=
            "[[bus]]\nname = \"B0\"\n  [[bus.insert]]\n  type = \"convolution\"\n  file = \"hall.wav\"\n"
            "[[bus]]\nname = \"B1\"\n";
        folder.write_session(text);
    }
    std::string render(const std::string& cache) const {
        const ProgramResult result =
            folder.try_render({"--device", "cpu", "--cache", folder.path(cache).string(), "--json",
                               folder.path("report.json").string()});
        INFO(result.errors);
        REQUIRE(result.status == 0);
        return read_bytes(folder.path("mix.wav"));
    }
    nlohmann::json reuse() const {
        return nlohmann::json::parse(read_bytes(folder.path("report.json"))).at("cache");
    }
    int designed() const { return reuse().at("chains_designed"); }
    int rendered() const { return static_cast<int>(reuse().at("rendered").size()); }
};

constexpr int chain_count = 13;  // twelve EQs and a hall

Warn no_warnings() {
    return [](const std::string& text) { FAIL(text); };
}

}  // namespace

TEST_CASE("a render that finds everything in a cache designs no kernel, and one with a change few") {
    const ChainsSession session;
    const std::string whole = session.render("cache");
    CHECK(session.designed() == chain_count);
    CHECK((session.render("cache") == whole));
    CHECK(session.designed() == 0);

    session.write(3.0, -6.0);  // a fader: the kernels of its part
    const std::string faded = session.render("cache");
    CHECK(session.designed() > 0);
    CHECK(session.designed() < chain_count);
    CHECK((faded == session.render("fresh fader")));
    CHECK(session.designed() == chain_count);

    // The same under another name, as it is saved before changes.
    fs::copy_file(session.folder.session(), session.folder.path("another.toml"));
    CHECK(run_tutti({"render", session.folder.path("another.toml").string(), "-o",
                     session.folder.path("mix.wav").string(), "--bits", "32f", "--quiet", "--device", "cpu",
                     "--cache", session.folder.path("cache").string(), "--json",
                     session.folder.path("report.json").string()})
              .status == 0);
    CHECK(session.designed() == 0);

    session.write(5.0, -6.0);
    const std::string equalized = session.render("cache");
    CHECK(session.designed() > 0);
    CHECK(session.designed() < chain_count);
    CHECK((equalized != faded));
    CHECK((equalized == session.render("fresh EQ")));
}

TEST_CASE(
    "an impulse response with other samples is noticed, though its size and its time are as they were") {
    const ChainsSession session;
    const std::string before = session.render("cache");
    const fs::path hall = session.folder.path("hall.wav");
    const auto time = fs::last_write_time(hall);
    session.write_hall(30);
    fs::last_write_time(hall, time);
    const std::string after = session.render("cache");
    CHECK(session.designed() == 1);
    CHECK((after != before));
    CHECK((after == session.render("fresh")));
}

TEST_CASE("what a cache remembers of kernels may be damaged or gone: they are designed again") {
    const ChainsSession session;
    const std::string whole = session.render("cache");
    const auto each_note = [&](const auto& act) {
        for (const fs::directory_entry& item : fs::directory_iterator(session.folder.path("cache/stems"))) {
            act(item.path());
        }
    };
    each_note([](const fs::path& file) {
        std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
        stream.seekp(static_cast<std::streamoff>(fs::file_size(file) - 2));
        stream.put('\x7F');
    });
    CHECK((session.render("cache") == whole));
    CHECK(session.designed() == chain_count);
    CHECK(session.rendered() == 0);
    each_note([](const fs::path& file) { fs::remove(file); });
    CHECK((session.render("cache") == whole));
    CHECK(session.rendered() == 0);
    CHECK((session.render("cache") == whole));
    CHECK(session.designed() == 0);
}

TEST_CASE("tracks that go to one bus are kept together, wherever they stand") {
    const ChainsSession session;
    session.render("cache");
    // Six tracks per bus make a part or two each; the buses and the master are one each.
    CHECK(session.rendered() <= 2 * 2 + 3);
}

TEST_CASE("a kernel that is not what it was remembered as is found out when it is designed") {
    const ChainsSession session;
    const OpenedSession opened = open_session(session.folder.session(), no_warnings());
    const fs::path notes = session.folder.path("notes");
    KnownChains first(opened.session, notes);
    const std::vector<Branch> designed = BranchMaker(opened, first, no_warnings()).make();
    first.keep();

    KnownChains second(opened.session, notes);
    session.write_hall(40);  // from now on its kernel is another
    BranchMaker maker(opened, second, no_warnings());
    CHECK(maker.designed_chain_count() == 0);
    const std::vector<Branch> known = maker.make();
    REQUIRE(known.size() == designed.size());
    for (std::size_t b = 0; b < known.size(); ++b) {
        INFO(known[b].name);
        CHECK(known[b].kernels == designed[b].kernels);
        CHECK(known[b].frame_count == designed[b].frame_count);
        const bool has_hall = known[b].name == "B0";
        CHECK(maker.design(known[b].strips) == !has_hall);
    }
}
