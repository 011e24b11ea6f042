#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace tutti {

/// How a session of a batch ended.
enum class BatchState { rendered, skipped, failed };

/// One line of a batch's log.
struct BatchEntry {
    std::string session;  ///< absolute
    BatchState state = BatchState::rendered;
    std::string inputs;  ///< fingerprint_of_inputs(); empty where they could not be read
    int exit_status = 0;
    std::vector<std::string> errors;  ///< what `tutti render` printed, warnings too
    std::string report;               ///< report_json() of the render; empty when it failed

    /// A file of the render, the mix first, as it was when it was complete.
    struct Output {
        std::string file;
        std::uint64_t bytes = 0;
        std::int64_t changed = 0;  ///< time of last change, in the file system's ticks
    };
    std::vector<Output> outputs;
};

/// What the mix and the stems of a report's JSON are now. A missing file is left out.
std::vector<BatchEntry::Output> outputs_of_report(const std::string& report);

/// A batch's log: JSON Lines, one line per session that ended, added to the file and forced to the disk one
/// by one, so that a killed batch loses nothing that was complete.
class BatchLog {
  public:
    /// Throws InputError when the file cannot be opened or is no log of a batch.
    explicit BatchLog(std::filesystem::path file);
    ~BatchLog();
    BatchLog(const BatchLog&) = delete;
    BatchLog& operator=(const BatchLog&) = delete;

    /// The session's last render, when its files are still as they were and so are its inputs; else null.
    const BatchEntry* find_complete(const std::string& session, const std::string& inputs) const;

    /// Throws InputError when the disk takes no more.
    void add(const BatchEntry& entry);

  private:
    void read_line(const std::string& line);

    std::filesystem::path file_;
    std::map<std::string, BatchEntry> last_;  ///< by session: what was rendered last
    int descriptor_ = -1;
    bool is_torn_ = false;  ///< the file's last line was cut short
};

}  // namespace tutti
