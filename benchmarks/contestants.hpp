#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace tutti::bench {

/// What --against takes.
inline constexpr std::array<const char*, 7> peer_keys = {"fftw",  "zita",     "scipy", "torch",
                                                         "bound", "brutefir", "ffmpeg"};

/// Who is to take part: Tutti on these devices, and these peers.
struct ContestantChoice {
    std::vector<std::string> devices = {"cpu"};
    std::vector<std::string> peers = {peer_keys.begin(), peer_keys.end()};

    bool has(const std::string& key) const;
};

/// A program that takes part: it serves as worker.hpp says.
struct ContestantProgram {
    std::string key;  ///< what --against calls it
    std::string name;
    std::string version{};               ///< of the program or the library in it
    std::vector<std::string> command{};  ///< empty when it cannot take part
    std::string missing{};               ///< why it cannot take part here; empty: it can
    bool is_bound = false;  ///< not a contestant, but what none that uses FFTW can be faster than
    bool is_tutti = false;
};

/// Where the programs are.
struct ProgramPlaces {
    std::filesystem::path tutti_bench;
    std::filesystem::path tutti;
};

/// Tutti on each device, then of its peers those in `choice`, whether they are here or not, and the bound
/// last.
std::vector<ContestantProgram> contestants_in_memory(const ProgramPlaces& places,
                                                     const ContestantChoice& choice);

}  // namespace tutti::bench
