#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace tutti::bench {

/// An array of floats in memory that processes share: made by one, mapped by the others under path(). Nothing
/// of it is on a disk, and it is gone with the last process that has it.
class SharedFloats {
  public:
    /// Zeros. Throws InputError when the memory is not there.
    static SharedFloats make(std::size_t count);
    /// Maps what another process made. Throws InputError when it is not there or holds fewer.
    static SharedFloats open(const std::filesystem::path& path, std::size_t count);

    SharedFloats(SharedFloats&& other) noexcept;
    SharedFloats& operator=(SharedFloats&&) = delete;
    ~SharedFloats();

    std::span<float> samples() { return {data_, count_}; }
    std::span<const float> samples() const { return {data_, count_}; }

    /// Under which other processes open it while this one has it.
    std::filesystem::path path() const;

  private:
    SharedFloats(int file, std::size_t count, const std::filesystem::path& name);

    int file_ = -1;
    float* data_ = nullptr;
    std::size_t count_ = 0;
};

}  // namespace tutti::bench
