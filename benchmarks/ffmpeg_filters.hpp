#pragma once

#include <iomanip>
#include <sstream>
#include <stdexcept>
#include <string>

#include "host/session.hpp"

namespace tutti::bench {

/// What a session asks for and ffmpeg has no like of; the text names it, as in "a tilt EQ".
class NotInFfmpeg : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// ffmpeg filters in a row.
class FilterChain {
  public:
    FilterChain() = default;

    template <typename... Parts>
    explicit FilterChain(const Parts&... parts) {
        add(parts...);
    }

    /// Appends one filter, given in parts.
    template <typename... Parts>
    void add(const Parts&... parts) {
        text_ << std::setprecision(9) << (text_.tellp() > 0 ? "," : "");
        (text_ << ... << parts);
    }

    /// As ffmpeg reads it; the filter that does nothing when there is none.
    std::string text() const { return text_.view().empty() ? "anull" : text_.str(); }

  private:
    std::ostringstream text_;
};

/// The filters that come nearest to an insert other than a convolution. Throws NotInFfmpeg.
std::string filters_of(const Processor& processor, int sample_rate_hz);

}  // namespace tutti::bench
