#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "host/file_pool.hpp"

namespace tutti {

/// A regular file that is read from anywhere in it, one of FilePool::of_process().
class InputFile {
  public:
    /// Throws InputError: missing, no permission, a folder, no regular file, empty.
    explicit InputFile(const std::filesystem::path& file);
    ~InputFile();
    InputFile(InputFile&&) noexcept;
    InputFile& operator=(InputFile&&) noexcept;

    std::uint64_t size() const;  ///< in bytes

    /// As PooledFile::Use, of the very file that was opened first.
    class Use {
      public:
        /// Throws InputError where another file stands under its name by now, or none.
        explicit Use(const InputFile& file);
        int descriptor() const { return use_.descriptor(); }

      private:
        PooledFile::Use use_;
    };

  private:
    struct File;
    std::unique_ptr<File> file_;
};

}  // namespace tutti
