#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "benchmarks/render_growth.hpp"
#include "benchmarks/render_results.hpp"
#include "benchmarks/split_session.hpp"
#include "benchmarks/standard_session.hpp"
#include "engine/errors.hpp"
#include "host/session_writer.hpp"
#include "tests/audio_files.hpp"
#include "tests/program.hpp"

using namespace tutti;
using namespace tutti::bench;
using namespace tutti::tests;
using Catch::Matchers::Contains;

namespace {

/// Short stems of a band, of one and of two channels.
std::filesystem::path write_band(const TempFolder& folder) {
    const std::filesystem::path band = folder / "band";
    std::filesystem::create_directories(band);
    int seed = 1;
    for (const char* name : {"bass", "flute", "kick", "piano", "snare", "violins"}) {
        Channels channels = {noise(9600, 0.3, static_cast<unsigned>(seed++))};
        if (seed % 2 == 0) channels.push_back(noise(9600, 0.3, static_cast<unsigned>(100 + seed)));
        write_audio(band / (std::string(name) + ".wav"), channels, 48000, SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    }
    return band;
}

template <typename Processor>
int count_of(const Strip& strip) {
    int count = 0;
    for (const Insert& insert : strip.inserts)
        count += std::holds_alternative<Processor>(insert.processor) ? 1 : 0;
    return count;
}

/// Eight tracks on as many buses in turn.
OpenedSession opened_standard_mix(const TempFolder& folder, int track_count) {
    const StandardMix mix = standard_mix({write_band(folder), track_count, 1.0, 1}, folder / "made");
    const auto count = static_cast<std::size_t>(track_count);
    return {mix.session, std::vector<int>(count, 2), std::vector<std::int64_t>(count, 48000), 48000};
}

RenderCase small_case() {
    RenderCase which;
    which.what = "2 tracks";
    which.mix_s = 10.0;
    which.transforms_s = 0.5;
    which.contestants = {
        {"tutti cpu", "tutti 1"}, {"slow peer", "peer 1"}, {decode_floor, ""}, {"absent", "", "not here"}};
    which.contestants[0].wall_s = {2.0, 2.0};
    which.contestants[0].cpu_s = {4.0, 4.0};
    which.contestants[1].wall_s = {20.0};
    which.contestants[1].cpu_s = {20.0};
    which.contestants[2].wall_s = {0.5, 0.5};
    which.contestants[2].cpu_s = {0.5, 0.5};
    which.contestants[2].is_floor = true;
    return which;
}

}  // namespace

TEST_CASE("The standard session has what a mix has, and is the same for the same seed") {
    const TempFolder folder;
    const std::filesystem::path band = write_band(folder);
    const auto text = [&](int track_count, std::uint64_t seed) {
        return write_session(standard_mix({band, track_count, 1.0, seed}, folder / "made").session,
                             folder / "made");
    };
    CHECK(text(12, 7) == text(12, 7));
    CHECK(text(12, 7) != text(12, 8));

    const Session session = standard_mix({band, 12, 1.0, 7}, folder / "made").session;
    REQUIRE(session.tracks.size() == 12);
    std::set<std::string> buses;
    for (const Track& track : session.tracks) {
        CAPTURE(track.name);
        CHECK(count_of<EqInsert>(track) == 1);
        CHECK(std::get<EqInsert>(track.inserts[0].processor).bands.size() == 4);
        CHECK(count_of<CompressorInsert>(track) == 1);
        CHECK(count_of<ConvolutionInsert>(track) == (track.output == "Drums" ? 1 : 0));
        CHECK(track.sends.size() == 2);
        CHECK(track.pan != 0.0);
        buses.insert(track.output);
    }
    CHECK(buses == std::set<std::string>{"Bass", "Drums", "Keys", "Strings", "Winds"});
    REQUIRE(session.buses.size() == 7);
    CHECK(session.buses[5].name == "Hall");
    CHECK(session.buses[6].name == "Plate");
    CHECK(count_of<CompressorInsert>(session.buses[0]) == 1);
    CHECK(count_of<LimiterInsert>(session.master) == 1);
}

TEST_CASE("The files of a standard session are each their own, the same every time, and it renders") {
    const TempFolder folder;
    const std::filesystem::path band = write_band(folder);
    std::filesystem::create_directories(folder / "one");
    std::filesystem::create_directories(folder / "two");
    const StandardRecipe recipe{band, 8, 0.5, 3};
    const auto one = write_standard_mix(recipe, folder / "one");
    const auto two = write_standard_mix(recipe, folder / "two");
    CHECK(read_bytes(one) == read_bytes(two));
    std::set<std::string> different;
    const Session session = read_session(one);
    for (const Track& track : session.tracks) {
        const std::string bytes = read_bytes(track.file);
        const bool is_the_same = bytes == read_bytes(folder / "two" / "stems" / track.file.filename());
        CHECK(is_the_same);
        different.insert(bytes);
        SF_INFO info{};
        read_audio(track.file, &info);
        CHECK(info.channels == 2);
        CHECK(info.frames == 24000);
    }
    CHECK(different.size() == 8);
    const ProgramResult result =
        run_tutti({"render", one, "-o", folder / "mix.wav", "--device", "cpu", "--quiet"});
    CHECK(result.status == 0);
    CHECK(result.errors.empty());
}

TEST_CASE("A split session has every track once, its master apart, and buses with dynamics whole") {
    const TempFolder folder;
    const OpenedSession opened = opened_standard_mix(folder, 12);
    const std::vector<OpenedSession> parts = split_session(opened, 2);
    REQUIRE(parts.size() == 2);
    std::multiset<std::string> tracks;
    std::multiset<std::string> buses;
    for (const OpenedSession& part : parts) {
        CHECK(part.session.master.inserts.empty());
        CHECK(part.session.tracks.size() == part.channels.size());
        CHECK(part.session.tracks.size() == part.frame_counts.size());
        for (const Track& track : part.session.tracks) tracks.insert(track.name);
        for (const Bus& bus : part.session.buses) buses.insert(bus.name);
    }
    CHECK(tracks.size() == 12);
    CHECK(std::set<std::string>(tracks.begin(), tracks.end()).size() == 12);
    for (const Bus& bus : opened.session.buses) {
        CAPTURE(bus.name);
        const bool is_reverb = bus.name == "Hall" || bus.name == "Plate";
        CHECK(buses.count(bus.name) == (is_reverb ? 2 : 1));
    }
}

TEST_CASE("A session whose tracks all meet in one compressor cannot be split") {
    const TempFolder folder;
    OpenedSession opened = opened_standard_mix(folder, 6);
    for (Track& track : opened.session.tracks) track.output = "Drums";
    CHECK(split_session(opened, 2).size() == 1);
}

TEST_CASE("The table of renders sets everyone against Tutti and Tutti against the bound") {
    const RenderCase which = small_case();
    const std::string text = render_case_text(which);
    INFO(text);
    CHECK_THAT(text, Contains("| slow peer ") && Contains(" 10.0 "));
    CHECK_THAT(text, Contains("absent: NOT TIMED: not here"));
    REQUIRE(which.bound_s());
    CHECK(*which.bound_s() == Approx(1.0));
    CHECK_THAT(text, Contains("Tutti takes 2.00 times as long as decoding and the FFTs alone (0.500 s)"));

    const nlohmann::json report = nlohmann::json::parse(render_json({Machine{}, 2, {which}}));
    const nlohmann::json& contestants = report["cases"][0]["contestants"];
    REQUIRE(contestants.size() == 4);
    CHECK(contestants[1]["wall_over_tutti"]["median"] == Approx(10.0));
    CHECK(contestants[3]["missing"] == "not here");
    CHECK_FALSE(contestants[3].contains("wall_s"));
}

TEST_CASE("The end of a growth is set against a session of a quarter of its size") {
    const std::vector<GrowthPoint> straight = {
        {32, 60.0, {1.0}, {1.0}, 1.0}, {64, 60.0, {2.0}, {2.0}, 1.0}, {256, 60.0, {8.0}, {8.0}, 1.0}};
    CHECK(end_slope(straight) == Approx(1.0));
    std::vector<GrowthPoint> bent = straight;
    bent.back().cpu_s = {16.0};
    CHECK(end_slope(bent) == Approx(2.0));
    CHECK(end_slope({straight[0]}) == 0.0);
    CHECK(growth_chart(straight, straight, "a CPU").lines.size() == 5);
}

TEST_CASE("A tiny benchmark of rendering writes its table and its measurements") {
    const TempFolder folder;
    const std::filesystem::path band = write_band(folder);
    const ProgramResult result =
        run_tutti_bench({"render", "--tracks", "6", "--minutes", "0.02", "--stems", band.string(),
                         "--against", "none", "--repeat", "1", "--check-seconds", "1", "--json",
                         folder / "r.json", "--markdown", folder / "r.md"});
    INFO(result.output << result.errors);
    REQUIRE(result.status == 0);
    CHECK(read_bytes(folder / "r.md") == result.output);
    CHECK_THAT(result.output, Contains("## 6 tracks") && Contains("| decoding the stems "));
    const nlohmann::json which = nlohmann::json::parse(read_bytes(folder / "r.json"))["cases"][0];
    CHECK(which["tracks"] == 6);
    CHECK(which["stem_bytes"] > 6 * 57600 * 6);
    CHECK(which["transforms_s"] == 0.0);
    CHECK(which["contestants"].size() == 3);
    CHECK(which["contestants"][0]["cpu_s"][0] > 0.0);
}

TEST_CASE("A benchmark of rendering says what is wrong with a folder of stems") {
    const TempFolder folder;
    const ProgramResult result =
        run_tutti_bench({"render", "--stems", folder.path().string(), "--against", "none"});
    CHECK(result.status == 2);
    CHECK_THAT(result.errors, Contains("holds no audio files"));
    const ProgramResult late =
        run_tutti_bench({"render", "--against", "none", "--json", (folder / "no/r.json").string()});
    CHECK(late.status == 2);
    CHECK_THAT(late.errors, Contains("there is no folder"));
}
