#include "host/child_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "engine/errors.hpp"

namespace tutti {

namespace {

int wait_for(pid_t pid) {
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// What the child's three standard files become.
struct FileActions {
    posix_spawn_file_actions_t actions{};

    explicit FileActions(int errors) {
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    }
    ~FileActions() { posix_spawn_file_actions_destroy(&actions); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
};

}  // namespace

std::filesystem::path own_program() { return std::filesystem::read_symlink("/proc/self/exe"); }

ChildProcess::ChildProcess(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
        throw DeviceError(std::string("no pipe: ") + std::strerror(errno));
    std::string name = program.string();
    std::vector<std::string> words = arguments;
    std::vector<char*> argv{name.data()};
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const FileActions files(ends[1]);
    const int failed = posix_spawn(&pid_, name.c_str(), &files.actions, nullptr, argv.data(), environ);
    close(ends[1]);
    errors_ = ends[0];
    if (failed == 0) return;
    close(errors_);
    throw DeviceError("cannot start " + name + ": " + std::strerror(failed));
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), errors_(std::exchange(other.errors_, -1)) {}

ChildProcess::~ChildProcess() {
    if (errors_ >= 0) close(errors_);
    if (pid_ < 0) return;
    kill(pid_, SIGTERM);
    wait_for(pid_);
}

ChildProcess::Result ChildProcess::wait() {
    Result result;
    std::array<char, 4096> buffer{};
    while (true) {
        const ssize_t count = read(errors_, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        result.errors.append(buffer.data(), static_cast<std::size_t>(count));
    }
    result.status = wait_for(std::exchange(pid_, -1));
    return result;
}

}  // namespace tutti
