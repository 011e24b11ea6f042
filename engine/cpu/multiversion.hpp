#pragma once

/// Compiles a hot loop for several generations of CPUs; the one that fits is chosen when the program starts.
/// Off under sanitizers, whose start-up comes after the choice, and where the compiler does not know it.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define TUTTI_MULTIVERSION \
    __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), optimize("O3")))
#else
#define TUTTI_MULTIVERSION
#endif
