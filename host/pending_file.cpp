#include "host/pending_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "engine/errors.hpp"
#include "host/audio_writer.hpp"
#include "host/file_pool.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
    throw InputError(printable(file.string()) + ": " + what);
}

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what, int error) {
    fail(file, what + ": " + std::strerror(error));
}

/// ".NAME.partial-PID", unique in this process, never longer than a file name may be.
std::filesystem::path partial_name(const std::filesystem::path& target) {
    static std::atomic<int> counter{0};
    constexpr std::size_t longest_kept = 200;
    std::string name = target.filename().string().substr(0, longest_kept);
    name.insert(0, 1, '.');
    name.append(".partial-").append(std::to_string(getpid()));
    name.append("-").append(std::to_string(counter++));
    return target.parent_path() / name;
}

std::filesystem::path folder_of(const std::filesystem::path& target) {
    return target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
}

/// Where a file without a name can be reached, to give it one.
std::string descriptor_path(int descriptor) { return "/proc/self/fd/" + std::to_string(descriptor); }

/// Gives a file without a name one.
bool link_as(int descriptor, const std::filesystem::path& as) {
    return linkat(AT_FDCWD, descriptor_path(descriptor).c_str(), AT_FDCWD, as.c_str(), AT_SYMLINK_FOLLOW) ==
           0;
}

/// What stands under the name now.
enum class Present { nothing, regular_file, character_device };

Present look_at(const std::filesystem::path& file) {
    if (file.filename().empty()) fail(file, "is a folder's name; expected a file's");
    struct stat status {};
    if (stat(file.c_str(), &status) != 0) {
        if (errno == ENOENT) return Present::nothing;
        if (errno == ENOTDIR)
            fail(file, "cannot be written: " + printable(folder_of(file).string()) + " is no folder");
        fail(file, "cannot be written", errno);
    }
    if (S_ISDIR(status.st_mode)) fail(file, "is a folder; expected a file's name");
    if (S_ISCHR(status.st_mode)) return Present::character_device;
    if (!S_ISREG(status.st_mode)) fail(file, "is there and no regular file; it is not replaced");
    return Present::regular_file;
}

/// A link is followed, so that the file it points to is replaced and not the link.
std::filesystem::path behind_links(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::is_symlink(file, error)) return file;
    std::filesystem::path target = std::filesystem::weakly_canonical(file, error);
    if (error) fail(file, "is a link that leads nowhere");
    return target;
}

}  // namespace

struct PendingFile::File {
    std::filesystem::path name;     ///< as the user wrote it, for messages
    std::filesystem::path target;   ///< with links followed
    std::filesystem::path partial;  ///< empty while the file has no name
    bool is_device = false;
    bool is_finished = false;
    bool is_committed = false;
    std::atomic<int> error{0};
    std::int64_t position = 0;
    std::int64_t size = 0;
    std::int64_t buffer_start = 0;
    std::vector<char> buffer;
    PooledFile pooled;

