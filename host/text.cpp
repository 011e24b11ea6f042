#include "host/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <vector>

namespace tutti {

namespace {

/// Bytes of the UTF-8 sequence at the front of `text`; 0 when there is none.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                               : lead >= 0xE0 && lead <= 0xEF ? 3
                               : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                              : 0;
    if (length == 0 || length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return 0;
    }
    const unsigned second = byte(1);
    const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    const bool outside = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
    return overlong || outside ? 0 : length;
}

/// The code point of a C0 or C1 control character at the front, else -1.
int control_character(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    if (lead < 0x20 || lead == 0x7F) return lead;
    if (lead == 0xC2 && text.size() > 1) {
        const auto second = static_cast<unsigned char>(text[1]);
        if (second >= 0x80 && second <= 0x9F) return second;
    }
    return -1;
}

std::string escaped(std::string_view text, bool escape_quotes) {
    std::string result;
    std::array<char, 8> code{};
    while (!text.empty()) {
        std::size_t length = sequence_length(text);
        const int control = length == 0 ? -1 : control_character(text);
        if (length == 0) {
            length = 1;
            std::snprintf(code.data(), code.size(), "\\x%02X", static_cast<unsigned char>(text[0]));
            result += code.data();
        } else if (control == '\n') {
            result += "\\n";
        } else if (control == '\t') {
            result += "\\t";
        } else if (control >= 0) {
            std::snprintf(code.data(), code.size(), "\\u%04X", static_cast<unsigned>(control) & 0xFFU);
            result += code.data();
        } else {
            if (escape_quotes && (text[0] == '"' || text[0] == '\\')) result += '\\';
            result += text.substr(0, length);
        }
        text.remove_prefix(length);
    }
    return result;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_without_unit(std::string_view shorter, std::string_view longer) {
    return shorter.size() >= 2 && longer.size() > shorter.size() && longer.starts_with(shorter) &&
           longer[shorter.size()] == '_';
}

/// Optimal string alignment distance, or anything greater than `limit` when it is greater.
int edit_distance(std::string_view a, std::string_view b, int limit) {
    const auto length_difference = static_cast<int>(a.size()) - static_cast<int>(b.size());
    if (std::abs(length_difference) > limit) return limit + 1;
    std::vector<int> before(b.size() + 1);
    std::vector<int> above(b.size() + 1);
    std::vector<int> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) above[j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = static_cast<int>(i);
        int least = row[0];
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const int replaced = above[j - 1] + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
            row[j] = std::min({replaced, above[j] + 1, row[j - 1] + 1});
            const bool swapped =
                i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
            least = std::min(least, row[j]);
        }
        if (least > limit) return limit + 1;
        std::swap(before, above);
        std::swap(above, row);
    }
    return above[b.size()];
}

}  // namespace

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = sequence_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

bool has_control_characters(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (control_character(text.substr(i)) >= 0) return true;
    }
    return false;
}

std::string in_quotes(std::string_view text) { return '"' + escaped(text, true) + '"'; }

std::string printable(std::string_view text) { return escaped(text, false); }

std::string number_text(double number) {
    if (std::isnan(number)) return "nan";
    if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
    std::array<char, 400>
        buffer{};  // the longest double without an exponent takes 309 digits before the point
    const auto [end, error] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::fixed);
    if (error != std::errc()) return std::to_string(number);
    return {buffer.data(), end};
}

std::string joined_with_or(std::span<const std::string> words) {
    std::string result;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) result += i + 1 == words.size() ? " or " : ", ";
        result += words[i];
    }
    return result;
}

int character_count(std::string_view text) {
    return static_cast<int>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::vector<std::string> wrapped(std::string_view text, int width) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t space = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, space);
        if (!lines.empty() && character_count(lines.back()) + 1 + character_count(word) <= width) {
            lines.back().append(" ").append(word);
        } else {
            lines.emplace_back(word);
        }
        text.remove_prefix(std::min(space + 1, text.size()));
    }
    return lines;
}

std::string nearest_word(std::string_view word, std::span<const std::string> known) {
    constexpr std::size_t max_length = 80;  // what is longer is not a slip of the finger
    if (word.empty() || word.size() > max_length) return {};
    int limit = word.size() < 3 ? 0 : std::max(1, static_cast<int>(word.size()) / 4);
    const std::string* nearest = nullptr;
    for (const std::string& candidate : known) {
        if (is_without_unit(word, candidate) || is_without_unit(candidate, word)) return candidate;
        const int distance = edit_distance(word, candidate, limit);
        if (distance > limit) continue;
        nearest = &candidate;
        limit = distance - 1;
        if (limit < 0) break;
    }
    return nearest != nullptr ? *nearest : std::string{};
}

}  // namespace tutti
