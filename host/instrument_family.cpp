#include "host/instrument_family.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "host/instrument_words.hpp"

namespace tutti {

namespace {

using Words = std::vector<std::string>;

// By byte, in the C locale: bytes of UTF-8 beyond ASCII are letters without case.
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_lower(c) || is_upper(c); }
char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return lower(c); });
    return text;
}

/// True where camel case begins a new word: "kickIn", "DIBass", but not the plural "BVs".
bool begins_in_camel_case(std::string_view text, std::size_t i) {
    if (i == 0 || !is_upper(text[i])) return false;
    if (is_lower(text[i - 1])) return true;
    const bool ends_capitals = is_upper(text[i - 1]) && i + 1 < text.size() && is_lower(text[i + 1]);
    const bool is_plural =
        ends_capitals && text[i + 1] == 's' && (i + 2 == text.size() || !is_letter(text[i + 2]));
    return ends_capitals && !is_plural;
}

/// Words in lower case: letters and digits apart, everything else is a border.
Words split(std::string_view text) {
    Words words;
    std::string word;
    const auto end_word = [&] {
        if (!word.empty()) words.push_back(std::exchange(word, {}));
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_part = is_letter(text[i]) || is_digit(text[i]);
        const bool changes_kind = !word.empty() && is_digit(word.back()) != is_digit(text[i]);
        if (!is_part || changes_kind || begins_in_camel_case(text, i)) end_word();
        if (is_part) word += lower(text[i]);
    }
    end_word();
    return words;
}

std::string join(const Words& words, std::size_t first, std::size_t count) {
    std::string phrase = words[first];
    for (std::size_t i = 1; i < count; ++i) phrase.append(" ").append(words[first + i]);
    return phrase;
}

template <typename Visit>
void for_each_phrase(std::string_view list, const Visit& visit) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(','), list.size());
        visit(split(list.substr(0, end)));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

struct Meaning {
    Family family;
    bool is_instrument;
};

/// The lists of instrument_words.cpp, ready to be looked up.
class Dictionary {
  public:
    static constexpr std::size_t longest_phrase = 3;

    Dictionary() {
        for (const FamilyWords& words : family_words()) {
            add(words.instruments, {words.family, true});
            add(words.hints, {words.family, false});
        }
        for_each_phrase(neutral_words(),
                        [&](const Words& words) { neutral_.insert(join(words, 0, words.size())); });
    }

    std::optional<Meaning> find(const std::string& phrase) const {
        if (const auto found = meanings_.find(phrase); found != meanings_.end()) return found->second;
        if (phrase.size() < 4 || phrase.back() != 's') return {};
        const auto singular = meanings_.find(phrase.substr(0, phrase.size() - 1));
        if (singular == meanings_.end()) return {};
        return singular->second;
    }

    /// Takes words that were run together apart: "kickin" is "kick in". Leaves others as they are.
    Words take_apart(const Words& words) const {
        Words apart;
        for (const std::string& word : words) {
            const Words parts = is_known(word) ? Words{word} : parts_of(word);
            if (parts.empty()) {
                apart.push_back(word);
            } else {
                apart.insert(apart.end(), parts.begin(), parts.end());
            }
        }
        return apart;
    }

  private:
    void add(std::string_view list, Meaning meaning) {
        for_each_phrase(
            list, [&](const Words& words) { meanings_.emplace(join(words, 0, words.size()), meaning); });
    }

    bool is_known(const std::string& word) const { return find(word) || neutral_.count(word) > 0; }

    /// The word as two or three known ones, the first as long as can be; empty when it is not made of such.
    Words parts_of(const std::string& word, int most = 3) const {
        if (word.empty() || most == 0) return {};
        for (std::size_t length = word.size(); length > 0; --length) {
            const std::string first = word.substr(0, length);
            if (!is_known(first)) continue;
            if (length == word.size()) return {first};
            const Words rest = parts_of(word.substr(length), most - 1);
            if (rest.empty()) continue;
            Words parts{first};
            parts.insert(parts.end(), rest.begin(), rest.end());
            return parts;
        }
        return {};
    }

    std::unordered_map<std::string, Meaning> meanings_;
    std::unordered_set<std::string> neutral_;
};

const Dictionary& dictionary() {
    static const Dictionary words;
    return words;
}

/// What a name says, if it says anything.
std::optional<Meaning> meaning_of(std::string_view name) {
    const Words words = dictionary().take_apart(split(name));
    std::optional<Meaning> best;
    std::tuple<bool, std::size_t, std::size_t> best_rank;
    for (std::size_t first = 0; first < words.size(); ++first) {
        for (std::size_t count = 1; count <= Dictionary::longest_phrase && first + count <= words.size();
             ++count) {
            const auto meaning = dictionary().find(join(words, first, count));
            if (!meaning) continue;
            const std::tuple rank{meaning->is_instrument, count, first + count};
            if (best && rank < best_rank) continue;
            best = meaning;
            best_rank = rank;
        }
    }
    return best;
}

