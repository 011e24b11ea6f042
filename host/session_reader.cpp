#include "host/session_reader.hpp"

#include <algorithm>

#include "host/session_values.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

template <typename Owner>
std::vector<std::string> names_of(const KeyTable<Owner>& table) {
    std::vector<std::string> names;
    for (const SessionKey<Owner>& key : table.keys) names.push_back(key.name);
    return names;
}

bool is_subtable(const KeyFacts& key) { return key.type == KeyType::table || key.type == KeyType::tables; }

bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

SessionReader::SessionReader(const std::filesystem::path& file, SessionProblems& problems)
    : problems_(problems) {
    session_.path = file;
}

void SessionReader::read(const TomlTable& document) {
    report_unknown(document, document_keys().what, names_of(document_keys()));
    read_session_table(document);

    for (const auto& [table, place] : tables_of(document, "track", "[[track]]")) {
        begin_strip(RoutedStrip::Kind::track, *table);
        Track& track = session_.tracks.emplace_back();
        track.place = place;
        track.pan_law_db = session_.pan_law_db;
        read_keys(*table, place, track_keys(), track_keys().what, track);
        report_unknown(*table, track_keys().what, names_of(track_keys()));
        read_strip_tables(*table, track);
        if (const TomlEntry* file = find_entry(*table, "file")) track.file_place = file->value.place;
    }
    for (const auto& [table, place] : tables_of(document, "bus", "[[bus]]")) {
        begin_strip(RoutedStrip::Kind::bus, *table);
        Bus& bus = session_.buses.emplace_back();
        bus.place = place;
        bus.pan_law_db = session_.pan_law_db;
        read_keys(*table, place, bus_keys(), bus_keys().what, bus);
        report_unknown(*table, bus_keys().what, names_of(bus_keys()));
        read_strip_tables(*table, bus);
    }

    strips_.push_back({session_.master.name, RoutedStrip::Kind::master, {}});
    session_.master.pan_law_db = session_.pan_law_db;
    if (const TomlTable* table = table_of(document, "master")) {
        session_.master.place = find_entry(document, "master")->value.place;
        read_keys(*table, session_.master.place, master_keys(), master_keys().what, session_.master);
        report_unknown(*table, master_keys().what, names_of(master_keys()));
        read_strip_tables(*table, session_.master);
    }

    const TomlEntry* tracks = find_entry(document, "track");
    const bool is_absent = tracks == nullptr;
    if (is_absent || (session_.tracks.empty() && std::holds_alternative<TomlList>(tracks->value.content))) {
        problems_.add(is_absent ? Place{1, 1} : tracks->value.place,
                      "found no track; allowed: one [[track]] or more");
    }
}

void SessionReader::begin_strip(RoutedStrip::Kind kind, const TomlTable& table) {
    RoutedStrip strip{"", kind, {}};
    if (const TomlEntry* name = find_entry(table, "name")) {
        strip.name_place = name->value.place;
        const auto* text = std::get_if<std::string>(&name->value.content);
        if (text != nullptr && !has_control_characters(*text)) strip.name = *text;
    }
    strips_.push_back(std::move(strip));
}

void SessionReader::read_session_table(const TomlTable& document) {
    const TomlTable* table = table_of(document, "session");
    if (table == nullptr) return;
    const Place place = find_entry(document, "session")->value.place;
    read_keys(*table, place, session_keys(), session_keys().what, session_);
    report_unknown(*table, session_keys().what, names_of(session_keys()));
}

void SessionReader::read_strip_tables(const TomlTable& table, Strip& strip) {
    for (const auto& [insert, place] : tables_of(table, "insert", "[[….insert]]"))
        read_insert(*insert, place, strip);
    if (strips_.back().kind == RoutedStrip::Kind::master) return;
    for (const auto& [send, place] : tables_of(table, "send", "[[….send]]")) read_send(*send, place, strip);
}

void SessionReader::read_insert(const TomlTable& table, Place place, Strip& strip) {
    Insert insert;
    insert.place = place;
    // Without a known type nobody can say which other keys there are.
    if (!read_keys(table, place, insert_keys(), insert_keys().what, insert)) return;
    std::visit(
        [&](auto& processor) {
            const auto& keys = processor_keys(processor);
            read_keys(table, place, keys, keys.what, processor);
            std::vector<std::string> known = names_of(insert_keys());
            for (std::string& name : names_of(keys)) known.push_back(std::move(name));
            report_unknown(table, keys.what, known);
            if constexpr (std::is_same_v<decltype(processor), EqInsert&>) read_bands(table, processor);
        },
        insert.processor);
    strip.inserts.push_back(std::move(insert));
}

void SessionReader::read_bands(const TomlTable& table, EqInsert& eq) {
    for (const auto& [band, place] : tables_of(table, "bands", "[ { … }, { … } ]")) {
        read_keys(*band, place, band_keys(), band_keys().what, eq.bands.emplace_back());
        report_unknown(*band, band_keys().what, names_of(band_keys()));
    }
}

