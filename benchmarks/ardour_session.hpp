#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "benchmarks/ardour_project.hpp"
#include "host/render.hpp"

namespace tutti::bench {

/// A session as an Ardour 7 session in a folder of its own.
class ArdourSession {
  public:
    /// Builds it with ardour7-lua, which takes a while, and brings in the stems, which must be stereo files
    /// at the session's rate and stay where they are. Everything is written into `folder`, which exists: also
    /// the impulse responses, as presets of the convolver, and Ardour's own settings. Throws InputError for
    /// what Ardour has no like of, naming the strip, and when Ardour fails.
    ArdourSession(const OpenedSession& opened, std::filesystem::path folder);

    /// Writes a version of it that ends at `end_frame`, `with_dynamics` or with compressors and limiters
    /// switched off; returns the command that exports it as a float WAV file.
    std::vector<std::string> prepare_export(const std::string& version, std::int64_t end_frame,
                                            bool with_dynamics, const std::filesystem::path& mix) const;

  private:
    std::filesystem::path folder_;
    std::string project_;  ///< the session file as it was built
    int sample_rate_hz_;
    std::vector<ArdourRegion> regions_;
};

/// The Lua program that builds the session under `folder`, but for its regions. Track i is called "track i +
/// 1", buses likewise. Throws InputError for what Ardour has no like of.
std::string ardour_script(const OpenedSession& opened, const std::filesystem::path& folder);

/// Where Ardour's balance stands so that the far side has the gain of ours: 0 left ... 1 right.
double ardour_balance(double pan);

}  // namespace tutti::bench
