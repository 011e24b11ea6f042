#pragma once

#include <vector>

#include "viewer/rows.hpp"

namespace tutti::viewer {

/// Events of the state's view that are listed, most urgent first: of the target or the pair where that is
/// asked for, that the filter keeps, and one of whose two rows the search has left.
std::vector<int> listed_sentences(const State& state, const RowList& rows);

}  // namespace tutti::viewer
