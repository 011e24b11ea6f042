#pragma once

#include <cstdint>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "benchmarks/contestants.hpp"
#include "benchmarks/standard_session.hpp"

namespace tutti::bench {

struct RenderOptions {
    ProgramPlaces places;
    std::filesystem::path session;         ///< empty: standard ones are made from `recipe`
    StandardRecipe recipe;                 ///< but for its number of tracks
    std::vector<int> track_counts = {32};  ///< a case each
    std::string device = "cpu";
    std::vector<std::string> peers = {"ffmpeg", "ardour", "bound"};
    int repeat_count = 3;
    int slow_repeat_count = 1;   ///< of those who take minutes: Ardour
    double check_s = 10.0;       ///< of the mix whose levels are compared
    std::filesystem::path json;  ///< these are written when not empty
    std::filesystem::path markdown;
    std::filesystem::path picture;      ///< of growth
    std::filesystem::path wisdom_file;  ///< where FFTW's plans are kept; empty: nowhere
    std::filesystem::path keep;         ///< a folder for sessions, mixes and logs; empty: they are removed

    bool has_peer(const std::string& key) const;
};

/// Makes the standard session of so many tracks in `folder`, in a process of its own; returns the session
/// file. Throws InputError as write_standard_mix() does.
std::filesystem::path make_session(const RenderOptions& options, int track_count, double seconds,
                                   const std::filesystem::path& folder);

/// Times `tutti render` as a user runs it, whole processes from files to a file, beside the same session in
/// ffmpeg and Ardour and beside the floors, turn about. First everyone's mix is compared with Tutti's by
/// third-octave levels; who is far off is not timed. Returns false when somebody was refused or failed; a
/// peer that is not installed is only said to be missing. Throws InputError for what cannot be read or run.
bool benchmark_render(const RenderOptions& options, std::ostream& out);

}  // namespace tutti::bench
