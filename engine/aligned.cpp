#include "engine/aligned.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace tutti {

namespace {

constexpr std::size_t cache_line = 64;

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TUTTI_MEMORY_IS_WATCHED
#endif
#endif

/// Whether so many bytes come from the system, and go back to it. The heap would hand out again what was in
/// small pages before, which stays so. Where a sanitizer watches what is read and written, all is the heap's.
constexpr bool is_mapped(std::size_t bytes) {
#ifdef TUTTI_MEMORY_IS_WATCHED
    return bytes == SIZE_MAX;
#else
    return bytes >= huge_page_bytes;
#endif
}

std::size_t whole_pages(std::size_t bytes) {
    static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return (bytes + page - 1) / page * page;
}

void* map_huge(std::size_t bytes) {
    const std::size_t size = whole_pages(bytes);
    void* const mapped =
        mmap(nullptr, size + huge_page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) throw std::bad_alloc();
    // Of the place that was asked for, what lies before and behind whole huge pages goes back.
    const auto at = reinterpret_cast<std::uintptr_t>(mapped);
    const std::size_t before = (huge_page_bytes - at % huge_page_bytes) % huge_page_bytes;
    char* const begin = static_cast<char*>(mapped) + before;
    if (before > 0) munmap(mapped, before);
    if (before < huge_page_bytes) munmap(begin + size, huge_page_bytes - before);
#ifdef MADV_HUGEPAGE
    // Whole pages only, so that no more is taken than was asked for. A system without them says no: well.
    madvise(begin, bytes / huge_page_bytes * huge_page_bytes, MADV_HUGEPAGE);
#endif
    return begin;
}

}  // namespace

void* take_aligned(std::size_t bytes) {
    return is_mapped(bytes) ? map_huge(bytes) : ::operator new (bytes, std::align_val_t{cache_line});
}

void give_back_aligned(void* pointer, std::size_t bytes) {
    if (is_mapped(bytes)) {
        munmap(pointer, whole_pages(bytes));
    } else {
        ::operator delete (pointer, std::align_val_t{cache_line});
    }
}

}  // namespace tutti
