#include "host/file_looks.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "engine/errors.hpp"

namespace tutti {

namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

/// The coarsest clock of a file system in use: FAT's.
constexpr std::int64_t tick_ns = 2 * second_ns;

std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * second_ns + time.tv_nsec; }

}  // namespace

bool FileLooks::are_settled() const {
    const std::int64_t now_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(
                                    std::chrono::system_clock::now().time_since_epoch())
                                    .count();
    return std::max(modified_ns, changed_ns) + tick_ns < now_ns;
}

FileLooks look_at(const std::filesystem::path& file) {
    struct stat status {};
    if (stat(file.c_str(), &status) != 0) {
        throw InputError(file.string() + ": cannot be read: " + std::strerror(errno));
    }
    return {status.st_dev, status.st_ino, status.st_size, nanoseconds(status.st_mtim),
            nanoseconds(status.st_ctim)};
}

}  // namespace tutti
