#pragma once

#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "host/session.hpp"

namespace tutti {

/// What a key of the session file takes.
enum class KeyType {
    text,       ///< no control characters
    path,       ///< not empty
    strip,      ///< the name of a strip
    word,       ///< one of KeyFacts::words
    flag,       ///< true or false
    number,     ///< minimum ... maximum, or one of KeyFacts::choices
    whole,      ///< the same, whole
    frequency,  ///< minimum ... under half the sample rate
    table,      ///< a table with keys of its own
    tables      ///< a list of tables
};

/// A key's value: absent, a flag, any number, or text (also a word, a name, a path).
using KeyValue = std::variant<std::monostate, bool, double, std::string>;

/// Everything the parser checks and the reference prints about a key.
struct KeyFacts {
    std::string name{};
    KeyType type = KeyType::text;
    std::string meaning{};  ///< one sentence
    std::string unit{};
    double minimum = -std::numeric_limits<double>::infinity();
    double maximum = std::numeric_limits<double>::infinity();
    bool or_minus_infinity = false;
    std::vector<double> choices{};
    std::vector<std::string> words{};
    bool required = false;
    bool always_written = false;
    std::string default_note{};            ///< where the default is no constant
    std::string only_with_key{};           ///< the key has a meaning only while this other key ...
    std::vector<std::string> only_with{};  ///< ... is one of these words
    std::string header{};                  ///< table, tables: as it is written, "[[track.send]]"
};

struct Range {
    double minimum;
    double maximum;
    std::string unit;
};

/// A key, and the place of its value in an `Owner`.
template <typename Owner>
struct SessionKey : KeyFacts {
    std::function<KeyValue(const Owner&)> get;
    std::function<void(Owner&, const KeyValue&)> set;
};

/// The keys of one kind of table. A row is added by the function that is called as its type; `member` is a
/// pointer to member or a generic lambda that returns a reference. Defaults are never written down: they are
/// what a fresh Owner holds.
template <typename Owner>
class KeyTable {
  public:
    /// `what` is the table in messages: "a compressor".
    explicit KeyTable(std::string what) : what(std::move(what)) {}

    template <typename Member>
    KeyFacts& text(const char* name, Member member, const char* meaning, KeyType type = KeyType::text) {
        return add(
            {name, type, meaning},
            [member](const Owner& owner) -> KeyValue { return as_text(std::invoke(member, owner)); },
            [member](Owner& owner, const KeyValue& value) {
                std::invoke(member, owner) = std::get<std::string>(value);
            });
    }

    template <typename Member>
    KeyFacts& path(const char* name, Member member, const char* meaning) {
        return text(name, member, meaning, KeyType::path);
    }

    template <typename Member>
    KeyFacts& strip(const char* name, Member member, const char* meaning) {
        return text(name, member, meaning, KeyType::strip);
    }

    template <typename Member>
    KeyFacts& flag(const char* name, Member member, const char* meaning) {
        return add(
            {name, KeyType::flag, meaning},
            [member](const Owner& owner) -> KeyValue { return std::invoke(member, owner); },
            [member](Owner& owner, const KeyValue& value) {
                std::invoke(member, owner) = std::get<bool>(value);
            });
    }

    template <typename Member>
    KeyFacts& number(const char* name, Member member, const Range& range, const char* meaning,
                     KeyType type = KeyType::number) {
        KeyFacts facts{name, type, meaning, range.unit, range.minimum, range.maximum};
        return add(
            std::move(facts), [member](const Owner& owner) { return as_number(std::invoke(member, owner)); },
            [member](Owner& owner, const KeyValue& value) {
                assign(std::invoke(member, owner), std::get<double>(value));
            });
    }

    template <typename Member>
    KeyFacts& frequency(const char* name, Member member, double minimum_hz, const char* meaning) {
        return number(name, member, {minimum_hz, std::numeric_limits<double>::infinity(), "Hz"}, meaning,
                      KeyType::frequency);
    }

    template <typename Member>
    KeyFacts& choice(const char* name, Member member, std::vector<double> choices, const char* unit,
                     const char* meaning) {
        KeyFacts& facts = number(name, member, {choices.front(), choices.back(), unit}, meaning);
        facts.choices = std::move(choices);
        return facts;
    }

    /// A word per value of an enumeration or a bool.
    template <typename Value, typename Member>
    KeyFacts& word(const char* name, Member member, std::vector<std::pair<std::string, Value>> meanings,
                   const char* meaning) {
        KeyFacts facts{name, KeyType::word, meaning};
        for (const auto& [text, value] : meanings) facts.words.push_back(text);
        return add(
            std::move(facts),
            [member, meanings](const Owner& owner) -> KeyValue {
                for (const auto& [text, value] : meanings) {
                    if (value == std::invoke(member, owner)) return text;
                }
                return {};
            },
            [member, meanings](Owner& owner, const KeyValue& value) {
                for (const auto& [text, meant] : meanings) {
                    if (text == std::get<std::string>(value)) std::invoke(member, owner) = meant;
                }
            });
    }

    /// Tables within this one: read by their own keys.
    KeyFacts& table(const char* name, KeyType type, const char* header, const char* meaning) {
        KeyFacts facts{name, type, meaning};
        facts.header = header;
        return add(std::move(facts), nullptr, nullptr);
    }

    KeyFacts& add(KeyFacts facts, std::function<KeyValue(const Owner&)> get,
                  std::function<void(Owner&, const KeyValue&)> set) {
        keys.push_back({std::move(facts), std::move(get), std::move(set)});
        return keys.back();
    }

    std::string what;
    std::vector<SessionKey<Owner>> keys;

  private:
    static std::string as_text(const std::string& text) { return text; }
    static std::string as_text(const std::filesystem::path& path) { return path.string(); }
    static KeyValue as_number(double number) { return number; }
    static KeyValue as_number(const std::optional<double>& number) {
        return number ? KeyValue(*number) : KeyValue();
    }
    static void assign(double& member, double value) { member = value; }
    static void assign(int& member, double value) { member = static_cast<int>(value); }
    static void assign(std::optional<double>& member, double value) { member = value; }
};

/// The one description of the session file: the parser, its checks, the reference and the writer all read
/// these tables.
const KeyTable<Session>& document_keys();  ///< what stands outside every table: [session], [[track]], ...
const KeyTable<Session>& session_keys();
const KeyTable<Track>& track_keys();
const KeyTable<Bus>& bus_keys();
const KeyTable<Bus>& master_keys();
const KeyTable<Send>& send_keys();
const KeyTable<Insert>& insert_keys();  ///< what every insert has, first its type
const KeyTable<EqBand>& band_keys();

/// What an insert of that type has besides.
const KeyTable<EqInsert>& processor_keys(const EqInsert&);
const KeyTable<ConvolutionInsert>& processor_keys(const ConvolutionInsert&);
const KeyTable<DelayInsert>& processor_keys(const DelayInsert&);
const KeyTable<GainInsert>& processor_keys(const GainInsert&);
const KeyTable<CompressorInsert>& processor_keys(const CompressorInsert&);
const KeyTable<LimiterInsert>& processor_keys(const LimiterInsert&);
const KeyTable<GateInsert>& processor_keys(const GateInsert&);

}  // namespace tutti
