#include "host/pending_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <string>

#include "engine/errors.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

[[noreturn]] void fail(const std::filesystem::path& folder, const std::string& what) {
    throw InputError(printable(folder.string()) + ": " + what);
}

std::filesystem::path behind_links(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::path target = std::filesystem::weakly_canonical(folder, error);
    if (error) fail(folder, "cannot be written: " + error.message());
    if (!target.has_filename()) target = target.parent_path();
    return target;
}

/// ".NAME.partial-PID-COUNT", never longer than a file name may be.
std::filesystem::path partial_name(const std::filesystem::path& target) {
    static std::atomic<int> counter{0};
    constexpr std::size_t longest_kept = 200;
    return target.parent_path() / ("." + target.filename().string().substr(0, longest_kept) + ".partial-" +
                                   std::to_string(getpid()) + "-" + std::to_string(counter++));
}

/// Both names change places in one step, where the file system can (Linux 3.15); else in two.
bool exchange(const std::filesystem::path& a, const std::filesystem::path& b) {
    if (renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0) return true;
    if (errno != EINVAL && errno != ENOSYS) return false;
    const std::filesystem::path aside = partial_name(b);
    if (std::rename(b.c_str(), aside.c_str()) != 0) return false;
    if (std::rename(a.c_str(), b.c_str()) == 0) return std::rename(aside.c_str(), a.c_str()) == 0;
    const int reason = errno;
    std::rename(aside.c_str(), b.c_str());
    errno = reason;
    return false;
}

/// Of this process: how many folders hold the signals, and which of them came.
std::mutex holding;
int holder_count = 0;
constexpr std::array held_signals{SIGINT, SIGTERM, SIGHUP};
std::array<struct sigaction, held_signals.size()> before_holding;
volatile std::sig_atomic_t waiting_signal = 0;

void hold_signals() {
    const std::lock_guard lock(holding);
    if (holder_count++ > 0) return;
    struct sigaction noting {};
    noting.sa_handler = [](int number) { waiting_signal = number; };
    noting.sa_flags = SA_RESTART;
    for (std::size_t i = 0; i < held_signals.size(); ++i) {
        sigaction(held_signals[i], nullptr, &before_holding[i]);
        // Who ignores a signal, or has a use for it, keeps it.
        if (before_holding[i].sa_handler == SIG_DFL) sigaction(held_signals[i], &noting, nullptr);
    }
}

/// Ends the process when a signal came.
void release_signals() {
    const std::lock_guard lock(holding);
    if (--holder_count > 0) return;
    for (std::size_t i = 0; i < held_signals.size(); ++i)
        sigaction(held_signals[i], &before_holding[i], nullptr);
    if (waiting_signal != 0) std::raise(waiting_signal);
}

}  // namespace

PendingFolder::PendingFolder(const std::filesystem::path& folder)
    : name_(folder), target_(behind_links(folder)), partial_(partial_name(target_)) {
    constexpr mode_t usable_by_all = 0777;  // less what the user's mask takes away
    hold_signals();
    if (mkdir(partial_.c_str(), usable_by_all) == 0) return;
    const int reason = errno;
    release_signals();
    fail(name_, "cannot be written: no folder can be made in " + printable(target_.parent_path().string()) +
                    ": " + std::strerror(reason));
}

PendingFolder::~PendingFolder() {
    std::error_code ignored;
    if (!partial_.empty()) std::filesystem::remove_all(partial_, ignored);
    release_signals();
}

bool PendingFolder::is_interrupted() { return waiting_signal != 0; }

void PendingFolder::commit() {
    // A rename replaces nothing, or an empty folder.
    if (std::rename(partial_.c_str(), target_.c_str()) == 0) {
        partial_.clear();
        return;
    }
    const bool is_there = errno == ENOTEMPTY || errno == EEXIST;
    if (!is_there || !exchange(partial_, target_))
        fail(name_, std::string("cannot be put under its name: ") + std::strerror(errno));
}

}  // namespace tutti
