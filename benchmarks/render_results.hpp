#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "benchmarks/machine.hpp"
#include "benchmarks/statistics.hpp"
#include "benchmarks/third_octaves.hpp"

namespace tutti::bench {

/// What one contestant came to in one case.
struct RenderedBy {
    std::string name;
    std::string version;
    std::string missing{};                    ///< why it could not take part, or failed; empty: it took part
    bool is_floor = false;                    ///< does only a part of the job
    std::optional<LevelDifference> linear{};  ///< from Tutti's mix, without dynamics
    std::optional<LevelDifference> with_dynamics{};
    bool refused = false;  ///< these are too large: it is not timed
    std::vector<double> wall_s{};
    std::vector<double> cpu_s{};
    double peak_memory_mib = 0.0;
    int crash_count = 0;  ///< runs that failed and were done again; their times are left out

    bool is_timed() const { return !wall_s.empty(); }
};

/// One session. The first contestant is Tutti.
struct RenderCase {
    std::string what;  ///< "128 tracks of 60 s"
    int track_count = 0;
    double mix_s = 0.0;
    std::uint64_t stem_bytes = 0;
    double check_s = 0.0;  ///< length of the excerpt whose levels were compared
    double load = 0.0;     ///< what else the machine did when the timing began: processes that wanted to run
    std::vector<RenderedBy> contestants;
    double transforms_s =
        0.0;  ///< of the FFTs that the session's kernels need, on all cores; 0: not asked for

    const RenderedBy& tutti() const { return contestants.front(); }
    const RenderedBy* find(const std::string& name) const;
    /// Median time to decode the stems and that of the FFTs, one after the other; nothing when one is not
    /// known.
    std::optional<double> bound_s() const;
};

struct RenderResults {
    Machine machine;
    int repeat_count = 0;
    std::vector<RenderCase> cases;
};

/// Names of the floors.
inline constexpr const char* read_floor = "reading the bytes, writing a mix";
inline constexpr const char* decode_floor = "decoding the stems";

/// A contestant's times over Tutti's, run by run; one that ran less often is set against each of Tutti's runs
/// with its last.
Ratio ratio_to(const std::vector<double>& times, const std::vector<double>& tutti_times);

/// The table of one case with its notes, in Markdown.
std::string render_case_text(const RenderCase& which);
/// What stands above the tables.
std::string render_heading(const RenderResults& results);
std::string render_json(const RenderResults& results);

}  // namespace tutti::bench
