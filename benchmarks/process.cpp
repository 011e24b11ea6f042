#include "benchmarks/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <sstream>

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
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
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

}  // namespace

std::string end_of_log(const std::filesystem::path& log) {
    std::ostringstream text;
    text << std::ifstream(log).rdbuf();
    const std::string all = text.str();
    return all.size() > 2000 ? all.substr(all.size() - 2000) : all;
}

Cost run_program(const std::vector<std::string>& command, const std::filesystem::path& log) {
    const auto begin = std::chrono::steady_clock::now();
    const pid_t child = start(command, log);
    int status = 0;
    rusage usage{};
    while (wait4(child, &status, 0, &usage) < 0) {
        TUTTI_CHECK(errno == EINTR);
    }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        throw InputError(command[0] + " failed: " + end_of_log(log));
    }
    return {wall.count(), seconds(usage.ru_utime) + seconds(usage.ru_stime),
            static_cast<double>(usage.ru_maxrss) / 1024.0};
}

std::string first_line_of(const std::vector<std::string>& command) {
    const std::filesystem::path log =
        std::filesystem::temp_directory_path() / ("tutti-bench-line-" + std::to_string(getpid()));
    run_program(command, log);
    std::string line;
    std::ifstream stream(log);
    std::getline(stream, line);
    std::filesystem::remove(log);
    return line;
}

}  // namespace tutti::bench
