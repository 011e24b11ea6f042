#pragma once

#include <cstdint>
#include <string>

namespace tutti {

/// "90", "1:30", "1:02:03.5" -> seconds. Throws InputError naming `what` and what is allowed.
double parse_time_s(const std::string& text, const std::string& what);

/// "4GiB", "512 MiB", "2G", "1000000" -> bytes; K, M, G, T are powers of 1024. Throws InputError likewise.
std::uint64_t parse_bytes(const std::string& text, const std::string& what);

/// 1610612736 -> "1.5 GiB".
std::string bytes_text(std::uint64_t bytes);

}  // namespace tutti
