#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/content_hash.hpp"
#include "host/render.hpp"

namespace tutti {

/// What a render says of a branch beside its samples.
struct BranchFacts {
    std::vector<std::string> findings;  ///< TrackFeed::findings()
    std::vector<RenderReport::Dynamics> dynamics;
};

/// The text of an entry: what it is, and the facts of its branch and of all above it, so that a mix that is
/// there as a whole is reported like one that was rendered.
struct EntryText {
    std::string name;
    std::string session;
    std::map<Digest, BranchFacts> facts;  ///< by the branch's key
};

std::string entry_text(const EntryText& text);

/// None for a text that is not of this kind.
std::optional<EntryText> parse_entry_text(const std::string& text);

}  // namespace tutti
