// Renders that several devices share, held against renders on one, through the program.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

#include "host/render.hpp"
#include "tests/render_sessions.hpp"
#include "tests/wide_session.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

/// Lists of devices that this machine has, with the one that renders for comparison.
std::vector<std::pair<std::string, std::string>> lists() {
    std::vector<std::pair<std::string, std::string>> found{{"cpu,cpu", "cpu"}, {"cpu,cpu,cpu", "cpu"}};
    if (device_words().size() > 1) {
        found.insert(found.end(), {{"vulkan:0,0", "vulkan:0"}, {"cpu,vulkan:0", "cpu"}});
    }
    return found;
}

nlohmann::json json_of(const std::filesystem::path& file) {
    std::ifstream stream(file);
    return nlohmann::json::parse(stream);
}

std::vector<int> tracks_of(const nlohmann::json& report) {
    std::vector<int> tracks;
    for (const nlohmann::json& device : report.at("devices")) tracks.push_back(device.at("tracks"));
    return tracks;
}

}  // namespace

TEST_CASE("several devices give the mix and the stems that one gives, below -120 dB") {
    const SessionFolder folder;
    write_wide_session(folder);
    for (const auto& [list, one] : lists()) {
        CAPTURE(list);
        const std::string report = folder.path("report.json").string();
        const Channels expected = folder.render({"--device", one, "--stems", folder.path("one").string()});
        const Channels found =
            folder.render({"--device", list, "--stems", folder.path("several").string(), "--json", report});
        CHECK(error_db(expected, found) < -120.0);
        int stems = 0;
        for (const auto& item : std::filesystem::directory_iterator(folder.path("one"))) {
            const std::string name = item.path().filename().string();
            CAPTURE(name);
            CHECK(error_db(read_audio(item.path()), read_audio(folder.path("several") / name)) < -120.0);
            ++stems;
        }
        CHECK(stems == 13);
        // All of them have to do: "Quiet" is read by none, keys by more than one.
        const std::vector<int> tracks = tracks_of(json_of(report));
        CHECK(tracks.size() == static_cast<std::size_t>(std::count(list.begin(), list.end(), ',')) + 1);
        for (const int count : tracks) CHECK(count > 0);
        // Without stems convolvers add up.
        CHECK(error_db(expected, folder.render({"--device", list})) < -120.0);
    }
}

TEST_CASE(
    "several devices give the same bytes in every run, for any number of threads, and any budget's chunk the "
    "same shares") {
    const SessionFolder folder;
    write_wide_session(folder);
    const std::string report = folder.path("report.json").string();
    for (const auto& [list, one] : lists()) {
        CAPTURE(list);
        const Channels whole = folder.render({"--device", list, "--json", report});
        const std::string bytes = read_bytes(folder.path("mix.wav"));
        const nlohmann::json first = json_of(report);
        for (const char* threads : {"1", "2", "5"}) {
            CAPTURE(threads);
            folder.render({"--device", list, "--threads", threads});
            CHECK(read_bytes(folder.path("mix.wav")) == bytes);
        }
        // The budget is for all of them together.
        const std::string errors = folder.try_render({"--device", list, "--memory", "1MiB"}).errors;
        const std::string words = "at least ";
        const double least = std::stod(errors.substr(errors.find(words) + words.size()));
        const std::string little = std::to_string(least + 0.2) + "MiB";
        CHECK(error_db(whole, folder.render({"--device", list, "--memory", little, "--json", report})) <
              -120.0);
        const nlohmann::json second = json_of(report);
        CHECK(second.at("chunk_frames") == 1024);
        CHECK(first.at("chunk_frames") > 1024);
        CHECK(second.at("memory_bytes") < first.at("memory_bytes"));
        CHECK(tracks_of(second) == tracks_of(first));
    }
}

TEST_CASE("several devices report the dynamics of one, each curve once") {
    const SessionFolder folder;
    write_wide_session(folder);
    const std::string one = folder.path("one.json").string();
    const std::string several = folder.path("several.json").string();
    folder.render({"--device", "cpu", "--json", one});
    for (const auto& [list, unused] : lists()) {
        CAPTURE(list);
        folder.render({"--device", list, "--json", several});
        const nlohmann::json expected = json_of(one).at("dynamics");
        const nlohmann::json found = json_of(several).at("dynamics");
        REQUIRE(found.size() == expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            CAPTURE(expected[i].dump(), found[i].dump());
            CHECK(found[i].at("strip") == expected[i].at("strip"));
            CHECK(found[i].at("processor") == expected[i].at("processor"));
            CHECK(found[i].at("max_reduction_db").get<double>() ==
                  Approx(expected[i].at("max_reduction_db").get<double>()).margin(1e-4));
        }
    }
}

