#include "host/cache_entry.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "engine/errors.hpp"

namespace tutti {

namespace {

/// A file is a head, the blocks of samples, the table of blocks, and the text.
struct Head {
    char magic[16];
    Digest key;
    std::int32_t row_count;
    std::int32_t chunk_frames;
    std::int32_t chunk_count;
    std::uint32_t text_bytes;
    std::uint64_t table_offset;
    std::uint64_t table_checksum;
    std::uint64_t text_checksum;
    std::uint64_t head_checksum;  ///< of all before it
};
static_assert(sizeof(Head) == 80 && std::is_trivially_copyable_v<Head>);

constexpr char magic[16] = "tutti strips 1\n";

template <typename T>
std::span<const std::byte> bytes_of(const T& value, std::size_t count = sizeof(T)) {
    return {reinterpret_cast<const std::byte*>(&value), count};
}

std::uint64_t checksum_of_head(const Head& head) {
    return checksum_of(bytes_of(head, offsetof(Head, head_checksum)));
}

bool read_at(int descriptor, void* to, std::size_t count, std::uint64_t offset) {
    auto* bytes = static_cast<char*>(to);
    while (count > 0) {
        const ssize_t got = pread(descriptor, bytes, count, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        bytes += got;
        offset += static_cast<std::uint64_t>(got);
        count -= static_cast<std::size_t>(got);
    }
    return true;
}

}  // namespace

CacheEntryWriter::CacheEntryWriter(const std::filesystem::path& file, const Digest& key,
                                   const CacheEntryShape& shape)
    : file_(file), key_(key), shape_(shape) {
    blocks_.reserve(static_cast<std::size_t>(shape.row_count) * shape.chunk_count);
    const Head none{};
    file_.write(&none, sizeof none);
}

bool CacheEntryWriter::write(std::span<const float> rows) {
    const std::size_t chunk = shape_.chunk_frames;
    bool good = true;
    for (int row = 0; row < shape_.row_count; ++row) {
        const auto samples = std::as_bytes(rows.subspan(row * chunk, chunk));
        // Bits, not values: a negative zero is no silence.
        if (std::all_of(samples.begin(), samples.end(),
                        [](std::byte byte) { return byte == std::byte{0}; })) {
            blocks_.push_back({0, 0});
            continue;
        }
        blocks_.push_back({static_cast<std::uint64_t>(file_.position()), checksum_of(samples)});
        good = file_.write(samples.data(), samples.size());
    }
    return good;
}

void CacheEntryWriter::commit(const std::string& text) {
    TUTTI_CHECK(blocks_.size() == static_cast<std::size_t>(shape_.row_count) * shape_.chunk_count);
    Head head{};
    std::copy(std::begin(magic), std::end(magic), head.magic);
    head.key = key_;
    head.row_count = shape_.row_count;
    head.chunk_frames = shape_.chunk_frames;
    head.chunk_count = shape_.chunk_count;
    head.text_bytes = static_cast<std::uint32_t>(text.size());
    head.table_offset = static_cast<std::uint64_t>(file_.position());
    const auto table = std::as_bytes(std::span(blocks_));
    head.table_checksum = checksum_of(table);
    head.text_checksum = checksum_of(std::as_bytes(std::span(text)));
    head.head_checksum = checksum_of_head(head);
    file_.write(table.data(), table.size());
    file_.write(text.data(), text.size());
    file_.seek(0);
    file_.write(&head, sizeof head);
    file_.commit_unsynced();
}

std::optional<CacheEntryReader> CacheEntryReader::open(const std::filesystem::path& file) {
    try {
        CacheEntryReader reader{InputFile(file)};
        if (reader.read_head()) return reader;
    } catch (const InputError&) {
        // No entry, then.
    }
    return std::nullopt;
}

bool CacheEntryReader::read_head() {
    Head head{};
    const InputFile::Use use(file_);
    if (!read_at(use.descriptor(), &head, sizeof head, 0)) return false;
    if (std::memcmp(head.magic, magic, sizeof magic) != 0) return false;
    if (head.head_checksum != checksum_of_head(head)) return false;
    // From here on the numbers are as they were written.
    key_ = head.key;
    shape_ = {head.row_count, head.chunk_frames, head.chunk_count};
    blocks_.resize(static_cast<std::size_t>(head.row_count) * head.chunk_count);
    text_.resize(head.text_bytes);
    const auto table = std::as_writable_bytes(std::span(blocks_));
    if (head.table_offset + table.size() + text_.size() != file_.size()) return false;
    return read_at(use.descriptor(), table.data(), table.size(), head.table_offset) &&
           checksum_of(table) == head.table_checksum &&
           read_at(use.descriptor(), text_.data(), text_.size(), head.table_offset + table.size()) &&
           checksum_of(std::as_bytes(std::span(text_))) == head.text_checksum;
}

bool CacheEntryReader::read(int chunk, std::span<float> rows) const {
    try {
        const InputFile::Use use(file_);
        return read_rows(use.descriptor(), chunk, rows);
    } catch (const InputError&) {
        return false;  // It was closed for other files, and has been removed since.
    }
}

bool CacheEntryReader::read_rows(int descriptor, int chunk, std::span<float> rows) const {
    const std::size_t frames = shape_.chunk_frames;
    for (int row = 0; row < shape_.row_count; ++row) {
        const CacheEntryWriter::Block& block =
            blocks_[static_cast<std::size_t>(chunk) * shape_.row_count + row];
        const std::span<float> samples = rows.subspan(row * frames, frames);
        if (block.offset == 0) {
            std::fill(samples.begin(), samples.end(), 0.0F);
            continue;
        }
        if (!read_at(descriptor, samples.data(), samples.size_bytes(), block.offset)) return false;
        if (checksum_of(std::as_bytes(samples)) != block.checksum) return false;
    }
    return true;
}

}  // namespace tutti
