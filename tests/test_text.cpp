#include <catch2/catch.hpp>

#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include "host/text.hpp"

using namespace tutti;

TEST_CASE("UTF-8 is told from what only looks like it") {
    for (const std::string text : {"", "a", "ü", "太鼓", "🥁", "\xEF\xBF\xBD", "\xF4\x8F\xBF\xBF"})
        CHECK(is_utf8(text));
    for (const std::string text :
         {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3", "a\xE2\x82", "\xFF"}) {
        CAPTURE(in_quotes(text));
        CHECK_FALSE(is_utf8(text));
    }
}

TEST_CASE("text in messages is always one line") {
    CHECK(in_quotes("a\"b\\c\nd\te\x1B\x7F\xC2\x85\xFFü") ==
          "\"a\\\"b\\\\c\\nd\\te\\u001B\\u007F\\u0085\\xFFü\"");
    CHECK(printable("a\"b\nc") == "a\"b\\nc");
    CHECK(has_control_characters("a\xC2\x9F"));
    CHECK_FALSE(has_control_characters("a\xC2\xA0ü\x80"));
}

TEST_CASE("numbers are as short as they read back the same") {
    CHECK(number_text(-3.0) == "-3");
    CHECK(number_text(0.1) == "0.1");
    CHECK(number_text(1e-9) == "0.000000001");
    CHECK(number_text(384000.0) == "384000");
    CHECK(number_text(-std::numeric_limits<double>::infinity()) == "-inf");
    for (const double number :
         {1.0 / 3.0, -0.30000000000000004, 5e-324, std::numeric_limits<double>::max()}) {
        CHECK(std::strtod(number_text(number).c_str(), nullptr) == number);
    }
}

TEST_CASE("the nearest word is found within a slip of the finger, and none when none is near") {
    const std::vector<std::string> known{"threshold_db", "ratio", "attack_ms",
                                         "release_ms",   "mix",   "Lead Vox"};
    CHECK(nearest_word("threshhold_db", known) == "threshold_db");
    CHECK(nearest_word("ratoi", known) == "ratio");
    CHECK(nearest_word("attack", known) == "attack_ms");
    CHECK(nearest_word("mix_db", known) == "mix");
    CHECK(nearest_word("LEAD VOX", known) == "Lead Vox");
    CHECK(nearest_word("gain", known).empty());
    CHECK(nearest_word("xy", known).empty());
    CHECK(nearest_word("", known).empty());
    CHECK(nearest_word("realease_ms", known) == "release_ms");
}

TEST_CASE("text is wrapped at words, by characters, and long words stay whole") {
    CHECK(wrapped("", 10).empty());
    CHECK(wrapped("one two three", 7) == std::vector<std::string>{"one two", "three"});
    CHECK(wrapped("\xC3\xA4\xC3\xB6\xC3\xBC \xC3\x9F b", 5) ==
          std::vector<std::string>{"\xC3\xA4\xC3\xB6\xC3\xBC \xC3\x9F", "b"});
    CHECK(wrapped("a unbreakable b", 5) == std::vector<std::string>{"a", "unbreakable", "b"});
    CHECK(character_count("\xC3\xA4\xC3\xB6") == 2);
}
