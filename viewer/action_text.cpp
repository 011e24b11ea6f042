#include <cmath>
#include <cstdio>

#include "engine/errors.hpp"
#include "host/text.hpp"
#include "viewer/action.hpp"

namespace tutti::viewer {

Action parse_action(const std::string& line) {
    Action words;
    std::string word;
    bool is_word = false;
    bool is_quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (is_quoted && c == '\\' && i + 1 < line.size()) {
            word += line[++i];
        } else if (c == '"') {
            is_quoted = !is_quoted;
            is_word = true;
        } else if (!is_quoted && (c == ' ' || c == '\t' || c == '\r')) {
            if (is_word) words.push_back(word);
            word.clear();
            is_word = false;
        } else if (!is_quoted && !is_word && c == '#') {
            break;
        } else {
            word += c;
            is_word = true;
        }
    }
    if (is_quoted) throw InputError("a quotation mark is missing in " + in_quotes(line));
    if (is_word) words.push_back(word);
    return words;
}

std::string action_text(const Action& action) {
    std::string text;
    for (const std::string& word : action) {
        if (!text.empty()) text += ' ';
        if (!word.empty() && word.find_first_of(" \t\"\\#") == std::string::npos) {
            text += word;
            continue;
        }
        text += '"';
        for (const char c : word) {
            if (c == '"' || c == '\\') text += '\\';
            text += c;
        }
        text += '"';
    }
    return text;
}

std::string argument(double number) {
    char text[48];
    std::snprintf(text, sizeof text, "%.6g", number);
    return text;
}

}  // namespace tutti::viewer
