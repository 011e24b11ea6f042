#pragma once

#include <functional>
#include <stdexcept>
#include <string>

namespace tutti {

/// The user's input cannot be used: a file, a key, a value. The text says what, where and what is allowed.
/// Exit 2.
class InputError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The device cannot do the work: none found, lost, out of memory. The text says what to do about it. Exit 3.
class DeviceError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Receives one line about something that is odd but can go on. May be called from any thread, one call at a
/// time.
using Warn = std::function<void(const std::string&)>;

/// Aborts with the text and the place when `condition` is false: our own bug, never the user's. Always on.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace tutti

#define TUTTI_CHECK(condition) \
    ((condition) ? static_cast<void>(0) : ::tutti::check_failed(#condition, __FILE__, __LINE__))
