#include "tests/program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "tests/audio_files.hpp"

namespace tutti::tests {

namespace {

pid_t start(const char* program, const std::vector<std::string>& arguments, const std::string& output,
            const std::string& errors) {
    std::vector<std::string> words{program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0600);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0600);
    pid_t process = 0;
    const int error = posix_spawn(&process, program, &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::runtime_error(std::string("cannot start ") + program);
    return process;
}

int wait_for(pid_t process) {
    int status = 0;
    waitpid(process, &status, 0);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

ProgramResult run(const char* program, const std::vector<std::string>& arguments) {
    const TempFolder folder;
    const pid_t process = start(program, arguments, folder / "output", folder / "errors");
    ProgramResult result;
    result.status = wait_for(process);
    result.output = read_bytes(folder / "output");
    result.errors = read_bytes(folder / "errors");
    return result;
}

}  // namespace

ProgramResult run_tutti(const std::vector<std::string>& arguments) { return run(TUTTI_PROGRAM, arguments); }

ProgramResult run_tutti_with_descriptors(int most, const std::vector<std::string>& arguments) {
    std::vector<std::string> all{"-c", "ulimit -n \"$1\" && shift && exec \"$0\" \"$@\"", TUTTI_PROGRAM,
                                 std::to_string(most)};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run("/bin/bash", all);
}

ProgramResult run_tutti_bench(const std::vector<std::string>& arguments) {
    return run(TUTTI_BENCH_PROGRAM, arguments);
}

ProgramResult run_tutti_viewer(const std::vector<std::string>& arguments) {
    return run(TUTTI_VIEWER_PROGRAM, arguments);
}

ProgramResult run_viewer_window(const std::vector<std::string>& arguments) {
    std::vector<std::string> all{TUTTI_VIEWER_WINDOW_SCRIPT, TUTTI_VIEWER_PROGRAM};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run("/bin/bash", all);
}

bool kill_tutti(const std::vector<std::string>& arguments, int milliseconds) {
    const pid_t process = start(TUTTI_PROGRAM, arguments, "/dev/null", "/dev/null");
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    kill(process, SIGKILL);
    return wait_for(process) == 128 + SIGKILL;
}

}  // namespace tutti::tests
