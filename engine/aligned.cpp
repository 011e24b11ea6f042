#include "engine/aligned.hpp"

#include <sys/mman.h>

namespace tutti {

namespace {

constexpr std::size_t cache_line = 64;
constexpr std::size_t huge_page = std::size_t{2} << 20;

std::align_val_t alignment_of(std::size_t bytes) {
    return std::align_val_t{bytes >= 2 * huge_page ? huge_page : cache_line};
}

}  // namespace

void* take_aligned(std::size_t bytes) {
    void* const pointer = ::operator new(bytes, alignment_of(bytes));
#ifdef MADV_HUGEPAGE
    // Whole pages only, so that no more is taken than was asked for. A system without them says no: well.
    if (bytes >= 2 * huge_page) madvise(pointer, bytes / huge_page * huge_page, MADV_HUGEPAGE);
#endif
    return pointer;
}

void give_back_aligned(void* pointer, std::size_t bytes) { ::operator delete(pointer, alignment_of(bytes)); }

}  // namespace tutti
