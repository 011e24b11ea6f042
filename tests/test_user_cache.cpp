#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include "host/user_cache.hpp"
#include "tests/audio_files.hpp"

using namespace tutti;
using namespace tutti::tests;

namespace {

namespace fs = std::filesystem;

std::vector<std::byte> bytes_of(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

fs::path only_file(const fs::path& folder) {
    std::vector<fs::path> files(fs::directory_iterator(folder), fs::directory_iterator{});
    REQUIRE(files.size() == 1);
    return files.front();
}

std::string read(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

}  // namespace

TEST_CASE("a cache gives back what was put, to the byte, and nothing under another key") {
    const TempFolder folder;
    const auto cache = open_cache(folder / "cache");
    REQUIRE(cache);
    const std::string odd("line\nline\0\xff\n\n", 13);
    for (const std::string& text : {odd, std::string("x"), std::string(1 << 20, 'z')}) {
        cache->put("costs, a device", bytes_of(text));
        CHECK(cache->get("costs, a device") == bytes_of(text));
        CHECK(cache->get("costs, another device").empty());
        CHECK(open_cache(folder / "cache")->get("costs, a device") == bytes_of(text));
    }
}

TEST_CASE("a damaged, cut or foreign cache file is as good as none, wherever the damage is") {
    const TempFolder folder;
    const auto cache = open_cache(folder / "cache");
    cache->put("key", bytes_of("what was measured"));
    const fs::path file = only_file(folder / "cache");
    const std::string good = read(file);
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 4);
        write(file, bad);
        INFO("byte " << at);
        CHECK(cache->get("key").empty());
        write(file, good.substr(0, at));
        CHECK(cache->get("key").empty());
    }
    write(file, good + "more");
    CHECK(cache->get("key").empty());
    write(file, good);
    CHECK(cache->get("key") == bytes_of("what was measured"));
    fs::remove(file);
    fs::create_directory(file);
    CHECK(cache->get("key").empty());
    cache->put("key", bytes_of("cannot be kept"));
    CHECK(cache->get("key").empty());
}

TEST_CASE("what another version of the program has cached counts for nothing") {
    const TempFolder folder;
    const auto cache = open_cache(folder / "cache");
    cache->put("key", bytes_of("value"));
    const fs::path file = only_file(folder / "cache");
    std::string other = read(file);
    const std::size_t at = other.find("tutti 0.");
    REQUIRE(at != std::string::npos);
    other.replace(at, 8, "tutti 9.");
    write(file, other);
    CHECK(cache->get("key").empty());
    cache->put("key", bytes_of("new"));
    CHECK(cache->get("key") == bytes_of("new"));
}

TEST_CASE("a cache that grows beyond its limit loses what was longest not used") {
    const TempFolder folder;
    const auto cache = open_cache(folder / "cache", 10000);
    const auto age = [&](int hours) {
        for (const auto& entry : fs::directory_iterator(folder / "cache")) {
            fs::last_write_time(entry, entry.last_write_time() - std::chrono::hours(hours));
        }
    };
    for (const char* const key : {"a", "b", "c", "d"}) {
        cache->put(key, std::vector<std::byte>(2000));
        age(1);
    }
    CHECK(cache->get("a").size() == 2000);
    cache->put("e", std::vector<std::byte>(2000));
    CHECK(cache->get("a").size() == 2000);
    CHECK(cache->get("b").empty());
    CHECK(cache->get("c").empty());
    CHECK(cache->get("e").size() == 2000);
}

TEST_CASE("no cache is kept where none can be") {
    CHECK(open_cache("/dev/null/cache") == nullptr);
    CHECK(open_cache("/proc/cache") == nullptr);
}

TEST_CASE("a cache whose folder went away keeps nothing and says nothing") {
    const TempFolder folder;
    const auto cache = open_cache(folder / "cache");
    fs::remove_all(folder / "cache");
    cache->put("key", bytes_of("value"));
    CHECK(cache->get("key").empty());
}

TEST_CASE("two that write the same key leave one whole value") {
    const TempFolder folder;
    const fs::path place = folder / "cache";
    const std::string a(50000, 'a');
    const std::string b(70000, 'b');
    const auto writer = [&place](const std::string& text) {
        const auto cache = open_cache(place);
        for (int i = 0; i < 50; ++i) cache->put("key", bytes_of(text));
    };
    std::thread one(writer, a);
    std::thread other(writer, b);
    const auto cache = open_cache(place);
    for (int i = 0; i < 100; ++i) {
        const std::vector<std::byte> found = cache->get("key");
        const bool whole = found.empty() || found == bytes_of(a) || found == bytes_of(b);
        CHECK(whole);
    }
    one.join();
    other.join();
    CHECK_FALSE(cache->get("key").empty());
}

TEST_CASE("the cache is where TUTTI_CACHE says, else where the desktop's standard says, or nowhere") {
    // The suite itself runs with TUTTI_CACHE empty: see tests/main.cpp.
    CHECK_FALSE(user_cache_folder());
    CHECK(open_user_cache() == nullptr);
    setenv("TUTTI_CACHE", "/some/where", 1);
    CHECK(user_cache_folder() == fs::path("/some/where"));
    unsetenv("TUTTI_CACHE");
    const char* const before = std::getenv("XDG_CACHE_HOME");
    const std::string kept = before != nullptr ? before : "";
    setenv("XDG_CACHE_HOME", "/the/cache", 1);
    CHECK(user_cache_folder() == fs::path("/the/cache/tutti"));
    setenv("XDG_CACHE_HOME", "relative", 1);
    const char* const home = std::getenv("HOME");
    if (home != nullptr) CHECK(user_cache_folder() == fs::path(home) / ".cache" / "tutti");
    before != nullptr ? setenv("XDG_CACHE_HOME", kept.c_str(), 1) : unsetenv("XDG_CACHE_HOME");
    setenv("TUTTI_CACHE", "", 1);
}
