#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

namespace tutti {

/// A file that appears under its name only when commit() is called. Until then its bytes belong to a file
/// without a name where the file system can (Linux O_TMPFILE: even a killed process leaves nothing), else to
/// a hidden ".NAME.partial-PID" beside it that the destructor removes. So they do when more files are open
/// than the system allows, and this one has to be closed for others (FilePool::of_process()). A character
/// device (/dev/null) is written directly.
class PendingFile {
  public:
    /// Throws InputError when the name is a folder's or the folder is missing, no folder, or cannot be
    /// written in.
    explicit PendingFile(const std::filesystem::path& file);
    ~PendingFile();
    PendingFile(PendingFile&&) noexcept;
    PendingFile& operator=(PendingFile&&) noexcept;

    /// Writes at the position, buffered. False when this or anything before has failed; never throws, so that
    /// C libraries may call it. throw_if_failed() tells.
    bool write(const void* bytes, std::size_t count) noexcept;
    void seek(std::int64_t position) noexcept;
    std::int64_t position() const noexcept;
    std::int64_t size() const noexcept;

    /// Throws InputError with the file's name and the system's reason (disk full) when a write has failed.
    void throw_if_failed() const;

    /// Flushes to the disk, after the last write: the long part of commit(), ahead of it. Throws InputError.
    void finish();

    /// finish(), where that was not yet, then puts the file under its name, in place of the one that is
    /// there. Throws InputError.
    void commit();

    /// The same without waiting for the disk: after a power cut the file may be there and hold anything.
    void commit_unsynced();

  private:
    struct File;
    std::unique_ptr<File> file_;
};

}  // namespace tutti
