#pragma once

#include <string>
#include <vector>

#include "host/session_problems.hpp"

namespace tutti {

/// A strip of the file as the routing sees it.
struct RoutedStrip {
    enum class Kind { track, bus, master };
    std::string name;  ///< empty when the file gives none that can be used
    Kind kind = Kind::track;
    Place name_place;
};

/// A key of the file that names a strip.
struct StripReference {
    enum class Kind { output, send, sidechain };
    std::size_t strip = 0;  ///< index of the strip that it stands in
    Kind kind = Kind::output;
    std::string name;
    Place place;
};

/// Adds a problem for each name that is taken twice or is the master's, each reference to a strip that is not
/// there or not of the right kind, and each set of strips that feed each other in a circle over outputs,
/// sends and side-chains.
void check_routing(const std::vector<RoutedStrip>& strips, const std::vector<StripReference>& references,
                   SessionProblems& problems);

}  // namespace tutti
