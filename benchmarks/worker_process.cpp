#include "benchmarks/worker_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <sstream>
#include <utility>

#include "engine/errors.hpp"

namespace tutti::bench {

WorkerProcess::WorkerProcess(const std::vector<std::string>& command, std::filesystem::path log)
    : name_(command.front()), log_(std::move(log)) {
    // A worker that ends early is told by read_line(), not by a signal.
    std::signal(SIGPIPE, SIG_IGN);
    int input[2] = {-1, -1};
    int output[2] = {-1, -1};
    if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) {
        throw InputError("no pipe to " + name_ + ": " + std::strerror(errno));
    }
    to_child_ = input[1];
    from_child_ = output[0];

    std::vector<char*> arguments;
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0666);
    const int error = posix_spawnp(&child_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(input[0]);
    close(output[1]);
    if (error != 0) {
        close(to_child_);
        close(from_child_);
        throw InputError(name_ + " cannot be started: " + std::strerror(error));
    }

    constexpr std::string_view ready = "ready ";
    try {
        description_ = read_line();
        if (!description_.starts_with(ready)) throw InputError(name_ + " says \"" + description_ + "\"");
    } catch (...) {
        close(to_child_);
        close(from_child_);
        waitpid(child_, nullptr, 0);
        throw;
    }
    description_.erase(0, ready.size());
}

WorkerProcess::~WorkerProcess() {
    close(to_child_);
    close(from_child_);
    waitpid(child_, nullptr, 0);
}

Cost WorkerProcess::run() {
    constexpr std::string_view command = "run\n";
    if (write(to_child_, command.data(), command.size()) < 0) {
        throw InputError(name_ + " ended: " + end_of_log(log_));
    }
    Cost cost;
    std::istringstream line(read_line());
    if (!(line >> cost.wall_s >> cost.cpu_s >> cost.peak_memory_mib)) {
        throw InputError(name_ + " says \"" + line.str() + "\" where its times belong");
    }
    line >> cost.bound_s;
    return cost;
}

std::string WorkerProcess::read_line() {
    std::size_t end = 0;
    while ((end = unread_.find('\n')) == std::string::npos) {
        char bytes[4096];
        const ssize_t count = read(from_child_, bytes, sizeof bytes);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) throw InputError(name_ + " ended: " + end_of_log(log_));
        unread_.append(bytes, static_cast<std::size_t>(count));
    }
    const std::string line = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    return line;
}

}  // namespace tutti::bench
