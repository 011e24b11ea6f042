#include "host/session_values.hpp"

#include <algorithm>
#include <cmath>

#include "host/text.hpp"

namespace tutti {

namespace {

/// The text in quotes, cut where it would drown the message.
std::string excerpt(const std::string& text) {
    constexpr std::size_t max_bytes = 80;
    if (text.size() <= max_bytes) return in_quotes(text);
    std::size_t end = max_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return in_quotes(text.substr(0, end)) + " …";
}

std::string with_unit(const std::string& number, const KeyFacts& key) {
    return key.unit.empty() ? number : number + ' ' + key.unit;
}

std::optional<double> as_double(const TomlValue& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value.content)) return static_cast<double>(*whole);
    if (const auto* number = std::get_if<double>(&value.content)) return *number;
    return {};
}

bool is_allowed_number(const KeyFacts& key, double number, int sample_rate_hz) {
    if (key.or_minus_infinity && std::isinf(number) && number < 0) return true;
    if (!std::isfinite(number)) return false;
    if (!key.choices.empty())
        return std::find(key.choices.begin(), key.choices.end(), number) != key.choices.end();
    if (key.type == KeyType::frequency) return number >= key.minimum && 2.0 * number < sample_rate_hz;
    return number >= key.minimum && number <= key.maximum;
}

std::optional<KeyValue> check_text(const KeyFacts& key, const std::string& text) {
    if (key.type == KeyType::word) {
        if (std::find(key.words.begin(), key.words.end(), text) == key.words.end()) return {};
    } else if (key.type == KeyType::path) {
        // A path may hold any character that a file system takes: all but U+0000.
        if (text.empty() || text.find('\0') != std::string::npos) return {};
    } else if (has_control_characters(text) || (key.required && text.empty())) {
        return {};
    }
    return text;
}

bool is_text(KeyType type) {
    return type == KeyType::text || type == KeyType::path || type == KeyType::strip || type == KeyType::word;
}

std::string text_allowed(const KeyFacts& key) {
    if (key.type == KeyType::path) return "a file's path";
    const std::string what = key.type == KeyType::strip ? "a strip's name" : "a text";
    return what + (key.required ? ", not empty," : "") + " without control characters";
}

}  // namespace

std::optional<KeyValue> check_value(const KeyFacts& key, const std::string& what, const TomlValue& value,
                                    int sample_rate_hz, SessionProblems& problems) {
    std::optional<KeyValue> checked;
    if (is_text(key.type)) {
        if (const auto* text = std::get_if<std::string>(&value.content)) checked = check_text(key, *text);
    } else if (key.type == KeyType::flag) {
        if (const auto* flag = std::get_if<bool>(&value.content)) checked = *flag;
    } else if (key.type != KeyType::whole || std::holds_alternative<std::int64_t>(value.content)) {
        const std::optional<double> number = as_double(value);
        if (number && is_allowed_number(key, *number, sample_rate_hz)) checked = *number;
    }
    if (checked) return checked;

    const std::string problem = key.name + " of " + what + ": found " + found_text(value) +
                                "; allowed: " + allowed_text(key, sample_rate_hz);
    const auto* text = std::get_if<std::string>(&value.content);
    const std::string near =
        key.type == KeyType::word && text != nullptr ? nearest_word(*text, key.words) : "";
    problems.add(value.place, near.empty() ? problem : problem + "; did you mean " + in_quotes(near) + "?");
    return {};
}

std::string allowed_text(const KeyFacts& key, std::optional<int> sample_rate_hz) {
    if (is_text(key.type) && key.type != KeyType::word) return text_allowed(key);
    if (key.type == KeyType::flag) return "true or false";
    if (key.type == KeyType::word) {
        std::vector<std::string> words;
        for (const std::string& word : key.words) words.push_back(in_quotes(word));
        return joined_with_or(words);
    }
    if (key.type == KeyType::table || key.type == KeyType::tables) return key.header;
    if (!key.choices.empty()) {
        std::vector<std::string> numbers;
        for (const double number : key.choices) numbers.push_back(number_text(number));
        return with_unit(joined_with_or(numbers), key);
    }
    if (key.type == KeyType::frequency) {
        const std::string minimum = number_text(key.minimum);
        if (!sample_rate_hz) return minimum + " Hz to under half the sample rate";
        return minimum + " to under " + number_text(*sample_rate_hz / 2.0) + " Hz (half the sample rate)";
    }
    const std::string range = with_unit(number_text(key.minimum) + " to " + number_text(key.maximum), key);
    return (key.type == KeyType::whole ? "a whole number from " : "") + range +
           (key.or_minus_infinity ? ", or -inf" : "");
}

std::string found_text(const TomlValue& value) {
    struct Describe {
        std::string operator()(TomlDate) const { return "a date or time"; }
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(std::int64_t number) const { return std::to_string(number); }
        std::string operator()(double number) const {
            const bool whole = std::isfinite(number) && number == std::floor(number);
            return number_text(number) + (whole ? ".0" : "");
        }
        std::string operator()(const std::string& text) const { return "a string (" + excerpt(text) + ')'; }
        std::string operator()(const TomlList& list) const {
            return list.empty() ? "an empty list" : "a list";
        }
        std::string operator()(const TomlTable&) const { return "a table"; }
    };
    return std::visit(Describe{}, value.content);
}

}  // namespace tutti
