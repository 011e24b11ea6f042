#include "host/declared_length.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace tutti {

namespace {

/// Whole numbers at byte offsets of a file; 0 past its end.
class Bytes {
  public:
    Bytes(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}

    std::uint64_t size() const { return size_; }

    std::uint64_t little(std::uint64_t offset, int width) const {
        const auto bytes = load(offset);
        std::uint64_t value = 0;
        for (int i = width - 1; i >= 0; --i) value = value << 8U | bytes[static_cast<std::size_t>(i)];
        return value;
    }

    std::uint64_t big(std::uint64_t offset, int width) const {
        const auto bytes = load(offset);
        std::uint64_t value = 0;
        for (int i = 0; i < width; ++i) value = value << 8U | bytes[static_cast<std::size_t>(i)];
        return value;
    }

    bool has(std::uint64_t offset, std::string_view id) const {
        const auto bytes = load(offset);
        return std::memcmp(bytes.data(), id.data(), id.size()) == 0;
    }

  private:
    std::array<unsigned char, 8> load(std::uint64_t offset) const {
        std::array<unsigned char, 8> bytes{};
        if (offset < size_ &&
            pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset)) < 0) {
            bytes.fill(0);
        }
        return bytes;
    }

    int descriptor_;
    std::uint64_t size_;
};

/// How a family of containers writes the head of a chunk.
struct ChunkHead {
    bool big_endian;
    int id_bytes;
    int size_bytes;
    std::uint64_t alignment;
    bool size_counts_head;

    std::uint64_t bytes() const { return static_cast<std::uint64_t>(id_bytes + size_bytes); }
};

constexpr ChunkHead riff_head{false, 4, 4, 2, false};
constexpr ChunkHead w64_head{false, 16, 8, 8, true};
constexpr ChunkHead aiff_head{true, 4, 4, 2, false};
constexpr ChunkHead caf_head{true, 4, 8, 1, false};

/// More chunks than any program writes; ends the walk through a hostile file.
constexpr int most_chunks = 4096;

/// Calls visit(offset of the body, its size, offset of the id) for each chunk until it returns true or the
/// file ends.
template <typename Visit>
void walk_chunks(const Bytes& file, const ChunkHead& head, std::uint64_t offset, const Visit& visit) {
    for (int chunk = 0; chunk < most_chunks && offset + head.bytes() <= file.size(); ++chunk) {
        const std::uint64_t size_at = offset + static_cast<std::uint64_t>(head.id_bytes);
        std::uint64_t size =
            head.big_endian ? file.big(size_at, head.size_bytes) : file.little(size_at, head.size_bytes);
        if (head.size_counts_head) size -= std::min(size, head.bytes());
        const std::uint64_t body = offset + head.bytes();
        if (visit(body, size, offset) || size > file.size() - body) return;
        const std::uint64_t end = body + size;
        offset = (end + head.alignment - 1) / head.alignment * head.alignment;
    }
}

DeclaredLength held_against(const Bytes& file, std::uint64_t start, std::uint64_t promised,
                            std::uint64_t bytes_per_frame) {
    const std::uint64_t there = file.size() > start ? file.size() - start : 0;
    return {promised, std::min(promised, there), bytes_per_frame};
}

using Found = std::optional<DeclaredLength>;

/// WAV and RF64 (EBU Tech 3306). The two marks of an open length are ffmpeg's and sox's when they write into
/// a pipe.
Found riff_length(const Bytes& file) {
    constexpr std::uint64_t open = 0xFFFFFFFF;
    constexpr std::uint64_t open_by_sox = 0x7FFFF000;
    const bool is_rf64 = file.has(0, "RF64");
    std::uint64_t bytes_per_frame = 0;
    std::uint64_t long_size = 0;
    Found found;
    walk_chunks(file, riff_head, 12, [&](std::uint64_t body, std::uint64_t size, std::uint64_t id) {
        if (file.has(id, "fmt ")) bytes_per_frame = file.little(body + 12, 2);
        if (file.has(id, "ds64")) long_size = file.little(body + 8, 8);
        if (!file.has(id, "data")) return false;
        if (is_rf64 && size == open) size = long_size;
        if (size != 0 && size != open && size != open_by_sox) {
            found = held_against(file, body, size, bytes_per_frame);
        }
        return true;
    });
    return found;
}

Found w64_length(const Bytes& file) {
    std::uint64_t bytes_per_frame = 0;
    Found found;
    walk_chunks(file, w64_head, 40, [&](std::uint64_t body, std::uint64_t size, std::uint64_t id) {
        if (file.has(id, "fmt ")) bytes_per_frame = file.little(body + 12, 2);
        if (!file.has(id, "data")) return false;
        if (size != 0) found = held_against(file, body, size, bytes_per_frame);
        return true;
    });
    return found;
}

Found aiff_length(const Bytes& file) {
    std::uint64_t frames = 0;
    Found found;
    walk_chunks(file, aiff_head, 12, [&](std::uint64_t body, std::uint64_t size, std::uint64_t id) {
        if (file.has(id, "COMM")) frames = file.big(body + 2, 4);
        if (!file.has(id, "SSND")) return false;
        const std::uint64_t before_samples = 8 + file.big(body, 4);
        if (size <= before_samples) return true;
        const std::uint64_t promised = size - before_samples;
        const bool divides = frames > 0 && promised % frames == 0;
        found = held_against(file, body + before_samples, promised, divides ? promised / frames : 0);
        return true;
    });
    return found;
}

Found caf_length(const Bytes& file) {
    constexpr std::uint64_t open = ~std::uint64_t{0};
    constexpr std::uint64_t edit_count_bytes = 4;
    std::uint64_t bytes_per_frame = 0;
    Found found;
    walk_chunks(file, caf_head, 8, [&](std::uint64_t body, std::uint64_t size, std::uint64_t id) {
        if (file.has(id, "desc") && file.big(body + 20, 4) == 1) bytes_per_frame = file.big(body + 16, 4);
        if (!file.has(id, "data")) return false;
        if (size != open && size > edit_count_bytes) {
            found = held_against(file, body + edit_count_bytes, size - edit_count_bytes, bytes_per_frame);
        }
        return true;
    });
    return found;
}

Found au_length(const Bytes& file) {
    constexpr std::uint64_t open = 0xFFFFFFFF;
    const std::uint64_t size = file.big(8, 4);
    if (size == 0 || size == open) return {};
    return held_against(file, file.big(4, 4), size, 0);
}

}  // namespace

std::optional<DeclaredLength> read_declared_length(int descriptor, std::uint64_t file_bytes) {
    const Bytes file(descriptor, file_bytes);
    if (file.has(0, "RIFF") || file.has(0, "RF64")) return riff_length(file);
    if (file.has(0, "riff")) return w64_length(file);
    if (file.has(0, "FORM")) return aiff_length(file);
    if (file.has(0, "caff")) return caf_length(file);
    if (file.has(0, ".snd")) return au_length(file);
    return {};
}

}  // namespace tutti
