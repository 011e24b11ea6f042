#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "benchmarks/process.hpp"

namespace tutti::bench {

/// A program that serves as worker.hpp says, running until this goes.
class WorkerProcess {
  public:
    /// Starts it and waits until it is ready. `log` receives its standard error. Throws InputError when it
    /// cannot be started or ends instead, with the end of what it said.
    WorkerProcess(const std::vector<std::string>& command, std::filesystem::path log);
    WorkerProcess(const WorkerProcess&) = delete;
    WorkerProcess& operator=(const WorkerProcess&) = delete;
    ~WorkerProcess();

    /// What it calls itself.
    const std::string& description() const { return description_; }

    /// Lets it do its job once. Throws InputError when it ends instead.
    Cost run();

  private:
    std::string read_line();

    std::string name_;
    std::filesystem::path log_;
    pid_t child_ = 0;
    int to_child_ = -1;
    int from_child_ = -1;
    std::string unread_;
    std::string description_;
};

}  // namespace tutti::bench
