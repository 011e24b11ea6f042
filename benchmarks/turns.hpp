#pragma once

#include <cstddef>

namespace tutti::bench {

/// Calls run(contestant) for every contestant `repeat_count` times: turn about, and in the other order every
/// other time, so that a machine that slows down slows all of them.
template <typename Contestants, typename Run>
void take_turns(int repeat_count, Contestants& contestants, const Run& run) {
    for (int i = 0; i < repeat_count; ++i) {
        for (std::size_t turn = 0; turn < contestants.size(); ++turn) {
            run(contestants[i % 2 == 0 ? turn : contestants.size() - 1 - turn]);
        }
    }
}

}  // namespace tutti::bench
