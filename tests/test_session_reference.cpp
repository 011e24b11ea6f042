#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

#include "host/session_keys.hpp"
#include "tests/session_text.hpp"

using namespace tutti;

TEST_CASE("host/SESSION.md is what the key table says") {
    std::ifstream file(TUTTI_SOURCE_DIR "/host/SESSION.md", std::ios::binary);
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    INFO("host/SESSION.md is out of date: tutti reference > host/SESSION.md");
    CHECK(page == session_reference());
}

namespace {

template <typename Owner>
void check_documented(const KeyTable<Owner>& table) {
    const std::string reference = session_reference();
    for (const SessionKey<Owner>& key : table.keys) {
        CAPTURE(table.what, key.name);
        CHECK(reference.find("| `" + key.name + "` | ") != std::string::npos);
        CHECK(!key.meaning.empty());
        CHECK(key.meaning.back() == '.');
        if (key.type == KeyType::number && key.choices.empty()) CHECK(key.minimum < key.maximum);
    }
}

/// What a fresh insert holds must be something that the file may say.
template <typename Insert>
void check_defaults(const Insert& fresh) {
    for (const SessionKey<Insert>& key : processor_keys(fresh).keys) {
        if (key.type != KeyType::number) continue;
        const double value = std::get<double>(key.get(fresh));
        CAPTURE(key.name, value);
        CHECK(value >= key.minimum);
        CHECK(value <= key.maximum);
    }
}

}  // namespace

TEST_CASE("every key is in the reference, and every default is in its range") {
    check_documented(document_keys());
    check_documented(session_keys());
    check_documented(track_keys());
    check_documented(bus_keys());
    check_documented(master_keys());
    check_documented(send_keys());
    check_documented(insert_keys());
    check_documented(band_keys());
    for (const std::string& type : insert_keys().keys.front().words) {
        Insert insert;
        insert_keys().keys.front().set(insert, type);
        CHECK(insert_keys().keys.front().get(insert) == KeyValue(type));
        std::visit(
            [](const auto& fresh) {
                check_documented(processor_keys(fresh));
                check_defaults(fresh);
            },
            insert.processor);
    }
}
