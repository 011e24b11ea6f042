#include "benchmarks/machine.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <thread>

namespace tutti::bench {

namespace {

std::string cpu_name() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        if (line.starts_with("model name")) {
            return line.substr(line.find(':') + 2);
        }
    }
    return "unknown CPU";
}

}  // namespace

std::string Machine::text() const {
    std::ostringstream text;
    text.precision(3);
    text << cpu << ", " << core_count << " cores, " << memory_gib << " GiB, " << kernel;
    return text.str();
}

Machine this_machine() {
    utsname system{};
    uname(&system);
    const double memory_bytes =
        static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
    return {cpu_name(), static_cast<int>(std::thread::hardware_concurrency()), memory_bytes / (1 << 30),
            std::string(system.sysname) + " " + system.release};
}

}  // namespace tutti::bench
