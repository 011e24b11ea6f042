#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace tutti {

/// What one huge page of memory has, where there are any (x86-64, and most others).
inline constexpr std::size_t huge_page_bytes = std::size_t{2} << 20;

/// Memory on cache-line borders, as vectors need it. From one huge page on it lies on the borders of such,
/// and the system is asked to use them for all that is whole pages: transforms stride through memory, and
/// sizes are known before the first sample, so that nothing is taken in vain. Throws std::bad_alloc.
void* take_aligned(std::size_t bytes);
void give_back_aligned(void* pointer, std::size_t bytes);

template <typename T>
struct AlignedAllocator {
    using value_type = T;

    AlignedAllocator() = default;
    template <typename U>
    explicit AlignedAllocator(const AlignedAllocator<U>& /*other*/) {}

    T* allocate(std::size_t count) { return static_cast<T*>(take_aligned(count * sizeof(T))); }
    void deallocate(T* pointer, std::size_t count) { give_back_aligned(pointer, count * sizeof(T)); }
    bool operator==(const AlignedAllocator& /*other*/) const { return true; }
};

using AlignedFloats = std::vector<float, AlignedAllocator<float>>;

/// `count` floats rounded up to whole cache lines.
constexpr std::size_t padded(std::size_t count) { return (count + 15) / 16 * 16; }

}  // namespace tutti
