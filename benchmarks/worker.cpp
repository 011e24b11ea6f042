#include "benchmarks/worker.hpp"

#include <sys/resource.h>

#include <chrono>
#include <fstream>
#include <istream>
#include <ostream>

namespace tutti::bench {

namespace {

double wall_now_s() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

double cpu_now_s() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double peak_memory_mib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024.0;
    }
    return 0.0;
}

}  // namespace

void Stopwatch::start() {
    cpu_s_ -= cpu_now_s();
    wall_s_ -= wall_now_s();
}

void Stopwatch::stop() {
    wall_s_ += wall_now_s();
    cpu_s_ += cpu_now_s();
}

void serve(const JobSamples& samples, const std::string& description,
           const std::function<void(Stopwatch& watch)>& run, std::istream& in, std::ostream& out,
           double bound_s) {
    out << "ready " << description << std::endl;
    for (std::string line; std::getline(in, line);) {
        if (line != "run") continue;
        Stopwatch watch;
        run(watch);
        const double shared_mib = static_cast<double>(samples.bytes()) / (1 << 20);
        out << watch.wall_s() << " " << watch.cpu_s() << " " << peak_memory_mib() - shared_mib << " "
            << bound_s << std::endl;
    }
}

}  // namespace tutti::bench
