#pragma once

#include <string>

#include "host/session.hpp"

namespace tutti {

/// The routing as a tree of lines: the master at the root, each track and bus under the strip that its output
/// names, in the order of the file. A line also lists what the strip sends where and which strips its inserts
/// listen to. UTF-8, ends with a newline. The session must be one that parse_session() accepts.
std::string routing_tree(const Session& session);

}  // namespace tutti
