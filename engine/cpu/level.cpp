#include "engine/cpu/level.hpp"

#include <cstdlib>
#include <string_view>

namespace tutti::cpu {

namespace {

Level newest_level() {
#ifdef TUTTI_X86_64_LEVELS
    const char* const wanted = std::getenv("TUTTI_CPU_LEVEL");
    const std::string_view most = wanted != nullptr ? wanted : "v4";
    if (most == "v4" && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512cd")) {
        return Level::v4;
    }
    if (most != "baseline" && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
        __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("bmi")) {
        return Level::v3;
    }
#endif
    return Level::baseline;
}

}  // namespace

Level processor_level() {
    static const Level newest = newest_level();
    return newest;
}

}  // namespace tutti::cpu