void SessionReader::read_send(const TomlTable& table, Place place, Strip& strip) {
    Send& send = strip.sends.emplace_back();
    send.place = place;
    read_keys(table, place, send_keys(), send_keys().what, send);
    report_unknown(table, send_keys().what, names_of(send_keys()));
}

/// Returns whether every required key is there and can be used.
template <typename Owner>
bool SessionReader::read_keys(const TomlTable& table, Place place, const KeyTable<Owner>& keys,
                              const std::string& what, Owner& owner) {
    bool is_complete = true;
    std::vector<std::string> bad;
    for (const SessionKey<Owner>& key : keys.keys) {
        if (is_subtable(key)) continue;
        const TomlEntry* entry = find_entry(table, key.name);
        std::optional<KeyValue> checked;
        if (entry != nullptr)
            checked = check_value(key, what, entry->value, session_.sample_rate_hz, problems_);
        if (checked) {
            note_reference(key, what, entry->value, *checked);
            key.set(owner, *checked);
            continue;
        }
        if (entry == nullptr && key.required) {
            problems_.add(place, "missing key '" + key.name + "' in " + what +
                                     "; allowed: " + allowed_text(key, session_.sample_rate_hz));
        }
        if (entry != nullptr || key.required) bad.push_back(key.name);
        is_complete = is_complete && !(key.required && !checked);
    }
    check_conditions(table, keys, bad, owner);
    return is_complete;
}

/// A key that means nothing beside another's value, such as gain_db on a notch.
template <typename Owner>
void SessionReader::check_conditions(const TomlTable& table, const KeyTable<Owner>& keys,
                                     const std::vector<std::string>& bad, const Owner& owner) {
    for (const SessionKey<Owner>& key : keys.keys) {
        const TomlEntry* entry = key.only_with_key.empty() ? nullptr : find_entry(table, key.name);
        if (entry == nullptr || contains(bad, key.only_with_key)) continue;
        const auto other = std::find_if(keys.keys.begin(), keys.keys.end(), [&](const auto& candidate) {
            return candidate.name == key.only_with_key;
        });
        const std::string word = std::get<std::string>(other->get(owner));
        if (contains(key.only_with, word)) continue;
        problems_.add(entry->key_place, key.name + " of " + keys.what + ": found with " + other->name +
                                            " = " + in_quotes(word) + "; allowed: with " +
                                            joined_with_or(key.only_with));
    }
}

/// Remembers what a name or path refers to; a path becomes ready to open.
void SessionReader::note_reference(const KeyFacts& key, const std::string& what, const TomlValue& value,
                                   KeyValue& checked) {
    if (key.type == KeyType::strip) {
        const auto kind = key.name == "output" ? StripReference::Kind::output
                          : key.name == "to"   ? StripReference::Kind::send
                                               : StripReference::Kind::sidechain;
        references_.push_back({strips_.size() - 1, kind, std::get<std::string>(checked), value.place});
    } else if (key.type == KeyType::path) {
        const std::filesystem::path file = session_.path.parent_path() / std::get<std::string>(checked);
        files_.push_back({key.name + " of " + what, file, value.place});
        checked = file.string();
    }
}

void SessionReader::report_unknown(const TomlTable& table, const std::string& what,
                                   const std::vector<std::string>& known) {
    for (const TomlEntry& entry : table) {
        if (contains(known, entry.key)) continue;
        problems_.add(entry.key_place, "unknown key '" + printable(entry.key) + "' in " + what,
                      [key = entry.key, known] {
                          const std::string near = nearest_word(key, known);
                          return near.empty() ? "; allowed: " + joined_with_or(known)
                                              : "; did you mean '" + near + "'?";
                      });
    }
}

std::vector<SessionReader::ListedTable> SessionReader::tables_of(const TomlTable& table, const char* key,
                                                                 const char* header) {
    const TomlEntry* entry = find_entry(table, key);
    if (entry == nullptr) return {};
    const auto* list = std::get_if<TomlList>(&entry->value.content);
    const auto add_problem = [&](const TomlValue& found) {
        problems_.add(found.place, std::string(key) + ": found " + found_text(found) +
                                       "; allowed: a list of tables, " + header);
    };
    if (list == nullptr) {
        add_problem(entry->value);
        return {};
    }
    std::vector<ListedTable> tables;
    for (const TomlValue& element : *list) {
        if (const auto* content = std::get_if<TomlTable>(&element.content)) {
            tables.push_back({content, element.place});
        } else {
            add_problem(element);
        }
    }
    return tables;
}

const TomlTable* SessionReader::table_of(const TomlTable& table, const char* key) {
    const TomlEntry* entry = find_entry(table, key);
    if (entry == nullptr) return nullptr;
    const auto* content = std::get_if<TomlTable>(&entry->value.content);
    if (content == nullptr) {
        problems_.add(entry->value.place, std::string(key) + ": found " + found_text(entry->value) +
                                              "; allowed: a table, [" + key + ']');
    }
    return content;
}

}  // namespace tutti
