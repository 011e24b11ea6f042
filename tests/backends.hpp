#pragma once

#include <functional>

#include "engine/backend.hpp"

namespace tutti::tests {

/// Runs `body` once per backend of this machine, each as a section of the running test case with the device's
/// name on every failure: the CPU, then every Vulkan device, software ones too, with the validation layer on.
/// A validation message is a failure. A machine without a Vulkan device or layer gets a warning, or, where
/// the environment says TUTTI_REQUIRE_VULKAN=1, a failure. Backends are opened once per process.
void on_every_backend(const std::function<void(Backend&)>& body);

/// The same with the validation layer off, for what the layer itself would spoil: it allocates memory as it
/// watches.
void on_every_backend_without_validation(const std::function<void(Backend&)>& body);

/// The same as on_every_backend(), and once on the oracle: for what must hold in the textbook too.
void on_every_backend_and_the_oracle(const std::function<void(Backend&)>& body);

}  // namespace tutti::tests
