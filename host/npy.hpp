#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace tutti {

using NpyShape = std::vector<std::int64_t>;

/// "(128, 600, 75)"; "(3,)".
std::string npy_shape_text(const NpyShape& shape);

/// Elements of an array of that shape, all of its lengths 0 or more. Throws InputError when they are more
/// than a file could hold.
std::int64_t npy_element_count(const NpyShape& shape);

/// An element's type as numpy calls it: of float "float32", of std::uint16_t (IEEE half precision) "float16",
/// of std::uint8_t "uint8".
template <typename T>
const char* npy_type_name();

/// Writes an array in C order as a NumPy file of version 1.0 (NEP 1), little-endian, its data from a multiple
/// of 64 bytes. It appears complete or not at all. Throws InputError with the system's reason.
template <typename T>
void write_npy(const std::filesystem::path& file, const NpyShape& shape, std::span<const T> elements);

/// Reads a NumPy file, version 1.0 to 3.0, that has to hold exactly such an array in C order, little-endian.
/// Memory is taken only after the header and the file's size have been found right. Throws InputError naming
/// the file, what is in it and what is expected.
template <typename T>
std::vector<T> read_npy(const std::filesystem::path& file, const NpyShape& shape);

}  // namespace tutti
