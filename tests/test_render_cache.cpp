// Renders with a cache of what strips make, through the program.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "host/content_hash.hpp"
#include "tests/session_folder.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

namespace fs = std::filesystem;

constexpr std::size_t length = test_rate_hz / 2;

/// The kick, the pads in two parts, the bass, two buses, the master; where the pads part is up to their
/// names.
constexpr std::size_t part_count = 7;

/// Settings of the session that tests change one by one.
struct Settings {
    double eq_gain_db = 3.0;
    double fader_db = -2.0;
    double threshold_db = -24.0;
    double send_db = -9.0;
    double bus_gain_db = -1.0;
    double ceiling_dbtp = -3.0;
    double kick_trim_db = 0.0;  ///< of a side-chain's key
    double start_s = 0.1;
};

std::string text_of(const Settings& s) {
    const auto number = [](double value) { return std::to_string(value); };
    std::string text = "[[track]]\nname = \"Kick\"\nfile = \"kick.wav\"\noutput = \"Drums\"\ntrim_db = " +
                       number(s.kick_trim_db) + "\n";
    for (int i = 0; i < 6; ++i) {
        text += "[[track]]\nname = \"Pad " + std::to_string(i) + "\"\nfile = \"pad" + std::to_string(i % 2) +
                ".wav\"\npan = " + number(0.2 * i - 0.5) + "\n";
    }
    text += "gain_db = " + number(s.fader_db) +
            "\n  [[track.insert]]\n  type = \"eq\"\n  bands = [ { shape = "
            "\"bell\", freq_hz = 900, gain_db = " +
            number(s.eq_gain_db) + ", q = 1 } ]\n";
    text += "[[track]]\nname = \"Bass\"\nfile = \"bass.wav\"\nstart_s = " + number(s.start_s) +
            "\n  [[track.insert]]\n  type = \"compressor\"\n  sidechain = \"Kick\"\n  threshold_db = " +
            number(s.threshold_db) + "\n  [[track.send]]\n  to = \"Hall\"\n  gain_db = " + number(s.send_db) +
            "\n";
    text += "[[bus]]\nname = \"Drums\"\ngain_db = " + number(s.bus_gain_db) +
            "\n  [[bus.insert]]\n  type = \"compressor\"\n  lookahead_ms = 1\n";
    text += "[[bus]]\nname = \"Hall\"\n  [[bus.insert]]\n  type = \"convolution\"\n  file = \"hall.wav\"\n";
    return text + "[master]\n  [[master.insert]]\n  type = \"limiter\"\n  gain_db = 6\n  ceiling_dbtp = " +
           number(s.ceiling_dbtp) + "\n";
}

/// A session with sends, a keyed compressor, a reverb and a limiter, and renders of it.
struct CachedSession {
    SessionFolder folder;
    std::string device = "cpu";

    explicit CachedSession(const std::string& word = "cpu") : device(word) {
        folder.add_stem("kick.wav", {noise(length / 4, 0.5, 1)});
        folder.add_stem("pad0.wav", {noise(length, 0.2, 2), noise(length, 0.2, 3)});
        folder.add_stem("pad1.wav", {noise(length / 2, 0.2, 4)});
        folder.add_stem("bass.wav", {noise(length, 0.4, 5)});
        folder.add_stem("hall.wav", {noise(9001, 0.02, 6), noise(9001, 0.02, 7)});
        folder.write_session(text_of({}));
    }
    std::vector<std::string> arguments(const std::string& cache, const std::string& mix) const {
        return {"--device", device,
                "--cache",  folder.path(cache).string(),
                "-o",       folder.path(mix).string(),
                "--json",   folder.path(mix + ".json").string()};
    }
    ProgramResult try_render(const std::string& cache, const std::string& mix) const {
        return folder.try_render(arguments(cache, mix));
    }
    std::string render(const std::string& cache) const {
        const ProgramResult result = try_render(cache, "mix.wav");
        INFO(result.errors);
        REQUIRE(result.status == 0);
        return read_bytes(folder.path("mix.wav"));
    }
    nlohmann::json report() const { return nlohmann::json::parse(read_bytes(folder.path("mix.wav.json"))); }
    /// How many parts the last render made.
    std::size_t rendered() const { return report().at("cache").at("rendered").size(); }

    std::vector<fs::path> entries(const std::string& cache) const {
        std::vector<fs::path> found;
        for (const fs::directory_entry& item : fs::directory_iterator(folder.path(cache))) {
            if (item.path().extension() == ".strips") found.push_back(item.path());
        }
        return found;
    }
};

void flip_byte(const fs::path& file, std::uint64_t position) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(position));
    const auto byte = static_cast<char>(stream.get());
    stream.seekp(static_cast<std::streamoff>(position));
    stream.put(static_cast<char>(byte ^ 0x10));
}

}  // namespace

