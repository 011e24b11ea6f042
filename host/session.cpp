#include "host/session.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/errors.hpp"
#include "host/session_problems.hpp"
#include "host/session_reader.hpp"
#include "host/text.hpp"
#include "host/toml_document.hpp"

namespace tutti {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void cannot_read(const fs::path& file, const std::string& why) {
    throw InputError(printable(file.string()) + ": " + why + "; allowed: a session file (TOML)");
}

/// Line and column of the first byte that is not UTF-8; the column counts characters, as the parser's do.
Place place_of_bad_byte(const std::string& text) {
    Place place{1, 1};
    std::string_view rest = text;
    while (!rest.empty()) {
        std::size_t length = 1;
        while (length <= 4 && length <= rest.size() && !is_utf8(rest.substr(0, length))) ++length;
        if (length > 4 || length > rest.size()) return place;
        place = rest[0] == '\n' ? Place{place.line + 1, 1} : Place{place.line, place.column + 1};
        rest.remove_prefix(length);
    }
    return place;
}

TomlTable read_document(const std::string& text, SessionProblems& problems) {
    if (!is_utf8(text)) {
        problems.add(place_of_bad_byte(text),
                     "found a byte that is not UTF-8; allowed: TOML, which is UTF-8 text");
        problems.raise();
    }
    try {
        return parse_toml(text);
    } catch (const TomlError& error) {
        problems.add(error.place, std::string("not TOML: ") + error.what());
        problems.raise();
        throw;
    }
}

void look_for_files(const std::vector<FileReference>& files, SessionProblems& problems) {
    for (const FileReference& reference : files) {
        std::error_code error;
        const fs::file_status status = fs::status(reference.file, error);
        if (fs::is_regular_file(status)) continue;
        const std::string found = fs::is_directory(status)                    ? "a folder"
                                  : status.type() == fs::file_type::not_found ? "no file"
                                  : error                                     ? error.message()
                                                                              : "no regular file";
        problems.add(reference.place, reference.key + ": found " + found + " at " +
                                          in_quotes(reference.file.string()) + "; allowed: an audio file");
    }
}

}  // namespace

Bus neutral_master() {
    Bus master;
    master.name = "Master";
    master.output.clear();
    return master;
}

std::string read_session_text(const fs::path& file) {
    std::error_code error;
    if (fs::is_directory(file, error)) cannot_read(file, "found a folder");
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rb"),
                                                                 &std::fclose);
    if (!stream)
        cannot_read(file, errno == ENOENT ? "found no such file"
                                          : std::string("cannot be read: ") + std::strerror(errno));
    // A session of ten thousand strips takes a few megabytes; an audio file given by mistake may take
    // gigabytes.
    constexpr std::size_t max_bytes = 256U << 20U;
    std::string text;
    std::vector<char> block(1U << 16U);
    while (const std::size_t count = std::fread(block.data(), 1, block.size(), stream.get())) {
        text.append(block.data(), count);
        if (text.size() > max_bytes) cannot_read(file, "found more than 256 MiB");
    }
    if (std::ferror(stream.get()) != 0)
        cannot_read(file, std::string("cannot be read: ") + std::strerror(errno));
    return text;
}

Session read_session(const fs::path& file) { return parse_session(read_session_text(file), file); }

Session parse_session(const std::string& text, const fs::path& file, bool check_files) {
    SessionProblems problems(file);
    const TomlTable document = read_document(text, problems);
    SessionReader reader(file, problems);
    reader.read(document);
    check_routing(reader.strips(), reader.references(), problems);
    if (check_files) look_for_files(reader.files(), problems);
    problems.raise();
    return std::move(reader.session());
}

}  // namespace tutti
