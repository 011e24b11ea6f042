#pragma once

#include <filesystem>
#include <ostream>
#include <string>

#include "benchmarks/mix_session.hpp"

namespace tutti::bench {

struct RenderOptions {
    std::filesystem::path tutti;    ///< the program
    std::filesystem::path session;  ///< empty: one is made from `recipe`
    MixRecipe recipe;
    std::string device = "cpu";
    bool against_ffmpeg = false;
    int repeat_count = 5;
    std::filesystem::path json;  ///< empty: none is written
    std::filesystem::path
        keep;  ///< a folder for the session, the graph, the mixes and the logs; empty: they are removed
};

/// Times `tutti render` as a user runs it, whole processes from files to a file, and the same session in
/// ffmpeg, turn about. First both mixes are compared by their third-octave levels; mixes that are far apart
/// are not timed (returns false). Throws InputError for what cannot be read or run.
bool benchmark_render(const RenderOptions& options, std::ostream& out);

}  // namespace tutti::bench
