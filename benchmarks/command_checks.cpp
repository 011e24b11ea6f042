#include "benchmarks/command_checks.hpp"

#include <cmath>
#include <cstdlib>
#include <string>

#include "host/pending_file.hpp"

namespace tutti::bench {

CLI::Validator a_number() {
    return {[](const std::string& text) {
                const bool is_number = !std::isnan(std::strtod(text.c_str(), nullptr));
                return is_number ? std::string() : "found " + text + "; allowed: numbers";
            },
            ""};
}

CLI::Validator a_device() {
    return {[](const std::string& word) {
                const std::string numbered = "vulkan:";
                const bool has_number = word.starts_with(numbered) && word.size() > numbered.size() &&
                                        word.find_first_not_of("0123456789", numbered.size()) == word.npos;
                if (has_number || word == "auto" || word == "cpu" || word == "vulkan") return std::string();
                return "unknown device '" + word + "'; allowed: auto, cpu, vulkan, vulkan:N";
            },
            ""};
}

void check_can_be_written(const std::filesystem::path& file) {
    if (file.empty()) return;
    const PendingFile trial(file);
}

}  // namespace tutti::bench
