#pragma once

#include <ostream>
#include <vector>

#include "benchmarks/chart.hpp"
#include "benchmarks/render.hpp"

namespace tutti::bench {

/// What Tutti took for one standard session.
struct GrowthPoint {
    int track_count = 0;
    double seconds = 0.0;  ///< of the stems
    std::vector<double> wall_s;
    std::vector<double> cpu_s;
    double peak_memory_mib = 0.0;

    double track_minutes() const { return track_count * seconds / 60.0; }
};

/// By how many times the CPU time per track minute of the last point is that of the point before it that is
/// at least four times as small: 1 where the time grows as a straight line. 0 for fewer than two points.
double end_slope(const std::vector<GrowthPoint>& points);

/// CPU and wall time against the minutes of tracks, over tracks and over minutes, and the straight line
/// through the largest session.
Chart growth_chart(const std::vector<GrowthPoint>& over_tracks, const std::vector<GrowthPoint>& over_minutes,
                   const std::string& cpu);

/// Times Tutti alone over standard sessions of 32 ... 1024 tracks and of 10 s ... 10 minutes, prints what
/// they took and draws it. Throws as benchmark_render() does.
void benchmark_growth(const RenderOptions& options, std::ostream& out);

}  // namespace tutti::bench
