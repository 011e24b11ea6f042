#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "host/content_hash.hpp"
#include "host/input_file.hpp"
#include "host/pending_file.hpp"

namespace tutti {

/// What an entry of a cache of branches is: rows of samples in chunks.
struct CacheEntryShape {
    int row_count = 0;
    int chunk_frames = 0;
    int chunk_count = 0;
    bool operator==(const CacheEntryShape&) const = default;

    std::uint64_t bytes() const {
        return std::uint64_t{sizeof(float)} * row_count * chunk_frames * chunk_count;
    }
};

/// An entry on its way to a file. Silent rows of a chunk take no room. Every piece has a checksum.
class CacheEntryWriter {
  public:
    /// Throws InputError as PendingFile does.
    CacheEntryWriter(const std::filesystem::path& file, const Digest& key, const CacheEntryShape& shape);

    /// The next chunk: [row][chunk_frames]. False when the disk takes no more; then nothing will appear.
    bool write(std::span<const float> rows);

    /// After the last chunk: the file appears, with a text about it. Throws InputError.
    void commit(const std::string& text);

    std::uint64_t bytes() const { return static_cast<std::uint64_t>(file_.size()); }

  private:
    PendingFile file_;
    Digest key_;
    CacheEntryShape shape_;
    struct Block {
        std::uint64_t offset;  ///< 0: silence
        std::uint64_t checksum;
    };
    std::vector<Block> blocks_;  ///< [chunk][row]
    friend class CacheEntryReader;
};

/// A whole entry, opened. Where its file is removed meanwhile, it can be read to its end all the same, unless
/// more files are open than the system allows.
class CacheEntryReader {
  public:
    /// None where there is no such file, or it is no entry, of another version, cut short, or damaged ahead
    /// of its samples.
    static std::optional<CacheEntryReader> open(const std::filesystem::path& file);

    const Digest& key() const { return key_; }
    const CacheEntryShape& shape() const { return shape_; }
    const std::string& text() const { return text_; }
    std::uint64_t file_bytes() const { return file_.size(); }

    /// Chunk number `chunk`: [row][chunk_frames]. False where it is damaged or gone.
    bool read(int chunk, std::span<float> rows) const;

  private:
    explicit CacheEntryReader(InputFile file) : file_(std::move(file)) {}
    bool read_head();
    bool read_rows(int descriptor, int chunk, std::span<float> rows) const;

    InputFile file_;
    Digest key_;
    CacheEntryShape shape_;
    std::string text_;
    std::vector<CacheEntryWriter::Block> blocks_;
};

}  // namespace tutti
