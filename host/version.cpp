#include "host/version.hpp"

#include <sndfile.h>
#include <soxr.h>

namespace tutti {

std::string version_text() {
    return std::string("tutti ") + TUTTI_VERSION + "\n" + sf_version_string() + "\n" + soxr_version() + "\n";
}

}  // namespace tutti