TEST_CASE("a stretch of a mix on several devices is that of the whole") {
    const SessionFolder folder;
    write_linear_session(folder);
    for (const auto& [list, one] : lists()) {
        CAPTURE(list);
        const Channels whole = folder.render({"--device", one});
        const Channels part = folder.render({"--device", list, "--from", "0.75", "--to", "1.5"});
        Channels cut;
        for (const std::vector<double>& channel : whole) {
            cut.emplace_back(channel.begin() + 3 * second / 4, channel.begin() + 3 * second / 2);
        }
        CHECK(error_db(cut, part) < -120.0);
    }
}

TEST_CASE("more devices than tracks, and a track alone, render as on one") {
    const SessionFolder folder;
    folder.add_stem("a.wav", {noise(second, 0.3, 1)});
    folder.write_session(
        "[[track]]\nname = \"A\"\nfile = \"a.wav\"\ngain_db = -3\n  [[track.insert]]\n  type = "
        "\"compressor\"\n  threshold_db = -30\n");
    const Channels expected = folder.render({"--device", "cpu"});
    const std::string report = folder.path("report.json").string();
    CHECK(folder.render({"--device", "cpu,cpu,cpu", "--json", report}) == expected);
    const std::vector<int> tracks = tracks_of(json_of(report));
    CHECK(std::count(tracks.begin(), tracks.end(), 0) == 2);
}

TEST_CASE("an analysis in the pass of several devices hears what it hears on one") {
    const SessionFolder folder;
    write_wide_session(folder);
    const auto hear = [&](const std::string& device) {
        RenderOptions options;
        options.session = folder.session();
        options.output = folder.path("mix.wav");
        options.device = device;
        options.masking.emplace();
        options.masking->mix_lufs = -20.0;
        const RenderReport report = render(options, [](const std::string&) {});
        CHECK(report.masking->device == report.device);
        return report.masking.value();
    };
    const auto total = [](const std::vector<float>& values) {
        return std::accumulate(values.begin(), values.end(), 0.0);
    };
    const MaskingResults expected = hear("cpu");
    for (const auto& [list, one] : lists()) {
        if (list == "vulkan:0,0") continue;  // its first device hears all of it, as "vulkan:0" does
        CAPTURE(list);
        const MaskingResults found = hear(list);
        REQUIRE(found.tracks.objects.size() == expected.tracks.objects.size());
        for (const auto sums : {&MaskingView::clash, &MaskingView::partial, &MaskingView::audibility}) {
            CHECK(total(found.tracks.*sums) == Approx(total(expected.tracks.*sums)).epsilon(1e-4));
        }
    }
}

TEST_CASE("a trace shows several devices at work at the same time, each in lanes of its own") {
    const SessionFolder folder;
    write_wide_session(folder);
    for (const auto& [list, one] : lists()) {
        CAPTURE(list);
        const std::string trace = folder.path("trace.json").string();
        folder.render({"--device", list, "--trace", trace});
        std::map<int, std::string> names;
        std::map<std::string, std::vector<std::pair<double, double>>> spans;
        const nlohmann::json written = json_of(trace);
        for (const nlohmann::json& event : written.at("traceEvents")) {
            if (event.at("ph") == "M") {
                names[event.at("tid")] = event.at("args").at("name");
            } else {
                const double begin = event.at("ts");
                spans[names.at(event.at("tid"))].emplace_back(begin, begin + event.at("dur").get<double>());
            }
        }
        std::vector<std::string> hosts;
        for (const auto& [name, times] : spans) {
            if (name.find(" host") != std::string::npos) hosts.push_back(name);
        }
        REQUIRE(hosts.size() == static_cast<std::size_t>(std::count(list.begin(), list.end(), ',')) + 1);
        const auto& first = spans.at(hosts[0]);
        const auto& second = spans.at(hosts[1]);
        // Neither waits for the other's end.
        CHECK(first.front().first < second.back().second);
        CHECK(second.front().first < first.back().second);
        if (list == "vulkan:0,0") {
            CHECK(spans.count("vulkan:0 shaders") == 1);
            CHECK(spans.count("vulkan:0 shaders (2)") == 1);
            bool overlap = false;
            for (const auto& [begin, end] : first) {
                for (const auto& [other_begin, other_end] : second) {
                    overlap = overlap || (begin < other_end && other_begin < end);
                }
            }
            CHECK(overlap);
        }
    }
}

