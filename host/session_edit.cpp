#include "host/session_edit.hpp"

#include <algorithm>

#include "engine/errors.hpp"
#include "host/text.hpp"
#include "host/text_edits.hpp"
#include "host/toml_document.hpp"

namespace tutti {

namespace {

namespace fs = std::filesystem;

/// Files are named from where the session stands, whatever the working directory.
fs::path resolved(const fs::path& file) { return fs::absolute(file).lexically_normal(); }

const TomlList* list_in(const TomlTable& table, std::string_view key) {
    const TomlEntry* const entry = find_entry(table, key);
    return entry == nullptr ? nullptr : std::get_if<TomlList>(&entry->value.content);
}

/// The last line that anything of a value stands on.
int last_line(const TomlValue& value) {
    int line = std::max(value.place.line, value.end.line);
    if (const auto* list = std::get_if<TomlList>(&value.content)) {
        for (const TomlValue& element : *list) line = std::max(line, last_line(element));
    } else if (const auto* table = std::get_if<TomlTable>(&value.content)) {
        for (const TomlEntry& entry : *table) line = std::max(line, last_line(entry.value));
    }
    return line;
}

/// Decibels always show that they are fractions, as people write them.
std::string decibels(double db) {
    const std::string text = number_text(db);
    return text.find('.') == std::string::npos ? text + ".0" : text;
}

std::string bands_text(const EqBand& bell) {
    return "bands = [ { shape = \"bell\", freq_hz = " + number_text(bell.freq_hz) +
           ", gain_db = " + decibels(bell.gain_db) + ", q = " + number_text(bell.q) + " } ]";
}

/// One session file's text and tree.
class SessionTextEditor {
  public:
    explicit SessionTextEditor(const std::string& text) : edits_(text), document_(parse_toml(text)) {}

    void apply(const SessionEdit& edit) {
        for (const char* kind : {"track", "bus"}) {
            const TomlList* const strips = list_in(document_, kind);
            if (strips == nullptr) continue;
            for (const TomlValue& strip : *strips) {
                const auto& table = std::get<TomlTable>(strip.content);
                if (std::get<std::string>(find_entry(table, "name")->value.content) != edit.strip) continue;
                strip_ = &strip;
                table_ = &table;
                kind_ = kind;
                is_inline_ = edits_.text()[edits_.offset(strip.place)] == '{';
                if (edit.kind == SessionEdit::Kind::add_bell) add_bell(edit);
                if (edit.kind == SessionEdit::Kind::set_pan) set_number(edit, "pan", number_text(edit.pan));
                if (edit.kind == SessionEdit::Kind::set_gain)
                    set_number(edit, "gain_db", decibels(edit.gain_db));
                return;
            }
        }
        throw InputError("found no track or bus " + in_quotes(edit.strip) + " to change");
    }

    /// Relative paths lead to the same files from another folder.
    void move(const fs::path& from, const fs::path& to) {
        for (const char* kind : {"track", "bus"}) {
            const TomlList* const strips = list_in(document_, kind);
            if (strips == nullptr) continue;
            for (const TomlValue& strip : *strips) move_files(std::get<TomlTable>(strip.content), from, to);
        }
        if (const TomlEntry* const master = find_entry(document_, "master"))
            move_files(std::get<TomlTable>(master->value.content), from, to);
    }

    std::string edited() const { return edits_.edited(); }

  private:
    void add_bell(const SessionEdit& edit) {
        const TomlEntry* const inserts = find_entry(*table_, "insert");
        const std::string element = "{ type = \"eq\", " + bands_text(edit.bell) + " }";
        const bool is_list_inline =
            inserts != nullptr && edits_.text().compare(edits_.offset(inserts->value.place), 2, "[[") != 0;
        if (is_list_inline) {
            add_comment(edit, inserts->key_place.line);
            const auto& list = std::get<TomlList>(inserts->value.content);
            if (list.empty()) {
                edits_.insert(edits_.offset(inserts->value.place) + 1, " " + element + " ");
            } else {
                edits_.insert(edits_.offset(list.back().end), ", " + element);
            }
        } else if (is_inline_) {
            add_comment(edit, 0);
            edits_.insert(last_entry_end(), ", insert = [ " + element + " ]");
        } else {
            add_insert_header(edit, inserts);
        }
    }

    void add_insert_header(const SessionEdit& edit, const TomlEntry* inserts) {
        const std::string indent = inserts != nullptr ? edits_.indent(inserts->value.place.line)
                                                      : edits_.indent(strip_->place.line) + "  ";
        std::vector<std::string> lines{""};
        for (const std::string& comment : edit.comment) lines.push_back(indent + "# " + comment);
        lines.push_back(indent + "[[" + kind_ + ".insert]]");
        lines.push_back(indent + "type = \"eq\"");
        lines.push_back(indent + bands_text(edit.bell));
        edits_.insert_lines(last_line(*strip_) + 1, lines);
    }

