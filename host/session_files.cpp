#include "host/session_files.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string_view>

#include "engine/errors.hpp"
#include "host/version.hpp"

namespace tutti {

namespace {

void add_once(std::vector<std::filesystem::path>& files, const std::filesystem::path& file) {
    if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
}

void add_responses(std::vector<std::filesystem::path>& files, const Strip& strip) {
    for (const Insert& insert : strip.inserts) {
        const auto* convolution = std::get_if<ConvolutionInsert>(&insert.processor);
        if (convolution != nullptr) add_once(files, convolution->file);
    }
}

/// FNV-1a (Fowler, Noll, Vo; IETF draft-eastlake-fnv), each piece followed by a zero.
class Fingerprint {
  public:
    void add(std::string_view text) {
        for (const char c : text) add_byte(static_cast<unsigned char>(c));
        add_byte(0);
    }
    std::string digits() const {
        char text[17];
        std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash_));
        return text;
    }

  private:
    void add_byte(unsigned char byte) { hash_ = (hash_ ^ byte) * 0x100000001b3U; }
    std::uint64_t hash_ = 0xcbf29ce484222325U;
};

std::string read_text(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw InputError(file.string() + ": cannot be read");
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

std::vector<std::filesystem::path> files_of(const Session& session) {
    std::vector<std::filesystem::path> files;
    for (const Track& track : session.tracks) add_once(files, track.file);
    for (const Track& track : session.tracks) add_responses(files, track);
    for (const Bus& bus : session.buses) add_responses(files, bus);
    add_responses(files, session.master);
    return files;
}

std::string fingerprint_of_inputs(const std::filesystem::path& session, const std::string& settings) {
    Fingerprint fingerprint;
    fingerprint.add(version_text());
    fingerprint.add(settings);
    fingerprint.add(read_text(session));
    for (const std::filesystem::path& file : files_of(read_session(session))) {
        std::error_code failed;
        const std::uintmax_t size = std::filesystem::file_size(file, failed);
        const auto changed = std::filesystem::last_write_time(file, failed);
        if (failed) throw InputError(file.string() + ": " + failed.message());
        fingerprint.add(file.string());
        fingerprint.add(std::to_string(size));
        fingerprint.add(std::to_string(changed.time_since_epoch().count()));
    }
    return fingerprint.digits();
}

}  // namespace tutti
