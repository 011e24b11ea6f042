#pragma once

#include <cstdint>
#include <optional>

namespace tutti {

/// What an uncompressed container's header promises of sample data, held against the size of the file.
struct DeclaredLength {
    std::uint64_t promised_bytes = 0;
    std::uint64_t held_bytes = 0;       ///< of those, the bytes that the file really has
    std::uint64_t bytes_per_frame = 0;  ///< 0: not known, or compressed

    bool is_cut_short() const { return held_bytes < promised_bytes; }
};

/// Reads the chunk headers of WAV, RF64, W64, AIFF, CAF and AU. Empty for other formats and for a header that
/// leaves its length open, as programs that write into a pipe do. libsndfile shortens such files to what is
/// there without a word.
std::optional<DeclaredLength> read_declared_length(int descriptor, std::uint64_t file_bytes);

}  // namespace tutti
