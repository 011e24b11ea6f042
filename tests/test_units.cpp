#include <catch2/catch.hpp>

#include "engine/errors.hpp"
#include "host/file_names.hpp"
#include "host/progress.hpp"
#include "host/units.hpp"

using namespace tutti;

TEST_CASE("times are read as seconds, minutes or hours, and nothing else") {
    CHECK(parse_time_s("90.5", "--from") == 90.5);
    CHECK(parse_time_s("1:30.25", "--from") == 90.25);
    CHECK(parse_time_s("1:02:03", "--from") == 3723.0);
    for (const char* wrong :
         {"", "x", "-1", "1:", ":1", "1:60", "1:2:3:4", "1.5:10", "nan", "inf", "1e3", "1 "}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(parse_time_s(wrong, "--from"), InputError);
    }
}

TEST_CASE("sizes are read with and without units, and nothing else") {
    CHECK(parse_bytes("1000", "--memory") == 1000);
    CHECK(parse_bytes("4GiB", "--memory") == 4ULL << 30);
    CHECK(parse_bytes("512 MiB", "--memory") == 512ULL << 20);
    CHECK(parse_bytes("1.5g", "--memory") == 3ULL << 29);
    CHECK(parse_bytes("2kb", "--memory") == 2048);
    for (const char* wrong : {"", "0", "GiB", "-1G", "4X", "4GiBs", "1e9", "9999999T"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(parse_bytes(wrong, "--memory"), InputError);
    }
}

TEST_CASE("times are shown as a clock shows them, also where they round up to a minute") {
    CHECK(clock_text(0.0) == "0:00.0");
    CHECK(clock_text(75.34) == "1:15.3");
    CHECK(clock_text(59.99) == "1:00.0");
    CHECK(clock_text(3723.0, 0) == "1:02:03");
}

TEST_CASE("names become file names that no disk refuses and no two of which are one") {
    const std::vector<std::string> files = file_names_for(
        {"Kick", "kick", "a/b\\c", "..", "", "line\nbreak", std::string(119, 'x') + "é", "Flöte"});
    CHECK(files == std::vector<std::string>{"Kick", "kick 2", "a_b_c", "_..", "_", "line_break",
                                            std::string(119, 'x'), "Flöte"});
}
