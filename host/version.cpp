#include "host/version.hpp"

#include <sndfile.h>
#include <soxr.h>

#include "engine/versions.hpp"
#include "host/loudness.hpp"
#include "host/toml_document.hpp"

namespace tutti {

std::string version_text() {
    return std::string("tutti ") + TUTTI_VERSION + "\n" + cpu_library_versions() + "\n" +
           vulkan_library_versions() + "\n" + sf_version_string() + ", " + soxr_version() + ", " +
           loudness_library_version() + ", " + toml_library_version();
}

}  // namespace tutti
