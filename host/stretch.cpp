#include "host/stretch.hpp"

#include <algorithm>
#include <cmath>

#include "host/progress.hpp"

namespace tutti {

Stretch find_stretch(double from_s, std::optional<double> to_s, const OpenedSession& opened,
                     const MixPlan& plan, int lookback_frames) {
    const int rate = opened.session.sample_rate_hz;
    const std::int64_t tail =
        opened.session.tail_s ? std::llround(*opened.session.tail_s * rate) : plan.tail_frames;
    const std::int64_t length = opened.end_frame + tail;
    const std::int64_t from = std::llround(from_s * rate);
    if (from >= length) {
        throw InputError("--from " + clock_text(from_s) + " lies behind the end of the session at " +
                         clock_text(static_cast<double>(length) / rate));
    }
    const std::int64_t to = to_s ? std::min<std::int64_t>(std::llround(*to_s * rate), length) : length;
    if (to <= from) {
        throw InputError("--to " + clock_text(*to_s) + " must lie behind --from " + clock_text(from_s));
    }
    // On the grid of control hops of a whole render.
    const std::int64_t first =
        std::max<std::int64_t>(0, from - plan.preroll_frames - lookback_frames) / control_hop * control_hop;
    return {from, to, first};
}

}  // namespace tutti
