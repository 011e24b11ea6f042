#include "benchmarks/program_worker.hpp"

#include <istream>
#include <ostream>

#include "benchmarks/process.hpp"
#include "benchmarks/work_folder.hpp"

namespace tutti::bench {

namespace {

constexpr const char* separator = "--and";

}  // namespace

std::vector<std::string> program_words(const std::vector<std::vector<std::string>>& commands) {
    std::vector<std::string> words;
    for (const std::vector<std::string>& command : commands) {
        if (!words.empty()) words.emplace_back(separator);
        words.insert(words.end(), command.begin(), command.end());
    }
    return words;
}

void serve_programs(std::span<const std::string> words, std::istream& in, std::ostream& out) {
    std::vector<std::vector<std::string>> commands(1);
    for (const std::string& word : words) {
        if (word == separator) {
            commands.emplace_back();
        } else {
            commands.back().push_back(word);
        }
    }
    const WorkFolder logs("");
    out << "ready " << std::endl;
    for (std::string line; std::getline(in, line);) {
        const Cost cost = run_programs(commands, logs / "log");
        out << cost.wall_s << " " << cost.cpu_s << " " << cost.peak_memory_mib << std::endl;
    }
}

}  // namespace tutti::bench
