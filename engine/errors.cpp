#include "engine/errors.hpp"

#include <cstdio>
#include <cstdlib>

namespace tutti {

void check_failed(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "tutti: bug: %s does not hold at %s:%d; please report this\n", condition, file,
                 line);
    std::abort();
}

}  // namespace tutti
