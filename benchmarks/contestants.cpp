#include "benchmarks/contestants.hpp"

namespace tutti::bench {

namespace fs = std::filesystem;

std::vector<ContestantProgram> contestants_in_memory(const ProgramPlaces& places,
                                                     const std::vector<std::string>& devices) {
    const std::string self = places.tutti_bench.string();
    std::vector<ContestantProgram> programs;
    for (const std::string& device : devices) {
        programs.push_back({"tutti " + device, {self, "worker", "tutti", device}});
        programs.push_back({"tutti " + device + ", from host", {self, "worker", "tutti-from-host", device}});
    }
    programs.push_back({"FFTW overlap-add", {self, "worker", "overlap-add"}});
    const fs::path zita = places.tutti_bench.parent_path() / "tutti-bench-zita";
    programs.push_back({"zita-convolver", {zita.string()}});
    if (!fs::exists(zita)) programs.back().missing = "it was not found when tutti-bench was built";
    programs.push_back({bound_name, {self, "worker", "transforms"}});
    return programs;
}

}  // namespace tutti::bench