TEST_CASE("timings and report of several devices name each") {
    const SessionFolder folder;
    write_wide_session(folder);
    const ProgramResult result =
        run_tutti({"render", folder.session().string(), "-o", folder.path("mix.wav").string(), "--device",
                   "cpu,cpu", "--timings", "--json", folder.path("report.json").string()});
    REQUIRE(result.status == 0);
    for (const char* words : {"device    cpu (", "), cpu (", "cpu: convolve ", "cpu, all of its steps"}) {
        CAPTURE(words, result.output);
        CHECK(result.output.find(words) != std::string::npos);
    }
    const nlohmann::json report = json_of(folder.path("report.json"));
    REQUIRE(report.at("devices").size() == 2);
    for (const nlohmann::json& device : report.at("devices")) {
        CHECK(device.at("id") == "cpu");
        CHECK(device.at("busy_seconds").get<double>() > 0.0);
        CHECK(device.at("busy_seconds").get<double>() <= report.at("seconds").at("process").get<double>());
    }
}

TEST_CASE("a list of devices with a wrong one says in a line what there is") {
    const SessionFolder folder;
    write_linear_session(folder);
    const auto errors_of = [&](const std::string& list, int status) {
        const ProgramResult result = folder.try_render({"--device", list});
        CAPTURE(list, result.errors);
        CHECK(result.status == status);
        CHECK(std::count(result.errors.begin(), result.errors.end(), '\n') == 1);
        return result.errors;
    };
    CHECK_THAT(errors_of("cpu,vulkan:77", 3), Catch::Matchers::Contains("no device vulkan:77; there is cpu"));
    CHECK_THAT(errors_of("vulkan:77", 3), Catch::Matchers::Contains("no device vulkan:77; there is cpu"));
    for (const char* list : {"cpu,auto", "cpu,", ",cpu", "cpu,0", "vulkan,cpu", "vulkan:0,x"}) {
        CHECK_THAT(errors_of(list, 2), Catch::Matchers::Contains("in a list are allowed: cpu, vulkan:N"));
    }
}

TEST_CASE("commands that use one device say so when they are given several") {
    const SessionFolder folder;
    write_linear_session(folder);
    const std::string session = folder.session().string();
    const std::vector<std::vector<std::string>> commands{
        {"masking", session, "-o", folder.path("report").string()},
        {"loudness", folder.path("a.wav").string(), "--full-scale-spl", "100"}};
    for (std::vector<std::string> arguments : commands) {
        arguments.insert(arguments.end(), {"--device", "cpu,cpu"});
        const ProgramResult result = run_tutti(arguments);
        CAPTURE(arguments.front(), result.errors);
        CHECK(result.status == 2);
        CHECK_THAT(result.errors, Catch::Matchers::Contains("names several devices, and this uses one"));
    }
}

TEST_CASE("what several devices keep in a cache, a later render takes, to the same bytes") {
    const SessionFolder folder;
    write_wide_session(folder);
    std::map<std::string, Channels> expected;
    for (const std::string& word : device_words()) {
        expected[word] = folder.render({"--device", word, "--cache", folder.path("cache " + word).string()});
    }
    const std::string report = folder.path("report.json").string();
    for (const auto& [list, one] : lists()) {
        CAPTURE(list);
        const std::string cache = folder.path("cache " + list).string();
        const std::vector<std::string> arguments{"--device", list, "--cache", cache, "--json", report};
        write_wide_session(folder);
        CHECK(error_db(expected.at(one), folder.render(arguments)) < -120.0);
        const std::string bytes = read_bytes(folder.path("mix.wav"));
        const nlohmann::json made = json_of(report);
        const std::vector<int> tracks = tracks_of(made);
        CHECK(std::count(tracks.begin(), tracks.end(), 0) == 0);
        CHECK(std::accumulate(tracks.begin(), tracks.end(), 0) == made.at("tracks").get<int>());

        folder.render(arguments);
        CHECK(read_bytes(folder.path("mix.wav")) == bytes);
        CHECK(json_of(report).at("cache").at("rendered").empty());

        // A changed session: what is made and what is read together are what a render from nothing makes.
        std::string text = read_bytes(folder.session());
        text.replace(text.find("trim_db = -4"), 12, "trim_db = -5");
        write_bytes(folder.session(), text);
        folder.render(arguments);
        const std::string changed = read_bytes(folder.path("mix.wav"));
        CHECK(changed != bytes);
        const std::size_t rendered = json_of(report).at("cache").at("rendered").size();
        CHECK(rendered > 0);
        CHECK(rendered < made.at("cache").at("rendered").size());
        folder.render({"--device", list, "--cache", cache + " 2", "--threads", "1"});
        CHECK(read_bytes(folder.path("mix.wav")) == changed);
    }
}

TEST_CASE("a batch renders on several devices") {
    const SessionFolder folder;
    write_linear_session(folder);
    const Channels expected = folder.render({"--device", "cpu"});
    const ProgramResult result =
        run_tutti({"batch", folder.session().string(), "-o", folder.path("out").string(), "--device",
                   "cpu,cpu", "--bits", "32f", "--quiet"});
    INFO(result.errors);
    REQUIRE(result.status == 0);
    CHECK(error_db(expected, read_audio(folder.path("out") / "session.wav")) < -120.0);
}
