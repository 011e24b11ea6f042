#pragma once

#include <string>

namespace tutti::bench {

/// What the numbers were measured on.
struct Machine {
    std::string cpu;
    int core_count = 0;  ///< that this process may use
    double memory_gib = 0.0;
    std::string kernel;

    std::string text() const;
};

Machine this_machine();

}  // namespace tutti::bench