    explicit File(const std::filesystem::path& file)
        : name(file),
          target(behind_links(file)),
          is_device(look_at(target) == Present::character_device),
          pooled(FilePool::of_process(), PooledFile::Kind::written,
                 {[this] { return open_descriptor(); }, [this](int number) { return let_go(number); }}) {
        buffer.reserve(buffer_bytes);
        const std::filesystem::path folder = folder_of(target);
        std::error_code ignored;
        if (!is_device && !std::filesystem::exists(folder, ignored)) {
            fail(name, "cannot be written: there is no folder " + folder.string());
        }
        const PooledFile::Use use(pooled);
        if (use.descriptor() >= 0) return;
        fail(name,
             "cannot be written: " + (is_device ? "" : "no file can be made in " + folder.string() + ": ") +
                 open_error_text(use.error()));
    }
    ~File() { abandon(); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    int open_descriptor() {
        if (is_device) return open(target.c_str(), O_WRONLY | O_CLOEXEC);
        if (!partial.empty()) return open(partial.c_str(), O_WRONLY | O_CLOEXEC);
        constexpr mode_t readable_by_all = 0666;
        int descriptor = open(folder_of(target).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, readable_by_all);
        if (descriptor >= 0 && access(descriptor_path(descriptor).c_str(), F_OK) == 0) return descriptor;
        if (descriptor >= 0) close(descriptor);
        std::filesystem::path named = partial_name(target);
        descriptor = open(named.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, readable_by_all);
        if (descriptor >= 0) partial = std::move(named);
        return descriptor;
    }

    /// A file that has no name yet takes one, to be found again by.
    bool let_go(int descriptor) {
        if (is_device) return false;
        if (partial.empty() && !is_committed) {
            std::filesystem::path named = partial_name(target);
            if (!link_as(descriptor, named)) return false;
            partial = std::move(named);
        }
        if (close(descriptor) != 0) note_error(errno);
        return true;
    }

    void note_error(int reason) {
        int none = 0;
        error.compare_exchange_strong(none, reason);
    }

    void abandon() {
        pooled.close();
        if (!partial.empty()) unlink(partial.c_str());
        partial.clear();
    }

    bool flush() noexcept {
        if (buffer.empty() || error != 0) return error == 0;
        const PooledFile::Use use(pooled);
        if (use.descriptor() < 0) note_error(use.error());
        std::size_t done = 0;
        while (error == 0 && done < buffer.size()) {
            const char* bytes = buffer.data() + done;
            const std::size_t count = buffer.size() - done;
            const ssize_t written = is_device
                                        ? ::write(use.descriptor(), bytes, count)
                                        : pwrite(use.descriptor(), bytes, count,
                                                 static_cast<off_t>(buffer_start) + static_cast<off_t>(done));
            if (written > 0) {
                done += static_cast<std::size_t>(written);
            } else if (written == 0 || errno != EINTR) {
                note_error(written == 0 ? ENOSPC : errno);
            }
        }
        buffer.clear();
        return error == 0;
    }

    bool write(const char* bytes, std::size_t count) noexcept {
        while (count > 0 && error == 0) {
            const bool continues = buffer_start + static_cast<std::int64_t>(buffer.size()) == position;
            if ((!continues || buffer.size() == buffer_bytes) && !flush()) return false;
            if (buffer.empty()) buffer_start = position;
            const std::size_t piece = std::min(count, buffer_bytes - buffer.size());
            buffer.insert(buffer.end(), bytes, bytes + piece);  // within the reserved room: cannot throw
            bytes += piece;
            count -= piece;
            position += static_cast<std::int64_t>(piece);
            size = std::max(size, position);
        }
        return error == 0;
    }

    void throw_if_failed() const {
        if (error != 0) fail(name, "cannot be written: " + open_error_text(error));
    }

    void finish(bool synced) {
        flush();
        throw_if_failed();
        is_finished = true;
        if (is_device || !synced) return;
        const PooledFile::Use use(pooled);
        if (use.descriptor() < 0) fail(name, "cannot be finished: " + open_error_text(use.error()));
        if (fsync(use.descriptor()) != 0) fail(name, "cannot be written to the disk", errno);
    }

    void commit(bool synced) {
        if (!is_finished) finish(synced);
        if (!is_device) {
            const PooledFile::Use use(pooled);
            if (use.descriptor() < 0) fail(name, "cannot be finished: " + open_error_text(use.error()));
            put_under_name(use.descriptor());
            // While it is used: then it may be closed for others, and must not take a name for that.
            partial.clear();
            is_committed = true;
        }
        abandon();
        if (synced && !is_device) sync_folder();
    }

    void put_under_name(int descriptor) {
        if (partial.empty()) {
            if (link_as(descriptor, target)) return;
            if (errno != EEXIST) fail(name, "cannot be put under its name", errno);
            // A link cannot replace a file; a rename can, in one step.
            const std::filesystem::path named = partial_name(target);
            if (!link_as(descriptor, named)) fail(name, "cannot be put under its name", errno);
            partial = named;
        }
        if (std::rename(partial.c_str(), target.c_str()) != 0)
            fail(name, "cannot be put under its name", errno);
    }

    /// The name itself reaches the disk too, where the file system can do that.
    void sync_folder() const {
        const int folder = open(folder_of(target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (folder < 0) return;
        fsync(folder);
        close(folder);
    }
};

PendingFile::PendingFile(const std::filesystem::path& file) : file_(std::make_unique<File>(file)) {}
PendingFile::~PendingFile() = default;
PendingFile::PendingFile(PendingFile&&) noexcept = default;
PendingFile& PendingFile::operator=(PendingFile&&) noexcept = default;

bool PendingFile::write(const void* bytes, std::size_t count) noexcept {
    return file_->write(static_cast<const char*>(bytes), count);
}
void PendingFile::seek(std::int64_t position) noexcept { file_->position = position; }
std::int64_t PendingFile::position() const noexcept { return file_->position; }
std::int64_t PendingFile::size() const noexcept { return file_->size; }
void PendingFile::throw_if_failed() const { file_->throw_if_failed(); }
void PendingFile::finish() { file_->finish(true); }
void PendingFile::commit() { file_->commit(true); }
void PendingFile::commit_unsynced() { file_->commit(false); }

void write_text_file(const std::filesystem::path& file, std::string_view text) {
    PendingFile pending(file);
    pending.write(text.data(), text.size());
    pending.commit();
}

}  // namespace tutti
