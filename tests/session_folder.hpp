#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/backend.hpp"
#include "host/plan.hpp"
#include "host/session.hpp"
#include "tests/audio_files.hpp"
#include "tests/program.hpp"
#include "tests/signals.hpp"

namespace tutti::tests {

inline constexpr int test_rate_hz = 48000;

/// A folder with a session, its stems and what is rendered from it.
class SessionFolder {
  public:
    /// Writes a stem as 32-bit float WAV at 48 kHz.
    void add_stem(const std::string& name, const Channels& channels, int format = 0) const;

    /// Writes session.toml: `[session] sample_rate = 48000` and then `text`.
    void write_session(const std::string& text) const;

    std::filesystem::path path(const std::string& name) const { return folder_ / name; }
    std::filesystem::path session() const { return folder_ / "session.toml"; }
    std::vector<std::string> names() const { return folder_.names(); }

    /// `tutti render session.toml -o mix.wav --bits 32f --quiet` with more arguments, which may name another
    /// -o and other --bits; the mix as [channel][frame]. Fails the test when the program does.
    Channels render(const std::vector<std::string>& more = {}) const;

    /// The same without looking at the outcome.
    ProgramResult try_render(const std::vector<std::string>& more = {}) const;

  private:
    TempFolder folder_;
};

/// --device words for every backend of this machine: "cpu" and, where there is one, "vulkan:0".
std::vector<std::string> device_words();

/// Float rows of double ones.
Signals to_signals(const Channels& channels);

}  // namespace tutti::tests
