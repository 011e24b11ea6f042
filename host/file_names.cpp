#include "host/file_names.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace tutti {

namespace {

std::string safe_name(const std::string& name) {
    constexpr std::size_t longest = 120;
    std::string safe;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        safe +=
            byte < 0x20 || byte == 0x7F || std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos
                ? '_'
                : c;
    }
    if (safe.size() > longest) {
        std::size_t end = longest;
        // Not inside a UTF-8 sequence.
        while (end > 0 && (static_cast<unsigned char>(safe[end]) & 0xC0U) == 0x80U) --end;
        safe.resize(end);
    }
    if (safe.empty() || safe[0] == '.') safe.insert(0, "_");
    return safe;
}

std::string lower_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

}  // namespace

std::string extension_of(FileFormat format) { return format == FileFormat::flac ? ".flac" : ".wav"; }

std::vector<std::string> file_names_for(const std::vector<std::string>& names) {
    std::set<std::string> taken;
    std::vector<std::string> files;
    for (const std::string& name : names) {
        std::string file = safe_name(name);
        for (int number = 2; !taken.insert(lower_case(file)).second; ++number) {
            file = safe_name(name) + " " + std::to_string(number);
        }
        files.push_back(std::move(file));
    }
    return files;
}

}  // namespace tutti
