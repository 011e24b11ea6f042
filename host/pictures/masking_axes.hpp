#pragma once

#include <string>
#include <vector>

#include "host/masking_results.hpp"
#include "host/pictures/canvas.hpp"
#include "host/pictures/colour_map.hpp"

namespace tutti {

/// "0:00", "12:05", "1:02:03".
std::string tick_clock_text(double seconds);

/// Frequencies upwards over a box, evenly on the Cam scale from 20 Hz to 20 kHz.
class CamAxis {
  public:
    explicit CamAxis(const Box& plot) : plot_(plot) {}

    double y(double hz) const;

    /// The part of the plot that hearing is modelled in: the display bands.
    Box modelled() const;

    /// Upper and lower edge of a display band and of a band group.
    Box band_group(int group, double left, double right) const;

    /// Labels in Hz at the left, lines across, and hatching over what is not modelled.
    void paint(Canvas& canvas) const;

  private:
    Box plot_;
};

/// Time from left to right over a box: m:ss and, with a tempo, bars.
class TimeAxis {
  public:
    TimeAxis(const MaskingResults& results, const Box& plot) : results_(results), plot_(plot) {}

    /// `s`: on the session's time line.
    double x(double s) const;

    /// Labels below the plot, in one line or two, and ticks.
    void paint(Canvas& canvas) const;

    static constexpr double height = 44.0;  ///< of the labels

  private:
    double end_s() const { return results_.from_s + results_.duration_s; }
    void paint_bars(Canvas& canvas) const;

    const MaskingResults& results_;
    Box plot_;
};

/// What the colours of margins mean, in words: a bar from left to right with the classes under it.
void paint_margin_legend(Canvas& canvas, double left, double top, double width);

/// What the colours of amounts mean: a bar with numbers under it and `words` behind. `palest`: place in the
/// map of the least amount.
void paint_amount_legend(Canvas& canvas, double left, double top, double width, const AmountScale& scale,
                         const std::string& words, ColourMap map = ColourMap::amount, double palest = 0.0);

/// Two significant digits, as people write them: "0.05", "12", "3 400".
std::string amount_text(double amount);

/// "31 %"; "under 1 %".
std::string percent_text(double share);

}  // namespace tutti