bool is_separator(char c) { return c == '_' || c == '-' || c == '.' || c == ' ' || c == '\t'; }

/// Words as they are written, for display: digits stay with their letters ("Gtr2").
Words split_for_people(std::string_view text) {
    Words words;
    std::string word;
    const auto end_word = [&] {
        if (!word.empty()) words.push_back(std::exchange(word, {}));
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_separator(text[i]) || begins_in_camel_case(text, i)) end_word();
        if (!is_separator(text[i])) word += text[i];
    }
    end_word();
    return words;
}

/// Abbreviations that people write in capitals.
bool is_abbreviation(const std::string& word) {
    static const std::unordered_set<std::string> known{"di",  "oh",   "fx", "sfx", "bv", "bvs",
                                                       "bgv", "bgvs", "ep", "vo",  "hh", "bd",
                                                       "sd",  "dx7",  "b3", "l",   "r"};
    return known.count(word) > 0;
}

std::string capitalised(const std::string& word) {
    const std::string small = lower(word);
    if (is_abbreviation(small)) {
        std::string all = small;
        std::transform(all.begin(), all.end(), all.begin(), [](char c) { return upper(c); });
        return all;
    }
    constexpr std::size_t longest_acronym = 3;
    const bool shouts = word.size() > longest_acronym && std::none_of(word.begin(), word.end(), is_lower);
    std::string result = shouts ? small : word;
    result.front() = upper(result.front());
    return result;
}

/// True for the number of a track in front of its name, but not for "808 Kick" or "12 String".
bool is_track_number(const Words& words) {
    const bool is_number = std::all_of(words[0].begin(), words[0].end(), is_digit);
    if (words.size() < 2 || !is_number || dictionary().find(words[0])) return false;
    return !dictionary().find(join({words[0], lower(words[1])}, 0, 2));
}

}  // namespace

std::string family_name(Family family) {
    switch (family) {
        case Family::drums:
            return "Drums";
        case Family::bass:
            return "Bass";
        case Family::guitars:
            return "Guitars";
        case Family::keys:
            return "Keys";
        case Family::strings:
            return "Strings";
        case Family::brass:
            return "Brass";
        case Family::winds:
            return "Winds";
        case Family::synths:
            return "Synths";
        case Family::percussion:
            return "Percussion";
        case Family::effects:
            return "Effects";
        case Family::vocals:
            return "Vocals";
        case Family::other:
            break;
    }
    return "Other";
}

Family family_of(const std::filesystem::path& file) {
    std::optional<Meaning> best = meaning_of(file.stem().string());
    std::filesystem::path folder = file.parent_path();
    while ((!best || !best->is_instrument) && folder.has_filename()) {
        const auto meaning = meaning_of(folder.filename().string());
        if (meaning && (!best || meaning->is_instrument)) best = meaning;
        folder = folder.parent_path();
    }
    return best ? best->family : Family::other;
}

std::string readable_name(std::string_view file_name) {
    Words words = split_for_people(file_name);
    if (!words.empty() && is_track_number(words)) words.erase(words.begin());
    std::string name;
    for (const std::string& word : words) {
        if (!name.empty()) name += ' ';
        name += capitalised(word);
    }
    return name.empty() ? "Track" : name;
}

SidedName sided_name(std::string_view file_name) {
    Words words = dictionary().take_apart(split(file_name));
    if (!words.empty() && is_track_number(words)) words.erase(words.begin());
    if (words.size() < 2) return {};
    const bool is_left = words.back() == "l" || words.back() == "left";
    const bool is_right = words.back() == "r" || words.back() == "right";
    if (!is_left && !is_right) return {};
    return {is_left ? -1 : 1, join(words, 0, words.size() - 1)};
}

bool natural_less(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (is_digit(a[i]) && is_digit(b[j])) {
            const auto number_at = [](std::string_view text, std::size_t& at) {
                while (at < text.size() && text[at] == '0') ++at;
                const std::size_t start = at;
                while (at < text.size() && is_digit(text[at])) ++at;
                return text.substr(start, at - start);
            };
            const std::string_view left = number_at(a, i);
            const std::string_view right = number_at(b, j);
            if (left.size() != right.size()) return left.size() < right.size();
            if (left != right) return left < right;
        } else {
            const auto left = static_cast<unsigned char>(lower(a[i++]));
            const auto right = static_cast<unsigned char>(lower(b[j++]));
            if (left != right) return left < right;
        }
    }
    const bool a_ends = i == a.size();
    const bool b_ends = j == b.size();
    return a_ends != b_ends ? a_ends : a < b;
}

}  // namespace tutti
