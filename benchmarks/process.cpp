#include "benchmarks/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

#include "benchmarks/work_folder.hpp"
#include "engine/errors.hpp"

namespace tutti::bench {

namespace {

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

pid_t start(const std::vector<std::string>& command, const std::filesystem::path& log) {
    std::vector<char*> arguments;
    for (const std::string& argument : command) {
        arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0666);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    pid_t child = 0;
    const int error = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        throw InputError(command[0] + " cannot be started: " + std::strerror(error));
    }
    return child;
}

/// Of all threads of this process.
std::set<pid_t> children() {
    std::set<pid_t> found;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
        std::ifstream list(task.path() / "children");
        for (pid_t child = 0; list >> child;) found.insert(child);
    }
    return found;
}

struct Ended {
    Cost cost;  ///< without its wall time
    bool well = false;
};

Ended wait_for(pid_t child) {
    int status = 0;
    rusage usage{};
    while (wait4(child, &status, 0, &usage) < 0) {
        TUTTI_CHECK(errno == EINTR);
    }
    return {{0.0, seconds(usage.ru_utime) + seconds(usage.ru_stime),
             static_cast<double>(usage.ru_maxrss) / 1024.0},
            WIFEXITED(status) && WEXITSTATUS(status) == 0};
}

}  // namespace

std::string end_of_log(const std::filesystem::path& log) {
    std::ostringstream text;
    text << std::ifstream(log).rdbuf();
    const std::string all = text.str();
    return all.size() > 2000 ? all.substr(all.size() - 2000) : all;
}

Cost run_program(const std::vector<std::string>& command, const std::filesystem::path& log) {
    return run_programs({command}, log);
}

Cost run_programs(const std::vector<std::vector<std::string>>& commands, const std::filesystem::path& log) {
    // What a program leaves behind becomes a child of this process, and can be counted.
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    const std::set<pid_t> before = children();
    const auto begin = std::chrono::steady_clock::now();
    std::filesystem::remove(log);
    std::vector<pid_t> started;
    try {
        for (const std::vector<std::string>& command : commands) started.push_back(start(command, log));
    } catch (const InputError&) {
        for (const pid_t child : started) wait_for(child);
        throw;
    }
    Cost cost;
    std::string failed;
    for (std::size_t i = 0; i < started.size(); ++i) {
        const Ended ended = wait_for(started[i]);
        cost.cpu_s += ended.cost.cpu_s;
        cost.peak_memory_mib += ended.cost.peak_memory_mib;
        if (!ended.well && failed.empty()) failed = commands[i][0];
    }
    for (std::set<pid_t> left = children(); left.size() > before.size(); left = children()) {
        for (const pid_t child : left) {
            if (before.count(child) != 0) continue;
            const Ended ended = wait_for(child);
            cost.cpu_s += ended.cost.cpu_s;
            cost.peak_memory_mib = std::max(cost.peak_memory_mib, ended.cost.peak_memory_mib);
        }
    }
    cost.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (!failed.empty()) throw InputError(failed + " failed: " + end_of_log(log));
    return cost;
}

std::string first_line_of(const std::vector<std::string>& command) {
    const WorkFolder work("");
    run_program(command, work / "log");
    std::string line;
    std::ifstream stream(work / "log");
    std::getline(stream, line);
    return line;
}

std::string output_of(const std::vector<std::string>& command) {
    const WorkFolder work("");
    try {
        run_program(command, work / "log");
    } catch (const InputError&) {
        // What it said is looked at all the same.
    }
    std::ostringstream text;
    text << std::ifstream(work / "log").rdbuf();
    return text.str();
}

}  // namespace tutti::bench
