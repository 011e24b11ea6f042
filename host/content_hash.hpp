#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace tutti {

/// XXH64 of a series of bytes (Collet, "xxHash fast digest algorithm", section XXH64), which arrives in
/// pieces of any size. Tells damage and change, and keeps nobody out.
class Xxh64 {
  public:
    explicit Xxh64(std::uint64_t seed = 0);
    void add(std::span<const std::byte> bytes);
    std::uint64_t value() const;

  private:
    static constexpr std::size_t stripe_bytes = 32;
    void take_stripes(const std::byte* bytes, std::size_t count);

    std::array<std::uint64_t, 4> lanes_;
    std::uint64_t seed_;
    std::uint64_t total_ = 0;
    std::array<std::byte, stripe_bytes> rest_{};
};

std::uint64_t checksum_of(std::span<const std::byte> bytes);

/// 128 bits that stand for a content.
struct Digest {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    bool operator==(const Digest&) const = default;
    bool operator<(const Digest& other) const {
        return high != other.high ? high < other.high : low < other.low;
    }

    std::string hex() const;  ///< 32 digits
};

/// A Digest in the making: XXH64 with two seeds.
class ContentHash {
  public:
    void add_bytes(std::span<const std::byte> bytes);

    /// Text with its length, so that no two lists of texts are alike.
    void add(std::string_view text);

    template <typename Number>
    requires(std::is_arithmetic_v<Number> || std::is_enum_v<Number>) void add(Number number) {
        add_bytes(std::as_bytes(std::span(&number, 1)));
    }
    void add(const Digest& digest) {
        add(digest.high);
        add(digest.low);
    }

    Digest digest() const { return {high_.value(), low_.value()}; }

  private:
    Xxh64 high_{0};
    Xxh64 low_{0x9E3779B97F4A7C15U};
};

/// Of a file's bytes. Throws InputError where it cannot be read.
Digest digest_of_file(const std::filesystem::path& file);

/// Of this program. A version says little while a program is being written: its very bytes do.
const Digest& digest_of_program();

}  // namespace tutti
