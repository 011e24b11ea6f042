#include "host/session_keys.hpp"
#include "host/session_values.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

const char* const introduction = R"(# The session file

A session is a [TOML](https://toml.io) file: UTF-8 text that names the stems, their channel strips and how they are mixed.
This page lists every key. It is made from the table that the parser checks files with: `tutti reference` prints it.

* A key that is not listed here, a wrong type and a value out of range are errors. `tutti check` reports all of them at once.
* A key with a default may be left out.
* Paths are relative to the session file's folder, or absolute.
* Names of strips are unique among tracks and buses, and hold no control characters.
* A strip feeds one bus (`output`) and, through sends, any number of others. Outputs, sends and side-chains never lead back
  to where they come from.

A strip works in this order: trim and polarity (tracks only), inserts, sends tapped `"pre"`, fader, pan, sends tapped
`"post"`, output. Times are rounded to whole frames; what the inserts delay beyond what was asked for is compensated.

A mono signal comes into a stereo bus by the pan law. With `pan` p and the angle a = 45° (p + 1), left and right get

| `pan_law_db` | left | right |
|---|---|---|
| -3 | cos a | sin a |
| -6 | (1 - p) / 2 | (1 + p) / 2 |
| -4.5 | the square root of the product of the two above | likewise |
| 0 | cos(90° p) for p over 0, else 1 | cos(90° p) for p under 0, else 1 |

For a stereo signal `pan` is a balance: it turns a side down as the law of 0 dB does. Into a mono bus a mono signal goes as
it is, a stereo one as half of left plus half of right, and `pan` has no meaning.
)";

/// `|` would end the cell.
std::string cell(const std::string& text) {
    std::string result;
    for (const char c : text) result += c == '|' ? std::string("\\|") : std::string(1, c);
    return result;
}

template <typename Owner>
std::string default_text(const SessionKey<Owner>& key) {
    if (key.required) return "required";
    if (!key.default_note.empty()) return key.default_note;
    if (key.type == KeyType::table || key.type == KeyType::tables) return "none";
    const KeyValue value = key.get(Owner{});
    if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    if (const double* number = std::get_if<double>(&value)) return number_text(*number);
    if (const auto* text = std::get_if<std::string>(&value))
        return text->empty() ? "empty" : '`' + in_quotes(*text) + '`';
    return "none";
}

std::string allowed_cell(const KeyFacts& key) {
    if (key.type == KeyType::table || key.type == KeyType::tables) return '`' + key.header + '`';
    if (key.type != KeyType::word) return allowed_text(key, {});
    std::vector<std::string> words;
    for (const std::string& word : key.words) words.push_back('`' + in_quotes(word) + '`');
    return joined_with_or(words);
}

std::string meaning_cell(const KeyFacts& key) {
    if (key.only_with.empty()) return key.meaning;
    std::vector<std::string> words;
    for (const std::string& word : key.only_with) words.push_back('`' + in_quotes(word) + '`');
    return key.meaning + " Only with `" + key.only_with_key + "` " + joined_with_or(words) + '.';
}

template <typename Owner>
std::string rows(const KeyTable<Owner>& table) {
    std::string text = "| key | allowed | default | meaning |\n|---|---|---|---|\n";
    for (const SessionKey<Owner>& key : table.keys) {
        text += "| `" + key.name + "` | " + cell(allowed_cell(key)) + " | " + cell(default_text(key)) +
                " | " + cell(meaning_cell(key)) + " |\n";
    }
    return text;
}

template <typename Owner>
std::string section(const std::string& heading, const KeyTable<Owner>& table) {
    return "\n## " + heading + "\n\n" + rows(table);
}

template <typename Insert>
std::string processor_section(const std::string& type, const Insert& fresh) {
    return "\n### `type = " + in_quotes(type) + "`\n\n" + rows(processor_keys(fresh));
}

}  // namespace

std::string session_reference() {
    std::string text = introduction;
    text += section("The file", document_keys());
    text += section("`[session]`", session_keys());
    text += section("`[[track]]`", track_keys());
    text += section("`[[bus]]`", bus_keys());
    text += section("`[master]`", master_keys());
    text += section("Sends: `[[track.send]]`, `[[bus.send]]`", send_keys());
    text += section("Inserts: `[[track.insert]]`, `[[bus.insert]]`, `[[master.insert]]`", insert_keys());
    const std::vector<std::string>& types = insert_keys().keys.front().words;
    for (const std::string& type : types) {
        Insert insert;
        insert_keys().keys.front().set(insert, type);
        std::visit([&](const auto& fresh) { text += processor_section(type, fresh); }, insert.processor);
        if (std::holds_alternative<EqInsert>(insert.processor))
            text += "\nA band of `bands`:\n\n" + rows(band_keys());
    }
    return text;
}

}  // namespace tutti