    void set_number(const SessionEdit& edit, const std::string& key, const std::string& value) {
        if (const TomlEntry* const there = find_entry(*table_, key)) {
            add_comment(edit, there->key_place.line);
            edits_.replace(edits_.offset(there->value.place), edits_.offset(there->value.end), value);
            return;
        }
        const TomlEntry* const name = find_entry(*table_, "name");
        if (is_inline_) {
            add_comment(edit, 0);
            edits_.insert(edits_.offset(name->value.end), ", " + key + " = " + value);
            return;
        }
        const std::string indent = edits_.indent(name->key_place.line);
        std::vector<std::string> lines;
        for (const std::string& comment : edit.comment) lines.push_back(indent + "# " + comment);
        lines.push_back(indent + key + " = " + value);
        edits_.insert_lines(last_line(name->value) + 1, lines);
    }

    /// In front of the line; of an inline strip, where no comment can stand inside, in front of the list of
    /// all strips.
    void add_comment(const SessionEdit& edit, int line) {
        if (is_inline_) line = find_entry(document_, kind_)->key_place.line;
        const std::string indent = edits_.indent(line);
        std::vector<std::string> lines;
        for (const std::string& comment : edit.comment) lines.push_back(indent + "# " + comment);
        edits_.insert_lines(line, lines);
    }

    std::size_t last_entry_end() const {
        std::size_t end = 0;
        for (const TomlEntry& entry : *table_) end = std::max(end, edits_.offset(entry.value.end));
        return end;
    }

    void move_files(const TomlTable& strip, const fs::path& from, const fs::path& to) {
        move_file(strip, from, to);
        const TomlList* const inserts = list_in(strip, "insert");
        if (inserts == nullptr) return;
        for (const TomlValue& insert : *inserts) move_file(std::get<TomlTable>(insert.content), from, to);
    }

    void move_file(const TomlTable& owner, const fs::path& from, const fs::path& to) {
        const TomlEntry* const entry = find_entry(owner, "file");
        if (entry == nullptr) return;
        const fs::path file = std::get<std::string>(entry->value.content);
        if (file.is_absolute()) return;
        const fs::path moved = resolved(from / file).lexically_relative(resolved(to));
        edits_.replace(edits_.offset(entry->value.place), edits_.offset(entry->value.end),
                       in_quotes(moved.generic_string()));
    }

    TextEdits edits_;
    TomlTable document_;
    const TomlValue* strip_ = nullptr;  ///< the one being changed
    const TomlTable* table_ = nullptr;
    std::string kind_;
    bool is_inline_ = false;
};

/// What the edits mean, without any text.
void change(Session& session, const SessionEdit& edit) {
    const auto change_in = [&](auto& strips) {
        for (Strip& strip : strips) {
            if (strip.name != edit.strip) continue;
            if (edit.kind == SessionEdit::Kind::set_pan) {
                strip.pan = edit.pan;
            } else if (edit.kind == SessionEdit::Kind::set_gain) {
                strip.gain_db = edit.gain_db;
            } else {
                strip.inserts.emplace_back().processor.emplace<EqInsert>().bands.push_back(edit.bell);
            }
        }
    };
    change_in(session.tracks);
    change_in(session.buses);
}

/// Paths as they are from everywhere.
void resolve_files(Session& session) {
    session.path.clear();
    const auto resolve_inserts = [](Strip& strip) {
        for (Insert& insert : strip.inserts) {
            if (auto* convolution = std::get_if<ConvolutionInsert>(&insert.processor))
                convolution->file = resolved(convolution->file);
        }
    };
    for (Track& track : session.tracks) {
        track.file = resolved(track.file);
        resolve_inserts(track);
    }
    for (Bus& bus : session.buses) resolve_inserts(bus);
    resolve_inserts(session.master);
}

}  // namespace

Session edited_session(Session session, std::span<const SessionEdit> edits) {
    for (const SessionEdit& edit : edits) change(session, edit);
    return session;
}

std::string edit_session(const std::string& text, const fs::path& file, const fs::path& edited_file,
                         std::span<const SessionEdit> edits) {
    Session expected = parse_session(text, file, false);
    std::string edited = text;
    for (const SessionEdit& edit : edits) {
        // Each in what the one before left, so that they may be about the same strip.
        SessionTextEditor editor(edited);
        editor.apply(edit);
        edited = editor.edited();
        change(expected, edit);
    }
    const fs::path from = resolved(file).parent_path();
    const fs::path to = resolved(edited_file).parent_path();
    if (from != to) {
        SessionTextEditor editor(edited);
        editor.move(from, to);
        edited = editor.edited();
    }

    Session found = parse_session(edited, edited_file, false);
    resolve_files(expected);
    resolve_files(found);
    if (!(found == expected)) {
        throw InputError(printable(file.string()) +
                         ": is written in a way that cannot be edited; make the changes by hand");
    }
    return edited;
}

}  // namespace tutti
