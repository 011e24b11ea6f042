#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <string>

namespace tutti {

class FilePool;

/// A file that is opened when it is used, and that its pool may close while it is not.
class PooledFile {
  public:
    /// What is read is closed before what is written: to open it again costs nothing but time.
    enum class Kind { read, written };

    /// Called one at a time, by any thread; they throw nothing.
    struct Actions {
        /// A descriptor, or -1 and why in errno. After close(): of the same file as before.
        std::function<int()> open;
        /// False: it could not be opened again, and stays open.
        std::function<bool(int descriptor)> close;
    };

    /// Opens nothing yet. `pool` must outlive it.
    PooledFile(FilePool& pool, Kind kind, Actions actions);
    /// Closes the descriptor, without Actions::close.
    ~PooledFile();
    PooledFile(const PooledFile&) = delete;
    PooledFile& operator=(const PooledFile&) = delete;

    /// What the destructor does, ahead of it.
    void close();

    /// The file is open for as long as this lives. One at a time per file and per thread.
    class Use {
      public:
        explicit Use(PooledFile& file);
        ~Use();
        Use(const Use&) = delete;
        Use& operator=(const Use&) = delete;

        int descriptor() const { return file_.descriptor_; }  ///< -1 where it cannot be opened
        int error() const { return error_; }                  ///< why: for open_error_text()

      private:
        PooledFile& file_;
        int error_;
    };

  private:
    friend class FilePool;
    FilePool& pool_;
    Kind kind_;
    Actions actions_;
    int descriptor_ = -1;
    bool is_used_ = false;
    bool was_closed_ = false;           ///< for others
    std::list<PooledFile*> own_{this};  ///< this element is lent to the pool's lists: they never allocate
    std::list<PooledFile*>::iterator place_ = own_.begin();
};

/// How many files are open at once, at most. Where one more is wanted, the one that was longest not used is
/// closed; it is opened again when it is used. Where all are being used, who wants one more waits.
class FilePool {
  public:
    explicit FilePool(int bound);
    FilePool(const FilePool&) = delete;
    FilePool& operator=(const FilePool&) = delete;

    /// This process's. When it is first called, it raises the system's limit as far as it may; its bound
    /// leaves room under that for what else is open.
    static FilePool& of_process();

    int bound() const;
    void set_bound(int bound);

    int open_count() const;
    int reopened_count() const;  ///< how often a file that was closed for others was opened again, so far

  private:
    friend class PooledFile;
    using Files = std::list<PooledFile*>;
    using Lock = std::unique_lock<std::mutex>;

    int begin_use(PooledFile& file);
    void end_use(PooledFile& file);
    void close(PooledFile& file);

    bool take_room(Lock& lock);
    bool close_one();
    void take_back(PooledFile& file);
    Files& idle(const PooledFile& file) { return file.kind_ == PooledFile::Kind::read ? read_ : written_; }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    int bound_;
    int open_count_ = 0;
    int used_count_ = 0;  ///< of them
    int reopened_count_ = 0;
    Files read_;     ///< open and not used, the longest not used first
    Files written_;  ///< likewise
};

/// Why a file cannot be opened; where too many are open, also how to allow more.
std::string open_error_text(int error);

}  // namespace tutti
