#pragma once

#include <filesystem>
#include <string>

#include "host/session.hpp"

namespace tutti::bench {

/// The label of the convolver's preset for a convolution; the same for the same.
std::string ardour_preset(const ConvolutionInsert& convolution);

/// Writes an LV2 bundle into `folder` (made if need be) with a preset per convolution of the session: its
/// impulse response with dry part, gain and pre-delay in it, as the convolver has no controls for them.
/// Throws InputError for responses that cannot be read, or are cut, normalised or true stereo.
void write_ardour_presets(const Session& session, const std::filesystem::path& folder);

}  // namespace tutti::bench