TEST_CASE("XXH64 is that of its specification") {
    const auto of = [](std::string_view text) { return checksum_of(std::as_bytes(std::span(text))); };
    CHECK(of("") == 0xEF46DB3751D8E999U);
    CHECK(of("a") == 0xD24EC4F1A98C6E5BU);
    CHECK(of("abc") == 0x44BC2CF5AD770999U);
    CHECK(of("Nobody inspects the spammish repetition") == 0xFBCEA83C8A378BF1U);
    const std::string text(1000, 'x');
    Xxh64 pieces;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t count = std::min<std::size_t>(at % 37 + 1, text.size() - at);
        pieces.add(std::as_bytes(std::span(text)).subspan(at, count));
        at += count;
    }
    CHECK(pieces.value() == of(text));
}

TEST_CASE("a render with a cache is that without one in another order of sums, and reports the same") {
    for (const std::string& device : device_words()) {
        INFO(device);
        const CachedSession session(device);
        const Channels plain = session.folder.render({"--device", device});
        session.render("cache");
        const Channels cached = read_audio(session.folder.path("mix.wav"));
        REQUIRE(cached.size() == plain.size());
        double error = 0.0;
        double power = 0.0;
        for (std::size_t c = 0; c < plain.size(); ++c) {
            REQUIRE(cached[c].size() == plain[c].size());
            for (std::size_t i = 0; i < plain[c].size(); ++i) {
                error += std::pow(cached[c][i] - plain[c][i], 2.0);
                power += std::pow(plain[c][i], 2.0);
            }
        }
        CHECK(10.0 * std::log10(error / power) < -120.0);

        const nlohmann::json cold = session.report();
        session.render("cache");
        const nlohmann::json warm = session.report();
        CHECK(warm.at("dynamics") == cold.at("dynamics"));
        CHECK(warm.at("warnings") == cold.at("warnings"));
        CHECK(cold.at("dynamics").size() == 3);
        CHECK(warm.at("cache").at("read") == 1);
        CHECK(session.rendered() == 0);
    }
}

TEST_CASE(
    "after any change a render from a cache has the bytes of one from nothing, and makes what changed") {
    struct Change {
        const char* what;
        void (*apply)(Settings&);
        std::size_t most_rendered;  ///< of part_count
    };
    const Change changes[] = {
        {"an EQ", [](Settings& s) { s.eq_gain_db = 4.0; }, 2},
        {"a fader", [](Settings& s) { s.fader_db = -3.0; }, 2},
        {"a keyed compressor", [](Settings& s) { s.threshold_db = -30.0; }, 3},
        {"a send", [](Settings& s) { s.send_db = -12.0; }, 3},
        {"a bus", [](Settings& s) { s.bus_gain_db = -2.0; }, 2},
        {"the master", [](Settings& s) { s.ceiling_dbtp = -4.0; }, 1},
        {"the key of a side-chain", [](Settings& s) { s.kick_trim_db = -6.0; }, 5},
        {"where a stem begins", [](Settings& s) { s.start_s = 0.4; }, 3},
    };
    for (const std::string& device : device_words()) {
        const CachedSession session(device);
        session.render("cache");
        CHECK(session.rendered() == part_count);
        for (const Change& change : changes) {
            // The CPU, where it is quick, is held to all of them.
            if (device != "cpu" && &change != changes) continue;
            INFO(device << ": " << change.what);
            Settings settings;
            change.apply(settings);
            session.folder.write_session(text_of(settings));
            const std::string incremental = session.render("cache");
            CHECK(session.rendered() >= 1);
            CHECK(session.rendered() <= change.most_rendered);
            const std::string fresh = session.render(std::string("fresh ") + change.what);
            CHECK(session.rendered() == part_count);
            CHECK((incremental == fresh));
        }
        session.folder.write_session(text_of({}));
        session.render("cache");
        CHECK(session.rendered() == 0);  // nothing that was kept has been lost
    }
}

TEST_CASE("a stem with other samples is noticed, even when its size and its time are as they were") {
    const CachedSession session;
    const std::string before = session.render("cache");
    const fs::path stem = session.folder.path("bass.wav");
    const auto time = fs::last_write_time(stem);
    session.folder.add_stem("bass.wav", {noise(length, 0.4, 99)});
    fs::last_write_time(stem, time);
    const std::string after = session.render("cache");
    CHECK((after != before));
    CHECK((after == session.render("fresh")));
}

TEST_CASE("processors of another level share no entries") {
    const CachedSession session;
    session.render("cache");
    setenv("TUTTI_CPU_LEVEL", "baseline", 1);
    const std::string baseline = session.render("cache");
    const std::size_t rendered = session.rendered();
    const bool same = baseline == session.render("fresh");
    unsetenv("TUTTI_CPU_LEVEL");
    CHECK(same);
    // Where there is only one level nothing differs.
    const std::string devices = run_tutti({"devices"}).output;
    CHECK(rendered == (devices.find("baseline") != std::string::npos ? 0 : part_count));
}

