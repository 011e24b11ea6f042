#include "host/input_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string>

#include "engine/errors.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

[[noreturn]] void fail_to_read(const std::filesystem::path& file, const std::string& what) {
    throw InputError(printable(file.string()) + ": " + what);
}

[[noreturn]] void fail_to_open(const std::filesystem::path& file, int error) {
    if (error == ENOENT) fail_to_read(file, "no such file");
    if (error == EACCES) fail_to_read(file, "no permission to read it");
    if (error == ESTALE) fail_to_read(file, "was replaced while it was being read");
    fail_to_read(file, "cannot be opened: " + open_error_text(error));
}

bool are_same(const struct stat& a, const struct stat& b) {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size;
}

}  // namespace

struct InputFile::File {
    std::filesystem::path path;
    std::optional<struct stat> status;  ///< when it was opened first
    PooledFile pooled;

    explicit File(const std::filesystem::path& file)
        : path(file),
          pooled(FilePool::of_process(), PooledFile::Kind::read,
                 {[this] { return open_same(); }, [](int descriptor) { return ::close(descriptor), true; }}) {
        const PooledFile::Use use(pooled);
        if (use.descriptor() < 0) fail_to_open(path, use.error());
        if (S_ISDIR(status->st_mode)) fail_to_read(path, "is a folder; expected an audio file");
        if (!S_ISREG(status->st_mode)) fail_to_read(path, "is no regular file; expected an audio file");
        if (status->st_size == 0) fail_to_read(path, "is empty (0 bytes)");
    }

    int open_same() {
        // A FIFO must not make us wait for its writer.
        const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (descriptor < 0) return -1;
        struct stat now {};
        int error = fstat(descriptor, &now) == 0 ? 0 : errno;
        if (error == 0 && status && !are_same(*status, now)) error = ESTALE;
        if (error == 0) {
            status = now;
            return descriptor;
        }
        ::close(descriptor);
        errno = error;
        return -1;
    }
};

InputFile::InputFile(const std::filesystem::path& file) : file_(std::make_unique<File>(file)) {}
InputFile::~InputFile() = default;
InputFile::InputFile(InputFile&&) noexcept = default;
InputFile& InputFile::operator=(InputFile&&) noexcept = default;

std::uint64_t InputFile::size() const { return static_cast<std::uint64_t>(file_->status->st_size); }

InputFile::Use::Use(const InputFile& file) : use_(file.file_->pooled) {
    if (use_.descriptor() < 0) fail_to_open(file.file_->path, use_.error());
}

}  // namespace tutti
