// Many sessions by one command, through the program.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/session_folder.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

namespace fs = std::filesystem;

std::string session_of(const std::string& stem, double gain_db) {
    return "[session]\nsample_rate = 48000\n[[track]]\nname = \"A\"\nfile = \"" + stem +
           "\"\ngain_db = " + std::to_string(gain_db) + "\n";
}

void write_file(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }

std::vector<nlohmann::json> log_lines(const fs::path& file) {
    std::vector<nlohmann::json> lines;
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
}

/// Three sessions on one stem.
struct ThreeSessions {
    SessionFolder folder;

    ThreeSessions() {
        folder.add_stem("a.wav", {noise(test_rate_hz / 4, 0.1, 7)});
        for (const char* name : {"one", "two", "three"}) {
            write_file(folder.path(std::string(name) + ".toml"), session_of("a.wav", -6.0));
        }
    }
    ProgramResult batch(std::vector<std::string> more) const {
        std::vector<std::string> arguments{"batch", "-o", folder.path("out").string(), "--device", "cpu"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_tutti(arguments);
    }
    std::string pattern() const { return folder.path("*.toml").string(); }
    fs::path output(const std::string& name) const { return folder.path("out") / name; }
};

}  // namespace

TEST_CASE("a batch renders every session that a pattern matches, each once") {
    const ThreeSessions sessions;
    const ProgramResult result =
        sessions.batch({sessions.pattern(), sessions.folder.path("two.toml").string(), "--jobs", "2"});
    INFO(result.output << result.errors);
    CHECK(result.status == 0);
    for (const char* name : {"one.wav", "two.wav", "three.wav"}) {
        CHECK(fs::exists(sessions.output(name)));
    }
    CHECK(log_lines(sessions.output("batch.jsonl")).size() == 3);
    CHECK(result.output.find("3 of 3") != std::string::npos);
}

TEST_CASE("a session that fails stops no other, and the batch says so at its end") {
    const ThreeSessions sessions;
    write_file(sessions.folder.path("two.toml"), session_of("missing.wav", 0.0));
    const ProgramResult result = sessions.batch({sessions.pattern()});
    INFO(result.output << result.errors);
    CHECK(result.status == 2);
    CHECK(result.errors.find("missing.wav") != std::string::npos);
    CHECK(result.errors.find("1 of 3 sessions failed") != std::string::npos);
    CHECK(fs::exists(sessions.output("one.wav")));
    CHECK(fs::exists(sessions.output("three.wav")));
    CHECK_FALSE(fs::exists(sessions.output("two.wav")));
    int failed = 0;
    for (const nlohmann::json& line : log_lines(sessions.output("batch.jsonl"))) {
        if (line.at("state") == "failed") ++failed;
        CHECK(line.at("report").is_null() == (line.at("state") == "failed"));
    }
    CHECK(failed == 1);
}

TEST_CASE("a resumed batch renders only what is missing or whose inputs have changed") {
    const ThreeSessions sessions;
    REQUIRE(sessions.batch({sessions.pattern()}).status == 0);
    const auto rendered_again = [&] {
        const std::size_t before = log_lines(sessions.output("batch.jsonl")).size();
        const ProgramResult result = sessions.batch({sessions.pattern(), "--resume"});
        INFO(result.output << result.errors);
        REQUIRE(result.status == 0);
        std::vector<std::string> names;
        const std::vector<nlohmann::json> lines = log_lines(sessions.output("batch.jsonl"));
        for (std::size_t i = before; i < lines.size(); ++i) {
            names.push_back(fs::path(lines[i].at("session").get<std::string>()).filename().string());
        }
        return names;
    };
    CHECK(rendered_again().empty());
    SECTION("nothing else") {}
    SECTION("the mix is gone") {
        fs::remove(sessions.output("two.wav"));
        CHECK(rendered_again() == std::vector<std::string>{"two.toml"});
    }
    SECTION("the mix was written over") {
        write_file(sessions.output("two.wav"), "not a mix");
        CHECK(rendered_again() == std::vector<std::string>{"two.toml"});
    }
    SECTION("the session has changed") {
        write_file(sessions.folder.path("one.toml"), session_of("a.wav", -3.0));
        CHECK(rendered_again() == std::vector<std::string>{"one.toml"});
    }
    SECTION("the stem has changed") {
        sessions.folder.add_stem("a.wav", {noise(test_rate_hz / 3, 0.1, 8)});
        CHECK(rendered_again().size() == 3);
    }
    CHECK(rendered_again().empty());
}

TEST_CASE("a log that a kill cut short is read as far as it goes") {
    const ThreeSessions sessions;
    REQUIRE(sessions.batch({sessions.pattern()}).status == 0);
    const fs::path log = sessions.output("batch.jsonl");
    fs::resize_file(log, fs::file_size(log) - 40);
    const ProgramResult result = sessions.batch({sessions.pattern(), "--resume"});
    INFO(result.output << result.errors);
    CHECK(result.status == 0);
    CHECK(result.output.find("rendered") != std::string::npos);
    CHECK(sessions.batch({sessions.pattern(), "--resume"}).output.find("rendered") == std::string::npos);
}

TEST_CASE("a batch refuses what it cannot mean, in one line") {
    const ThreeSessions sessions;
    const auto refusal = [&](const std::vector<std::string>& arguments) {
        const ProgramResult result = sessions.batch(arguments);
        CHECK(result.status == 2);
        return result.errors;
    };
    CHECK(refusal({sessions.folder.path("none*.toml").string()}).find("no pattern that matches") !=
          std::string::npos);
    CHECK(refusal({sessions.folder.path("").string()}).find("is a folder") != std::string::npos);
    fs::create_directory(sessions.folder.path("other"));
    write_file(sessions.folder.path("other") / "one.toml", session_of("../a.wav", 0.0));
    CHECK(refusal({sessions.pattern(), (sessions.folder.path("other") / "one.toml").string()})
              .find("would both be") != std::string::npos);
    CHECK(refusal({sessions.pattern(), "--log", sessions.folder.path("one.toml").string()})
              .find("is no log of tutti batch") != std::string::npos);
}

TEST_CASE("a batch writes stems beside every mix where it is asked to") {
    const ThreeSessions sessions;
    REQUIRE(sessions.batch({sessions.folder.path("one.toml").string(), "--stems", "--bits", "32f"}).status ==
            0);
    CHECK(fs::exists(sessions.output("one stems") / "A.wav"));
}
