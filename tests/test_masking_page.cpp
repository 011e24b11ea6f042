#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "host/half_float.hpp"
#include "host/masking_page.hpp"
#include "host/masking_summary.hpp"
#include "tests/masking_session.hpp"

using namespace tutti;
using namespace tutti::tests;
using Catch::Matchers::Contains;

namespace {

std::vector<std::uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

std::string base64_of(const std::string& text) { return base64(bytes_of(text)); }

int count_of(const std::string& text, const std::string& part) {
    int count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

/// What a browser hands to JSON.parse: all up to the next end of a script.
nlohmann::json data_of(const std::string& page) {
    const std::string begin = "id=\"data\">";
    const std::size_t from = page.find(begin) + begin.size();
    return nlohmann::json::parse(page.substr(from, page.find("</script", from) - from));
}

}  // namespace

TEST_CASE("Base64 is that of RFC 4648") {
    CHECK(base64_of("").empty());
    CHECK(base64_of("f") == "Zg==");
    CHECK(base64_of("fo") == "Zm8=");
    CHECK(base64_of("foo") == "Zm9v");
    CHECK(base64_of("foobar") == "Zm9vYmFy");
    CHECK(base64({0xff, 0xfe, 0xfd}) == "//79");
}

TEST_CASE("Runs of equal steps become bytes of a step and a length from 1 to 16") {
    CHECK(run_lengths({}).empty());
    CHECK(run_lengths({3}) == std::vector<std::uint8_t>{0x30});
    std::vector<std::uint8_t> steps(17, 12);
    steps.push_back(0);
    steps.push_back(0);
    CHECK(run_lengths(steps) == std::vector<std::uint8_t>{0xcf, 0xc0, 0x01});
}

TEST_CASE("A margin's step is 3 dB wide, and no step holds two classes of audibility") {
    CHECK(margin_step(NAN) == 0);
    CHECK(margin_step(-70.0F) == 1);
    CHECK(margin_step(-9.0F) == 2);
    CHECK(margin_step(80.0F) == 12);
    for (const float edge : {0.0F, 6.0F, 15.0F}) {
        CHECK(margin_step(edge - 0.001F) + 1 == margin_step(edge));
        CHECK(margin_step(edge + 2.9F) == margin_step(edge));
    }
}

TEST_CASE("The page is one file that asks for nothing") {
    const std::string page = masking_page(synthetic_masking(6, 12.0), {});
    CHECK_THAT(page, Catch::StartsWith("<!DOCTYPE html>"));
    for (const char* outside :
         {"http://", "https://", "src=", "<link", "@import", "url(", "fetch(", "XMLHttp", "eval("})
        CHECK_THAT(page, !Contains(outside));
    for (const char* mark : {"<!--title-->", "<!--style-->", "<!--data-->", "<!--script-->"})
        CHECK_THAT(page, !Contains(mark));
}

TEST_CASE("Names on the page are text, whatever they are") {
    MaskingResults results = synthetic_masking(6, 12.0);
    const std::string name = "</script><script>alert(1)</script><!-- & \" 'ü";
    results.session_name = results.tracks.objects[1].name = results.groups.objects[0].name = name;
    results.tracks.objects[2].group = results.notes[0] = results.device = name;
    const std::string page = masking_page(results, {});
    CHECK(count_of(page, "<script") == 2);
    CHECK(count_of(page, "</script") == 2);
    CHECK_THAT(page, !Contains("<!-- &"));
    CHECK_THAT(page,
               Contains("<title>&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;!-- &amp; &quot;"));
    const nlohmann::json data = data_of(page);
    CHECK(data["session"]["name"] == name);
    CHECK(data["tracks"]["names"][1] == name);
    CHECK(data["groups"]["names"][0] == name);
    CHECK_THAT(page, !Contains("innerHTML"));
}

TEST_CASE("The page holds every track's heatmap, blame and classes, and the greatest clashes in words") {
    const MaskingResults results = synthetic_masking(6, 12.0);
    const nlohmann::json data = data_of(masking_page(results, {clash_events(results), {}}));
    CHECK(data["tracks"]["names"].size() == 6);
    CHECK(data["heat"]["columns"] == 120);
    CHECK(data["heat"]["maps"].size() == 6);
    // [stretch][band group][3] of three bytes each, in base64.
    CHECK(data["blame"]["targets"][2].get<std::string>().size() == 2 * 15 * 3 * 3 * 4 / 3);
    CHECK(data["tracks"]["clash"].get<std::string>().size() == 6 * 6 * 4 / 3);
    CHECK(data["events"][0]["sentence"].get<std::string>().find("hidden by") != std::string::npos);
    CHECK(data["session"]["bar_s"] == 2.0);
}

TEST_CASE("A page without tracks is made too") {
    MaskingResults results;
    results.sample_rate_hz = 48000;
    CHECK(data_of(masking_page(results, {}))["heat"]["columns"] == 0);
}

TEST_CASE("A page stays below 8 MB, showing time more coarsely where margins are noise") {
    MaskingResults results = synthetic_masking(2, 1.0);
    results.hop_count = 1200;
    results.duration_s = 120.0;
    const MaskingObject object = results.tracks.objects[0];
    results.tracks.objects.assign(64, object);
    results.section_count = 1;
    const MaskingShape shape(results, results.tracks);
    std::mt19937 random(1);
    std::vector<std::uint16_t> margins(16);
    for (std::size_t i = 0; i < margins.size(); ++i) margins[i] = to_half(static_cast<float>(3 * i) - 12.0F);
    results.tracks.margin_db.resize(shape.cell(64, 0, 0));
    for (std::uint16_t& margin : results.tracks.margin_db) margin = margins[random() & 15U];
    results.tracks.loudness.assign(results.tracks.margin_db.size(), 0);
    results.tracks.clash.assign(shape.pair(1, 0, 0, 0), 0.0F);
    results.tracks.audibility.assign(shape.sum(1, 0, 0) * audibility_count, 0.0F);
    results.groups = {};
    const std::string page = masking_page(results, {});
    CHECK(page.size() < 8'000'000);
    CHECK(data_of(page)["heat"]["columns"] < 1200);
    CHECK(data_of(page)["heat"]["columns"] > 600);
}
