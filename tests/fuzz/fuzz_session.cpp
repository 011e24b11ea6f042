#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/errors.hpp"
#include "host/routing_tree.hpp"
#include "host/session.hpp"
#include "host/session_edit.hpp"
#include "host/session_writer.hpp"

namespace {

/// Edits of the last track and the first bus, for the same folder and for another.
void edit(const std::string& text, const tutti::Session& session) {
    tutti::SessionEdit bell;
    bell.strip = session.tracks.back().name;
    bell.bell.gain_db = -3.0;
    bell.comment = {"why"};
    tutti::SessionEdit pan = bell;
    pan.kind = tutti::SessionEdit::Kind::set_pan;
    pan.pan = 0.25;
    std::vector<tutti::SessionEdit> edits{bell, pan, bell, pan};
    if (!session.buses.empty()) {
        edits.push_back(bell);
        edits.back().strip = session.buses.front().name;
    }
    for (const char* edited_file : {"/mix/edited.toml", "/elsewhere/edited.toml"}) {
        try {
            tutti::edit_session(text, "/mix/fuzz.toml", edited_file, edits);
        } catch (const tutti::InputError&) {  // written in a way that cannot be edited
        }
    }
}

}  // namespace

/// Any bytes either are a session, which then survives being written and read again, and being edited, or are
/// an InputError.
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
    edit(text, session);
    return 0;
}
