#include "host/plan_steps.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace tutti {

void StepList::push(MixStep step) {
    if (!step.mixer.routes.empty()) plan_.steps.emplace_back(std::move(step));
}

void StepList::push(ConvolveStep step) {
    if (!step.convolver.paths.empty()) plan_.steps.emplace_back(std::move(step));
}

void StepList::add_route(MixStep& step, const MixRoute& route) {
    longest_delay_ = std::max(longest_delay_, route.delay_frames);
    step.mixer.routes.push_back(route);
}

void StepList::add_routes(MixStep& step, const Signal& from, const ChannelGains& gains,
                          std::span<const int> output_rows, int latency) {
    const int delay = latency - from.latency + from.delay;
    for (std::size_t out = 0; out < output_rows.size(); ++out) {
        for (int in = 0; in < from.channels; ++in) {
            const auto gain = static_cast<float>(gains[out][in] * from.gain);
            if (gain != 0.0F) add_route(step, {from.rows[in], output_rows[out], gain, delay, -1});
        }
    }
}

void StepList::silence_unfed(MixStep& step, std::size_t first_route, std::span<const int> rows) {
    std::vector<int> unfed;
    for (const int row : rows) {
        const auto begin = step.mixer.routes.begin() + static_cast<std::ptrdiff_t>(first_route);
        const auto feeds = [&](const MixRoute& route) { return route.output_row == row; };
        if (std::none_of(begin, step.mixer.routes.end(), feeds)) unfed.push_back(row);
    }
    for (const int row : unfed) add_route(step, {row, row, 0.0F, 0, -1});
}

void StepList::settle(MixStep& step, Signal& signal) {
    if (signal.is_plain()) return;
    if (signal.delay > 0) {
        copy_settled(step, signal);
        return;
    }
    for (int c = 0; c < signal.channels; ++c) {
        add_route(step, {signal.rows[c], signal.rows[c], static_cast<float>(signal.gain), 0, -1});
    }
    signal.gain = 1.0;
}

void StepList::copy_settled(MixStep& step, Signal& signal) {
    for (int c = 0; c < signal.channels; ++c) {
        const int row = new_row();
        add_route(step, {signal.rows[c], row, static_cast<float>(signal.gain), signal.delay, -1});
        signal.rows[c] = row;
    }
    signal.gain = 1.0;
    signal.delay = 0;
}

}  // namespace tutti
