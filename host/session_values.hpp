#pragma once

#include <optional>
#include <string>

#include "host/session_keys.hpp"
#include "host/session_problems.hpp"
#include "host/toml_document.hpp"

namespace tutti {

/// The value, when it is of the type and in the range of the key; else a problem at its place, and nothing.
/// `what` is the table in messages: "a compressor".
std::optional<KeyValue> check_value(const KeyFacts& key, const std::string& what, const TomlValue& value,
                                    int sample_rate_hz, SessionProblems& problems);

/// What the key takes, with its unit: "-1 to 1", "\"peak\" or \"rms\"", "10 to under 24000 Hz (half the
/// sample rate)". Without a sample rate the last reads "10 Hz to under half the sample rate".
std::string allowed_text(const KeyFacts& key, std::optional<int> sample_rate_hz);

/// What stands there, for "found …": "a string (\"loud\")", "12.5", "a list".
std::string found_text(const TomlValue& value);

}  // namespace tutti
