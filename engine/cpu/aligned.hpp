#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace tutti::cpu {

/// Memory on cache-line borders, as vectors need it.
template <typename T>
struct AlignedAllocator {
    using value_type = T;
    static constexpr std::align_val_t alignment{64};

    AlignedAllocator() = default;
    template <typename U>
    explicit AlignedAllocator(const AlignedAllocator<U>& /*other*/) {}

    T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), alignment)); }
    void deallocate(T* pointer, std::size_t /*count*/) { ::operator delete(pointer, alignment); }
    bool operator==(const AlignedAllocator& /*other*/) const { return true; }
};

using AlignedFloats = std::vector<float, AlignedAllocator<float>>;

/// `count` floats rounded up to whole cache lines.
constexpr std::size_t padded(std::size_t count) { return (count + 15) / 16 * 16; }

}  // namespace tutti::cpu
