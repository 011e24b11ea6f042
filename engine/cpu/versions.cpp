#include "engine/versions.hpp"

#include <fftw3.h>
#include <tbb/version.h>

namespace tutti {

std::string cpu_library_versions() {
    // FFTW calls itself "fftw-3.3.10-sse2-avx".
    std::string fftw(fftwf_version);
    fftw = fftw.substr(fftw.find('-') + 1);
    return "FFTW " + fftw.substr(0, fftw.find('-')) + ", oneTBB " + TBB_runtime_version();
}

}  // namespace tutti
