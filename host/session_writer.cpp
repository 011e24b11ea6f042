#include "host/session_writer.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "engine/errors.hpp"
#include "host/session_keys.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

namespace fs = std::filesystem;

std::string toml_string(const std::string& text) {
    if (!is_utf8(text))
        throw InputError("found " + in_quotes(text) + ", which is not UTF-8; a session file is UTF-8 text");
    return in_quotes(text);
}

/// Decibels always show that they are fractions, as people write them; other numbers are as short as they can
/// be.
std::string toml_number(const KeyFacts& key, double number) {
    const std::string text = number_text(number);
    const bool needs_point = key.unit == "dB" && std::isfinite(number) && text.find('.') == std::string::npos;
    return needs_point ? text + ".0" : text;
}

/// Writes one session; the indentation of inserts and sends is that of their strip plus two spaces.
class SessionText {
  public:
    SessionText(const Session& session, const fs::path& folder, const SessionComments& comments)
        : session_(session), folder_(folder), comments_(comments) {}

    std::string write() {
        write_comment(comments_.head);
        if (!comments_.head.empty()) text_ += '\n';
        text_ += "[session]\n";
        write_keys(session_keys(), session_, Session{}, "");
        for (const Track& track : session_.tracks) write_strip("track", "[[track]]", track_keys(), track);
        for (const Bus& bus : session_.buses) write_strip("bus", "[[bus]]", bus_keys(), bus);
        write_master();
        return std::move(text_);
    }

  private:
    template <typename S>
    void write_strip(const std::string& kind, const std::string& header, const KeyTable<S>& keys,
                     const S& strip) {
        text_ += '\n';
        if (const auto comment = comments_.strips.find(strip.name); comment != comments_.strips.end()) {
            write_comment(comment->second);
        }
        text_ += header + '\n';
        S fresh;
        fresh.pan_law_db = session_.pan_law_db;
        write_keys(keys, strip, fresh, "");
        for (const Insert& insert : strip.inserts) write_insert(kind, insert);
        for (const Send& send : strip.sends) {
            text_ += "\n  [[" + kind + ".send]]\n";
            write_keys(send_keys(), send, Send{}, "  ");
        }
    }

    void write_master() {
        Bus neutral = neutral_master();
        neutral.pan_law_db = session_.pan_law_db;
        const bool has_comment = comments_.strips.count(session_.master.name) > 0;
        if (has_comment || !(session_.master == neutral))
            write_strip("master", "[master]", master_keys(), session_.master);
    }

    void write_insert(const std::string& kind, const Insert& insert) {
        text_ += "\n  [[" + kind + ".insert]]\n";
        write_keys(insert_keys(), insert, Insert{}, "  ");
        std::visit(
            [&](const auto& processor) {
                using Processor = std::decay_t<decltype(processor)>;
                write_keys(processor_keys(processor), processor, Processor{}, "  ");
                if constexpr (std::is_same_v<Processor, EqInsert>) write_bands(processor.bands);
            },
            insert.processor);
    }

    void write_bands(const std::vector<EqBand>& bands) {
        if (bands.empty()) return;
        const std::string opening = "  bands = [ ";
        for (std::size_t i = 0; i < bands.size(); ++i) {
            text_ += i == 0 ? opening : ",\n" + std::string(opening.size(), ' ');
            text_ += "{ ";
            bool is_first = true;
            for (const std::string& entry : entries(band_keys(), bands[i], EqBand{})) {
                text_ += (is_first ? "" : ", ") + entry;
                is_first = false;
            }
            text_ += " }";
        }
        text_ += " ]\n";
    }

    template <typename Owner>
    void write_keys(const KeyTable<Owner>& keys, const Owner& owner, const Owner& fresh,
                    const std::string& indent) {
        for (const std::string& entry : entries(keys, owner, fresh)) text_ += indent + entry + '\n';
    }

    /// "key = value" for each key that differs from a fresh owner's and has a meaning.
    template <typename Owner>
    std::vector<std::string> entries(const KeyTable<Owner>& keys, const Owner& owner,
                                     const Owner& fresh) const {
        std::vector<std::string> result;
        for (const SessionKey<Owner>& key : keys.keys) {
            if (key.type == KeyType::table || key.type == KeyType::tables) continue;
            const KeyValue value = key.get(owner);
            const bool is_default = value == key.get(fresh) && !key.required && !key.always_written;
            if (is_default || std::holds_alternative<std::monostate>(value) || !has_meaning(keys, key, owner))
                continue;
            result.push_back(key.name + " = " + value_text(key, value));
        }
        return result;
    }

    template <typename Owner>
    static bool has_meaning(const KeyTable<Owner>& keys, const KeyFacts& key, const Owner& owner) {
        if (key.only_with_key.empty()) return true;
        const auto other = std::find_if(keys.keys.begin(), keys.keys.end(), [&](const auto& candidate) {
            return candidate.name == key.only_with_key;
        });
        const std::string word = std::get<std::string>(other->get(owner));
        return std::find(key.only_with.begin(), key.only_with.end(), word) != key.only_with.end();
    }

    std::string value_text(const KeyFacts& key, const KeyValue& value) const {
        if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
        if (const double* number = std::get_if<double>(&value)) return toml_number(key, *number);
        const auto& text = std::get<std::string>(value);
        return toml_string(key.type == KeyType::path ? path_text(text) : text);
    }

    /// Relative to the session's folder, unless the two share nothing but the root.
    std::string path_text(const fs::path& file) const {
        if (folder_.empty() && file.is_relative()) return file.generic_string();
        const bool climbs = std::find(folder_.begin(), folder_.end(), "..") != folder_.end();
        const bool must_resolve = climbs || file.is_absolute() != folder_.is_absolute();
        fs::path from = must_resolve ? fs::absolute(folder_.empty() ? "." : folder_) : folder_;
        fs::path to = must_resolve ? fs::absolute(file) : file;
        if (climbs) {
            // lexically_relative() cannot step back out of "..".
            from = from.lexically_normal();
            to = to.lexically_normal();
        }
        const fs::path relative = to.lexically_relative(from);
        const auto ups = std::count(relative.begin(), relative.end(), fs::path(".."));
        const fs::path steps = from.lexically_normal().relative_path();
        const auto depth =
            std::count_if(steps.begin(), steps.end(), [](const fs::path& step) { return !step.empty(); });
        const bool shares_only_root = to.is_absolute() && ups > 0 && ups >= depth;
        return (relative.empty() || shares_only_root ? to : relative).generic_string();
    }

    void write_comment(const std::string& comment) {
        std::string line;
        const auto flush = [&] {
            text_ += line.empty() ? "#\n" : "# " + printable(line) + '\n';
            line.clear();
        };
        for (const char c : comment) {
            if (c == '\n') {
                flush();
            } else {
                line += c;
            }
        }
        if (!line.empty()) flush();
    }

    const Session& session_;
    const fs::path folder_;
    const SessionComments& comments_;
    std::string text_;
};

}  // namespace

std::string write_session(const Session& session, const fs::path& folder, const SessionComments& comments) {
    return SessionText(session, folder, comments).write();
}

}  // namespace tutti
