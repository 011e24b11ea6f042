#include <cmath>
#include <utility>
#include <vector>

#include "viewer/sound/sink.hpp"

namespace tutti::viewer {

std::string FrameSink::start(int sample_rate_hz, Fill fill) {
    sample_rate_hz_ = sample_rate_hz;
    fill_ = std::move(fill);
    return {};
}

void FrameSink::pass(double seconds) {
    if (!fill_) return;
    std::vector<float> stereo(2 * static_cast<std::size_t>(std::lround(seconds * sample_rate_hz_)));
    fill_(stereo);
}

}  // namespace tutti::viewer