TEST_CASE("a damaged entry is rendered anew, wherever the damage is") {
    const CachedSession session;
    const std::string whole = session.render("cache");
    // Only the mix's entry is read; its key is that of the last part.
    session.render("cache");
    REQUIRE(session.report().at("cache").at("read") == 1);
    const auto newest = [&] {
        std::vector<fs::path> files = session.entries("cache");
        return *std::max_element(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
            return fs::last_write_time(a) < fs::last_write_time(b);
        });
    };
    const fs::path mix = newest();
    const std::uint64_t size = fs::file_size(mix);
    // Magic, key, shape, places, checksums; samples; table; text.
    for (const std::uint64_t at : {std::uint64_t{3}, std::uint64_t{20}, std::uint64_t{33}, std::uint64_t{50},
                                   std::uint64_t{75}, std::uint64_t{100}, size / 2, size - 1}) {
        INFO("byte " << at << " of " << size);
        flip_byte(mix, at);
        CHECK((session.render("cache") == whole));
        CHECK(session.rendered() == 1);
        CHECK(fs::file_size(mix) == size);
    }
    // Cut short, empty, another's under its name.
    for (const std::uint64_t left : {size - 1, size / 3, std::uint64_t{0}}) {
        fs::resize_file(mix, left);
        CHECK((session.render("cache") == whole));
        CHECK(session.rendered() == 1);
    }
    CHECK((session.render("cache") == whole));
    CHECK(session.rendered() == 0);
    for (const fs::path& other : session.entries("cache")) {
        if (other == mix) continue;
        fs::copy_file(other, mix, fs::copy_options::overwrite_existing);
        break;
    }
    CHECK((session.render("cache") == whole));
    CHECK(session.rendered() == 1);
}

TEST_CASE("renders share a cache while they run, and one that is killed leaves it usable") {
    const CachedSession session;
    const std::string alone = session.render("alone");
    for (const int milliseconds : {5, 40, 80}) {
        std::vector<std::string> arguments = session.arguments("cache", "killed.wav");
        arguments.insert(arguments.begin(), {"render", session.folder.session().string()});
        kill_tutti(arguments, milliseconds);
    }
    std::vector<std::thread> threads;
    std::vector<ProgramResult> results(3);
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back(
            [&, i] { results[i] = session.try_render("cache", "mix" + std::to_string(i) + ".wav"); });
    }
    for (std::thread& thread : threads) thread.join();
    for (int i = 0; i < 3; ++i) {
        INFO(results[i].errors);
        CHECK(results[i].status == 0);
        CHECK((read_bytes(session.folder.path("mix" + std::to_string(i) + ".wav")) == alone));
    }
    CHECK((session.render("cache") == alone));
    CHECK(session.rendered() == 0);
}

TEST_CASE("a cache refuses what it cannot be or do in one line") {
    const CachedSession session;
    const auto error_of = [&](const std::vector<std::string>& more) {
        std::vector<std::string> arguments{"--device", "cpu"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const ProgramResult result = session.folder.try_render(arguments);
        CHECK(result.status == 2);
        CHECK(std::count(result.errors.begin(), result.errors.end(), '\n') == 1);
        return result.errors;
    };
    const std::string cache = session.folder.path("cache").string();
    CHECK(error_of({"--cache", cache, "--stems", "x"}).find("--stems") != std::string::npos);
    CHECK(error_of({"--cache", cache, "--from", "0.1"}).find("--from") != std::string::npos);
    CHECK(error_of({"--cache", session.folder.path("").string()}).find("not empty") != std::string::npos);
    CHECK(error_of({"--cache", session.folder.path("bass.wav").string()}).find("bass.wav") !=
          std::string::npos);
    CHECK_FALSE(fs::exists(cache));
    const ProgramResult listing = run_tutti({"cache", session.folder.path("").string()});
    CHECK(listing.status == 2);
    CHECK(listing.errors.find("no cache of tutti") != std::string::npos);
}

TEST_CASE("a cache is listed, and pruned of what was longest not used") {
    const CachedSession session;
    session.render("cache");
    const std::string cache = session.folder.path("cache").string();
    const std::string list = session.folder.path("list.json").string();
    const ProgramResult listing = run_tutti({"cache", cache, "--json", list});
    CHECK(listing.status == 0);
    CHECK(listing.output.find("session: Master") != std::string::npos);
    CHECK(listing.output.find("7 entries") != std::string::npos);
    const nlohmann::json before = nlohmann::json::parse(read_bytes(list));
    REQUIRE(before.at("entries").size() == part_count);

    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    session.render("cache");  // uses the mix's entry alone
    const auto most = before.at("bytes").get<std::uint64_t>() / 3;
    const ProgramResult pruned = run_tutti({"cache", cache, "--prune", std::to_string(most), "--json", list});
    CHECK(pruned.status == 0);
    const nlohmann::json after = nlohmann::json::parse(read_bytes(list));
    CHECK(after.at("bytes").get<std::uint64_t>() <= most);
    REQUIRE(after.at("entries").size() >= 1);
    CHECK(after.at("entries").at(0).at("strips") == "Master");
    session.render("cache");
    CHECK(session.rendered() == 0);

    CHECK(run_tutti({"cache", cache, "--clear"}).output.find("0 entries") != std::string::npos);
    session.render("cache");
    CHECK(session.rendered() == part_count);
}
