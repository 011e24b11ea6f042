#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "host/session.hpp"

namespace tutti::bench {

/// What a session asks for and Ardour's own plug-ins and x42's have no like of; the text names it.
class NotInArdour : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A plug-in in a strip.
struct ArdourPlugin {
    std::string uri;
    std::vector<std::pair<int, double>> parameters;  ///< by number among its control inputs
    std::string preset{};                            ///< label of the preset to load first; empty: none
};

/// The plug-in that comes nearest to an insert other than a convolution. Throws NotInArdour.
ArdourPlugin ardour_plugin(const Processor& processor);

/// The convolver with the preset of that label.
ArdourPlugin ardour_convolver(const std::string& preset);

/// The bandwidth in octaves at which ACE EQ's bells have that Q.
double ace_eq_bandwidth(double q);

}  // namespace tutti::bench
