#include "host/content_hash.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include "engine/errors.hpp"

namespace tutti {

namespace {

static_assert(std::endian::native == std::endian::little, "words are read as they lie in memory");

constexpr std::uint64_t prime_1 = 0x9E3779B185EBCA87U;
constexpr std::uint64_t prime_2 = 0xC2B2AE3D27D4EB4FU;
constexpr std::uint64_t prime_3 = 0x165667B19E3779F9U;
constexpr std::uint64_t prime_4 = 0x85EBCA77C2B2AE63U;
constexpr std::uint64_t prime_5 = 0x27D4EB2F165667C5U;

template <typename Word>
std::uint64_t word_at(const std::byte* bytes) {
    Word word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

std::uint64_t round(std::uint64_t lane, std::uint64_t word) {
    return std::rotl(lane + word * prime_2, 31) * prime_1;
}

std::uint64_t merge(std::uint64_t hash, std::uint64_t lane) {
    return (hash ^ round(0, lane)) * prime_1 + prime_4;
}

/// What is left of the bytes when all whole stripes are taken.
std::uint64_t take_rest(std::uint64_t hash, const std::byte* bytes, std::size_t count) {
    for (; count >= 8; count -= 8, bytes += 8) {
        hash = std::rotl(hash ^ round(0, word_at<std::uint64_t>(bytes)), 27) * prime_1 + prime_4;
    }
    if (count >= 4) {
        hash = std::rotl(hash ^ (word_at<std::uint32_t>(bytes) * prime_1), 23) * prime_2 + prime_3;
        count -= 4;
        bytes += 4;
    }
    for (; count > 0; --count, ++bytes) {
        hash = std::rotl(hash ^ (word_at<std::uint8_t>(bytes) * prime_5), 11) * prime_1;
    }
    return hash;
}

}  // namespace

Xxh64::Xxh64(std::uint64_t seed)
    : lanes_{seed + prime_1 + prime_2, seed + prime_2, seed, seed - prime_1}, seed_(seed) {}

void Xxh64::take_stripes(const std::byte* bytes, std::size_t count) {
    auto [a, b, c, d] = lanes_;
    for (; count > 0; --count, bytes += stripe_bytes) {
        a = round(a, word_at<std::uint64_t>(bytes));
        b = round(b, word_at<std::uint64_t>(bytes + 8));
        c = round(c, word_at<std::uint64_t>(bytes + 16));
        d = round(d, word_at<std::uint64_t>(bytes + 24));
    }
    lanes_ = {a, b, c, d};
}

void Xxh64::add(std::span<const std::byte> bytes) {
    std::size_t kept = total_ % stripe_bytes;
    total_ += bytes.size();
    if (kept > 0) {
        const std::size_t more = std::min(stripe_bytes - kept, bytes.size());
        std::copy_n(bytes.begin(), more, rest_.begin() + static_cast<std::ptrdiff_t>(kept));
        bytes = bytes.subspan(more);
        kept += more;
        if (kept < stripe_bytes) return;
        take_stripes(rest_.data(), 1);
    }
    const std::size_t stripes = bytes.size() / stripe_bytes;
    take_stripes(bytes.data(), stripes);
    bytes = bytes.subspan(stripes * stripe_bytes);
    std::copy(bytes.begin(), bytes.end(), rest_.begin());
}

std::uint64_t Xxh64::value() const {
    std::uint64_t hash = seed_ + prime_5;
    if (total_ >= stripe_bytes) {
        hash = std::rotl(lanes_[0], 1) + std::rotl(lanes_[1], 7) + std::rotl(lanes_[2], 12) +
               std::rotl(lanes_[3], 18);
        for (const std::uint64_t lane : lanes_) hash = merge(hash, lane);
    }
    hash = take_rest(hash + total_, rest_.data(), total_ % stripe_bytes);
    hash = (hash ^ (hash >> 33U)) * prime_2;
    hash = (hash ^ (hash >> 29U)) * prime_3;
    return hash ^ (hash >> 32U);
}

std::uint64_t checksum_of(std::span<const std::byte> bytes) {
    Xxh64 hash;
    hash.add(bytes);
    return hash.value();
}

std::string Digest::hex() const {
    char text[33];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(high),
                  static_cast<unsigned long long>(low));
    return text;
}

void ContentHash::add_bytes(std::span<const std::byte> bytes) {
    high_.add(bytes);
    low_.add(bytes);
}

void ContentHash::add(std::string_view text) {
    add(text.size());
    add_bytes(std::as_bytes(std::span(text)));
}

Digest digest_of_file(const std::filesystem::path& file) {
    const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) throw InputError(file.string() + ": cannot be read: " + std::strerror(errno));
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    ContentHash hash;
    std::vector<std::byte> buffer(std::size_t{256} << 10U);
    ssize_t count = 0;
    do {
        count = read(descriptor, buffer.data(), buffer.size());
        if (count > 0) hash.add_bytes(std::span(buffer).first(static_cast<std::size_t>(count)));
    } while (count > 0 || (count < 0 && errno == EINTR));
    const int error = errno;
    close(descriptor);
    if (count < 0) throw InputError(file.string() + ": cannot be read: " + std::strerror(error));
    return hash.digest();
}

const Digest& digest_of_program() {
    static const Digest program = digest_of_file("/proc/self/exe");
    return program;
}

}  // namespace tutti
