#pragma once

#include "viewer/field_cells.hpp"
#include "viewer/state.hpp"

namespace tutti::viewer {

/// For amounts: little to much. In light colours the map of the report's pictures; in dark ones from blue to
/// orange and yellow, which all common kinds of colour blindness tell apart, lighter in even steps: what
/// wants attention is furthest from the background in both.
const ColourTable& amount_colours(Theme theme);

/// For margins: hidden to clear. In light colours that of the report's pictures; in dark ones the amounts'
/// reversed.
const ColourTable& margin_colours(Theme theme);

}  // namespace tutti::viewer
