#include "host/file_pool.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <utility>

#include "engine/errors.hpp"

namespace tutti {

namespace {

/// No session comes near it, and no system's own tables are strained by it.
constexpr rlim_t most_descriptors = 1U << 20U;

/// For libraries, devices, and files that are opened for a moment.
constexpr int most_others = 64;

int allowed_descriptors() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return most_others;
    return static_cast<int>(std::min(limit.rlim_cur, most_descriptors));
}

void raise_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= most_descriptors) return;
    limit.rlim_cur = std::min(limit.rlim_max, most_descriptors);
    setrlimit(RLIMIT_NOFILE, &limit);
}

int open_descriptors() {
    std::error_code error;
    const std::filesystem::directory_iterator list("/proc/self/fd", error);
    return error ? 3 : static_cast<int>(std::distance(begin(list), end(list)));
}

int bound_of_process() {
    raise_limit();
    const int allowed = allowed_descriptors();
    return allowed - open_descriptors() - std::min(most_others, allowed / 4);
}

bool are_too_many(int error) { return error == EMFILE || error == ENFILE; }

}  // namespace

PooledFile::PooledFile(FilePool& pool, Kind kind, Actions actions)
    : pool_(pool), kind_(kind), actions_(std::move(actions)) {}
PooledFile::~PooledFile() { close(); }
void PooledFile::close() { pool_.close(*this); }

PooledFile::Use::Use(PooledFile& file) : file_(file), error_(file.pool_.begin_use(file)) {}
PooledFile::Use::~Use() { file_.pool_.end_use(file_); }

FilePool::FilePool(int bound) : bound_(std::max(1, bound)) {}

FilePool& FilePool::of_process() {
    static FilePool pool(bound_of_process());
    return pool;
}

int FilePool::bound() const {
    const std::lock_guard lock(mutex_);
    return bound_;
}

int FilePool::open_count() const {
    const std::lock_guard lock(mutex_);
    return open_count_;
}

int FilePool::reopened_count() const {
    const std::lock_guard lock(mutex_);
    return reopened_count_;
}

void FilePool::set_bound(int bound) {
    const std::lock_guard lock(mutex_);
    bound_ = std::max(1, bound);
    while (open_count_ > bound_ && close_one()) {
    }
    changed_.notify_all();
}

void FilePool::take_back(PooledFile& file) { file.own_.splice(file.own_.begin(), idle(file), file.place_); }

/// Closes the one that was longest not used. False when there is none that can be. Of files that are read in
/// turn, 1000 under a bound of 100, each is opened again for every chunk: 3.9 us of CPU each. Closing the one
/// that was used last would spare a tenth of them, and keep for ever what is never read again.
bool FilePool::close_one() {
    for (Files* files : {&read_, &written_}) {
        while (!files->empty()) {
            PooledFile& file = *files->front();
            take_back(file);
            if (!file.actions_.close(file.descriptor_)) continue;
            file.descriptor_ = -1;
            file.was_closed_ = true;
            --open_count_;
            return true;
        }
    }
    return false;
}

/// Waits until one more may be open. False when that is nobody's to give.
bool FilePool::take_room(Lock& lock) {
    while (open_count_ >= bound_) {
        if (close_one()) continue;
        if (used_count_ == 0) return false;
        changed_.wait(lock);
    }
    return true;
}

/// 0, or why it cannot be opened.
int FilePool::begin_use(PooledFile& file) {
    Lock lock(mutex_);
    TUTTI_CHECK(!file.is_used_);
    file.is_used_ = true;
    if (file.descriptor_ >= 0) {
        if (file.own_.empty()) take_back(file);
        ++used_count_;
        return 0;
    }
    // Without room it is tried all the same: the bound leaves some.
    take_room(lock);
    while (true) {
        ++open_count_;
        ++used_count_;
        lock.unlock();
        errno = 0;
        const int descriptor = file.actions_.open();
        const int error = errno;
        lock.lock();
        if (descriptor >= 0) {
            file.descriptor_ = descriptor;
            if (file.was_closed_) ++reopened_count_;
            return 0;
        }
        --open_count_;
        if (!are_too_many(error)) return error;
        if (open_count_ == 0) return error;
        // More is open beside the pool than was thought.
        bound_ = open_count_;
        --used_count_;
        if (take_room(lock)) continue;
        ++used_count_;
        return error;
    }
}

void FilePool::end_use(PooledFile& file) {
    const std::lock_guard lock(mutex_);
    file.is_used_ = false;
    --used_count_;
    if (file.descriptor_ >= 0) {
        Files& files = idle(file);
        files.splice(files.end(), file.own_);
    }
    changed_.notify_all();
}

void FilePool::close(PooledFile& file) {
    const std::lock_guard lock(mutex_);
    TUTTI_CHECK(!file.is_used_);
    if (file.descriptor_ < 0) return;
    if (file.own_.empty()) take_back(file);
    ::close(file.descriptor_);
    file.descriptor_ = -1;
    --open_count_;
    changed_.notify_all();
}

std::string open_error_text(int error) {
    if (error == EMFILE) {
        return "too many open files: the system lets this process have " +
               std::to_string(allowed_descriptors()) + "; allow more with 'ulimit -n'";
    }
    return std::strerror(error);
}

}  // namespace tutti
