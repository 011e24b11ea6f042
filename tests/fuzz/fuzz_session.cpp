#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/errors.hpp"
#include "host/routing_tree.hpp"
#include "host/session.hpp"
#include "host/session_writer.hpp"

/// Any bytes either are a session, which then survives being written and read again, or are an InputError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    tutti::Session session;
    try {
        session = tutti::parse_session(text, "/mix/fuzz.toml", false);
    } catch (const tutti::InputError&) {
        return 0;
    }
    TUTTI_CHECK(tutti::parse_session(tutti::write_session(session, "/mix"), "/mix/fuzz.toml", false) ==
                session);
    TUTTI_CHECK(!tutti::routing_tree(session).empty());
    return 0;
}
