#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace tutti {

/// This program's own file.
std::filesystem::path own_program();

/// A program on its own in a process of its own: standard input is empty, standard output is dropped, what it
/// says on standard error is kept.
class ChildProcess {
  public:
    /// Starts it. Throws DeviceError when the system cannot.
    ChildProcess(const std::filesystem::path& program, const std::vector<std::string>& arguments);

    /// Ends a child that nobody waited for.
    ~ChildProcess();
    ChildProcess(ChildProcess&&) noexcept;
    ChildProcess& operator=(ChildProcess&&) = delete;
    ChildProcess(const ChildProcess&) = delete;

    struct Result {
        int status = 0;      ///< exit status; 128 + signal when a signal ended it
        std::string errors;  ///< standard error
    };

    /// Waits for its end.
    Result wait();

  private:
    pid_t pid_ = -1;
    int errors_ = -1;  ///< the read end of its standard error
};

}  // namespace tutti
