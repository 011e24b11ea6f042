#pragma once

#include <filesystem>

namespace tutti {

/// A folder that appears under its name only when commit() is called, in place of the one that is there.
/// Until then it is a hidden ".NAME.partial-PID" beside it, which the destructor removes with all that is in
/// it. While there is one, SIGINT (Ctrl-C), SIGTERM and SIGHUP wait: they end the process when the folder is
/// under its name or removed.
class PendingFolder {
  public:
    /// Throws InputError when the folder it lies in is missing or takes no folders.
    explicit PendingFolder(const std::filesystem::path& folder);
    ~PendingFolder();
    PendingFolder(const PendingFolder&) = delete;
    PendingFolder& operator=(const PendingFolder&) = delete;

    /// Where its files are written.
    const std::filesystem::path& path() const { return partial_; }

    /// Whether such a signal waits: then what is still to be written need not be.
    static bool is_interrupted();

    /// Puts the folder under its name. What was there goes away when the new one has its place. Throws
    /// InputError.
    void commit();

  private:
    std::filesystem::path name_;    ///< as the user wrote it, for messages
    std::filesystem::path target_;  ///< with links followed, without a slash at its end
    std::filesystem::path partial_;
};

}  // namespace tutti
