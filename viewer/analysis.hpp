#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tutti::viewer {

/// The report's folder when none is named: beside the session, "mix.toml" -> "mix-masking".
std::filesystem::path report_folder_for(const std::filesystem::path& session);

/// True when the folder holds a report of that session that is newer than the session and every file in it.
/// False as well where that cannot be told.
bool is_report_current(const std::filesystem::path& folder, const std::filesystem::path& session);

/// Analyses a session and writes its report, on a thread of its own, one at a time.
class Analysis {
  public:
    Analysis() = default;
    ~Analysis();
    Analysis(const Analysis&) = delete;
    Analysis& operator=(const Analysis&) = delete;

    /// Begins when nothing is under way. A report of the session that is in the folder is replaced in the
    /// end; anything else there is a problem.
    void start(const std::filesystem::path& session, const std::filesystem::path& folder);

    /// Takes effect with the next piece of sound.
    void cancel() { is_cancelled_ = true; }

    bool is_running() const { return thread_.joinable(); }  ///< until take()
    bool is_ready() const { return is_ready_; }
    void wait() { is_ready_.wait(false); }

    struct Progress {
        std::string what;
        double done_s = 0.0;
        double total_s = 0.0;    ///< 0: cannot be said
        double elapsed_s = 0.0;  ///< in this part of the work
    };
    Progress progress() const;

    struct Outcome {
        std::string problem;  ///< empty: the report is there
        bool was_cancelled = false;
        std::vector<std::string> warnings;
    };

    /// Only when is_ready().
    Outcome take();

  private:
    struct Cancelled {};
    void tell(const std::string& what, double done_s, double total_s);
    void run(const std::filesystem::path& session, const std::filesystem::path& folder);

    std::thread thread_;
    std::atomic<bool> is_ready_{false};
    std::atomic<bool> is_cancelled_{false};
    Outcome outcome_;
    mutable std::mutex mutex_;
    Progress progress_;
    std::chrono::steady_clock::time_point part_start_;
};

}  // namespace tutti::viewer
