#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "host/session_keys.hpp"
#include "host/session_problems.hpp"
#include "host/session_routing.hpp"
#include "host/toml_document.hpp"

namespace tutti {

/// A file named in the session, to be looked for.
struct FileReference {
    std::string key;  ///< "file of a track", for messages
    std::filesystem::path file;
    Place place;
};

/// Walks the tree of a session file along the key tables. What cannot be used becomes a problem and keeps its
/// default, so that the rest of the file is still checked.
class SessionReader {
  public:
    SessionReader(const std::filesystem::path& file, SessionProblems& problems);

    /// Fills session(), and what is to be checked across strips: strips() and references(), files().
    void read(const TomlTable& document);

    Session& session() { return session_; }
    const std::vector<RoutedStrip>& strips() const { return strips_; }
    const std::vector<StripReference>& references() const { return references_; }
    const std::vector<FileReference>& files() const { return files_; }

  private:
    void read_session_table(const TomlTable& document);
    void read_strip_tables(const TomlTable& table, Strip& strip);
    void read_insert(const TomlTable& table, Place place, Strip& strip);
    void read_bands(const TomlTable& table, EqInsert& eq);
    void read_send(const TomlTable& table, Place place, Strip& strip);
    void begin_strip(RoutedStrip::Kind kind, const TomlTable& table);

    template <typename Owner>
    bool read_keys(const TomlTable& table, Place place, const KeyTable<Owner>& keys, const std::string& what,
                   Owner& owner);
    template <typename Owner>
    void check_conditions(const TomlTable& table, const KeyTable<Owner>& keys,
                          const std::vector<std::string>& bad, const Owner& owner);
    void note_reference(const KeyFacts& key, const std::string& what, const TomlValue& value,
                        KeyValue& checked);
    void report_unknown(const TomlTable& table, const std::string& what,
                        const std::vector<std::string>& known);

    /// The tables of a list, with their places; a problem for everything that is none.
    struct ListedTable {
        const TomlTable* table;
        Place place;
    };
    std::vector<ListedTable> tables_of(const TomlTable& table, const char* key, const char* header);
    const TomlTable* table_of(const TomlTable& table, const char* key);

    SessionProblems& problems_;
    Session session_;
    std::vector<RoutedStrip> strips_;  ///< tracks, buses, master; the last is the one being read
    std::vector<StripReference> references_;
    std::vector<FileReference> files_;
};

}  // namespace tutti
