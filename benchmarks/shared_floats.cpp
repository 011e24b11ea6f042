#include "benchmarks/shared_floats.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "engine/errors.hpp"

namespace tutti::bench {

namespace {

[[noreturn]] void fail(const std::string& what, int error) {
    throw InputError(what + ": " + std::strerror(error));
}

}  // namespace

SharedFloats SharedFloats::make(std::size_t count) {
    const int file = memfd_create("tutti-bench", MFD_CLOEXEC);
    const std::string what =
        "shared memory for " + std::to_string(count * sizeof(float) >> 20) + " MiB of samples";
    if (file < 0) fail(what, errno);
    if (ftruncate(file, static_cast<off_t>(count * sizeof(float))) != 0) {
        const int error = errno;
        close(file);
        fail(what, error);
    }
    return SharedFloats(file, count, what);
}

SharedFloats SharedFloats::open(const std::filesystem::path& path, std::size_t count) {
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0) fail(path.string(), errno);
    struct stat status {};
    if (fstat(file, &status) != 0 || static_cast<std::size_t>(status.st_size) < count * sizeof(float)) {
        close(file);
        throw InputError(path.string() + " holds fewer samples than the job says");
    }
    return SharedFloats(file, count, path);
}

SharedFloats::SharedFloats(int file, std::size_t count, const std::filesystem::path& name)
    : file_(file), count_(count) {
    if (count == 0) return;
    // Populated, so that nobody pays for page faults while being timed.
    void* data =
        mmap(nullptr, count * sizeof(float), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
    if (data == MAP_FAILED) {
        const int error = errno;
        close(file);
        fail(name.string(), error);
    }
    data_ = static_cast<float*>(data);
}

SharedFloats::SharedFloats(SharedFloats&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      data_(std::exchange(other.data_, nullptr)),
      count_(std::exchange(other.count_, 0)) {}

SharedFloats::~SharedFloats() {
    if (data_ != nullptr) munmap(data_, count_ * sizeof(float));
    if (file_ >= 0) close(file_);
}

std::filesystem::path SharedFloats::path() const {
    return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(file_);
}

}  // namespace tutti::bench
