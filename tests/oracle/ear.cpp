#include "tests/oracle/ear.hpp"

#include <span>
#include <vector>

#include "engine/errors.hpp"
#include "engine/masking_tables.hpp"

namespace tutti::oracle {

namespace {

/// Second derivatives at the points: continuous first derivatives give an equation per inner point, solved
/// from the first to the last and back; the ends are straight.
std::vector<double> spline_bends(std::span<const TablePoint> points) {
    const std::size_t count = points.size();
    std::vector<double> bends(count);
    std::vector<double> next_share(count);
    for (std::size_t i = 1; i + 1 < count; ++i) {
        const double before = points[i].x - points[i - 1].x;
        const double after = points[i + 1].x - points[i].x;
        const double turn =
            (points[i + 1].y - points[i].y) / after - (points[i].y - points[i - 1].y) / before;
        const double pivot = 2.0 * (before + after) - before * next_share[i - 1];
        next_share[i] = after / pivot;
        bends[i] = (6.0 * turn - before * bends[i - 1]) / pivot;
    }
    for (std::size_t i = count - 1; i-- > 1;) bends[i] -= next_share[i] * bends[i + 1];
    return bends;
}

double on_spline(std::span<const TablePoint> points, double x) {
    TUTTI_CHECK(x >= points.front().x && x <= points.back().x);
    const std::vector<double> bends = spline_bends(points);
    std::size_t above = 1;
    while (points[above].x < x) ++above;
    const TablePoint& from = points[above - 1];
    const TablePoint& to = points[above];
    const double width = to.x - from.x;
    const double a = (to.x - x) / width;
    const double b = (x - from.x) / width;
    return a * from.y + b * to.y +
           ((a * a * a - a) * bends[above - 1] + (b * b * b - b) * bends[above]) * width * width / 6.0;
}

}  // namespace

double splined_ear_transfer_db(SoundField field, double hz) {
    const double middle = on_spline(middle_ear_table(), hz);
    if (field == SoundField::free) return middle + on_spline(free_field_table(), hz);
    if (field == SoundField::diffuse) return middle + on_spline(diffuse_field_table(), hz);
    return middle;
}

}  // namespace tutti::oracle
