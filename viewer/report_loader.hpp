#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "viewer/report.hpp"

namespace tutti::viewer {

/// Reads reports on a thread of its own, one at a time.
class ReportLoader {
  public:
    ReportLoader() = default;
    ~ReportLoader();
    ReportLoader(const ReportLoader&) = delete;
    ReportLoader& operator=(const ReportLoader&) = delete;

    /// Begins when nothing is being read.
    void read(const std::filesystem::path& folder);

    /// True from read() until take() has taken what came of it.
    bool is_reading() const { return thread_.joinable(); }
    bool is_ready() const { return is_ready_; }

    /// Only while something is being read.
    void wait();

    struct Outcome {
        std::shared_ptr<const Report> report;  ///< null: it could not be read
        std::string problem;
    };

    /// Only when is_ready().
    Outcome take();

  private:
    std::thread thread_;
    std::atomic<bool> is_ready_{false};
    Outcome outcome_;
};

}  // namespace tutti::viewer
