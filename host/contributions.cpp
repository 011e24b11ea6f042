#include "host/contributions.hpp"

#include <algorithm>
#include <utility>

#include "host/plan_kernels.hpp"
#include "host/power_response.hpp"
#include "host/strip_gains.hpp"

namespace tutti {

namespace {

/// A kernel that rings on for longer than the longest window of the analysis is heard as something after the
/// sound; a shorter one colours it.
constexpr double longest_colour_s = 0.064;

bool is_zero(const ChannelGains& gains) { return gains == ChannelGains{}; }

/// Calls found(gains) for every way on which `from` feeds `to`.
template <typename Found>
void for_each_way(const Strip& from, int from_channels, const std::string& to, int to_channels,
                  const Found& found) {
    if (from.output == to) found(fader_gains(from, from_channels, to_channels));
    for (const Send& send : from.sends) {
        if (send.to == to) found(send_gains(from, send, from_channels, to_channels));
    }
}

void add(ChannelGains& sum, const ChannelGains& gains) {
    for (int out = 0; out < 2; ++out) {
        for (int in = 0; in < 2; ++in) sum[out][in] += gains[out][in];
    }
}

std::vector<double> product(const std::vector<double>& a, std::vector<double> b) {
    for (std::size_t i = 0; i < a.size(); ++i) b[i] *= a[i];
    return b;
}

/// Power behind gains: that of the one channel an output comes from. Where channels of different power meet,
/// their mean, weighted by what comes of them.
std::array<std::vector<double>, 2> mixed_power(const Contribution& part, const ChannelGains& gains) {
    if (part.power[0] == part.power[1]) return part.power;
    std::array<std::vector<double>, 2> mixed;
    for (int out = 0; out < 2; ++out) {
        const double a = gains[out][0] * gains[out][0];
        const double b = gains[out][1] * gains[out][1];
        if (a + b == 0.0) continue;
        const std::size_t count = std::max(part.power[0].size(), part.power[1].size());
        mixed[out].resize(count);
        for (std::size_t i = 0; i < count; ++i) {
            const double left = part.power[0].empty() ? 1.0 : part.power[0][i];
            const double right = part.power[1].empty() ? 1.0 : part.power[1][i];
            mixed[out][i] = (a * left + b * right) / (a + b);
        }
    }
    return mixed;
}

bool has_tail(const FusedKernel& kernel, int sample_rate_hz) {
    const double longest = longest_colour_s * sample_rate_hz;
    return std::any_of(kernel.paths.begin(), kernel.paths.end(), [&](const auto& row) {
        return std::any_of(row.begin(), row.end(),
                           [&](const auto& taps) { return static_cast<double>(taps.size()) > longest; });
    });
}

bool has_convolution(const Strip& strip, bool fully_wet) {
    return std::any_of(strip.inserts.begin(), strip.inserts.end(), [&](const Insert& insert) {
        const auto* convolution = std::get_if<ConvolutionInsert>(&insert.processor);
        return convolution != nullptr && !insert.bypass && (!fully_wet || convolution->mix == 1.0);
    });
}

}  // namespace

Contributions::Contributions(const Routing& routing, StepList& steps,
                             std::span<const std::span<const Stage>> chains, std::vector<double> component_hz,
                             std::vector<int> owners)
    : routing_(routing),
      steps_(steps),
      component_hz_(std::move(component_hz)),
      owners_(std::move(owners)),
      is_return_(routing.strip_count(), false),
      of_strip_(routing.strip_count()),
      sources_(routing.strip_count()) {
    find_returns(chains);
}

void Contributions::find_returns(std::span<const std::span<const Stage>> chains) {
    const int rate_hz = steps_.plan().sample_rate_hz;
    for (int bus = static_cast<int>(owners_.size()); bus < routing_.master(); ++bus) {
        const Strip& strip = routing_.strip(bus);
        const std::vector<int>& feeders = routing_.feeders(bus);
        const bool has_outputs = std::any_of(feeders.begin(), feeders.end(), [&](int feeder) {
            return routing_.strip(feeder).output == strip.name;
        });
        const bool rings = std::any_of(chains[bus].begin(), chains[bus].end(), [&](const Stage& stage) {
            return !stage.dynamics && has_tail(stage.kernel, rate_hz);
        });
        is_return_[bus] = !has_outputs || (rings && has_convolution(strip, true));
    }
}

void Contributions::enter(int bus, std::span<const Signal> signals) {
    const std::string& name = routing_.strip(bus).name;
    for (const int feeder : routing_.feeders(bus)) {
        const Signal& from = signals[feeder];
        for (const Contribution& held : of_strip_[feeder]) {
            // Ways of the same rows into the same bus add up to one.
            ChannelGains gains{};
            for_each_way(routing_.strip(feeder), from.channels, name, signals[bus].channels,
                         [&](const ChannelGains& way) { add(gains, way); });
            Contribution part = held;
            part.gains = chain(gains, held.gains);
            if (is_zero(part.gains)) continue;
            if (is_return_[bus]) {
                add_sources(bus, held);
                continue;
            }
            part.power = mixed_power(held, gains);
            part.delay += signals[bus].latency - from.latency;
            of_strip_[bus].push_back(std::move(part));
        }
    }
}

void Contributions::add_sources(int bus, const Contribution& part) {
    sources_[bus].insert(part.object);
    const std::set<int>& inner = sources_[part.object];
    sources_[bus].insert(inner.begin(), inner.end());
}

void Contributions::leave(int strip, const Signal& signal) {
    const bool is_track = strip < static_cast<int>(owners_.size());
    if (!is_track && !is_return_[strip]) return;
    if (!is_track && sources_[strip].empty()) return;
    Contribution whole;
    whole.object = is_track ? owners_[strip] : sources_[strip].size() == 1 ? *sources_[strip].begin() : strip;
    whole.rows = signal.rows;
    whole.row_count = signal.channels;
    for (int c = 0; c < signal.channels; ++c) whole.gains[c][c] = signal.gain;
    whole.delay = signal.delay;
    of_strip_[strip].push_back(std::move(whole));
}

void Contributions::pass(int bus, const FusedKernel& kernel) {
    if (is_return_[bus] || of_strip_[bus].empty()) return;
    if (!sounding_) note(bus, kernel);
    ConvolveStep delays;
    ConvolveStep convolutions;
    for (Contribution& part : of_strip_[bus]) {
        if (!is_followed(part)) continue;
        // What is convolved is as late as the kernel makes it; what is not, is ahead.
        if (!sounding_) part.delay += kernel.latency_frames;
        carry_delay(delays, part, kernel.delay_frames);
        if (sounding_ && !kernel.is_gain_only()) {
            convolve(convolutions, part, kernel);
        } else {
            filter(part, kernel);
        }
    }
    steps_.push(std::move(delays));
    steps_.push(std::move(convolutions));
}

bool Contributions::is_followed(const Contribution& part) const {
    return !sounding_ || sounding_->count(part.object) > 0;
}

void Contributions::carry_delay(ConvolveStep& step, Contribution& part, int frames) {
    if (part.delay + frames <= longest_carried_delay) {
        part.delay += frames;
    } else {
        delay_long(step, part, frames);
    }
}

void Contributions::convolve(ConvolveStep& step, Contribution& part, const FusedKernel& kernel) {
    KernelSet kernels(step.convolver);
    const Contribution before = part;
    part.row_count = 0;
    part.gains = {};
    for (int out = 0; out < kernel.output_channels; ++out) {
        int row = -1;
        for (int in = 0; in < kernel.input_channels; ++in) {
            if (kernel.paths[out][in].empty()) continue;
            for (int i = 0; i < before.row_count; ++i) {
                const double gain = before.gains[in][i];
                if (gain == 0.0) continue;
                std::vector<double> taps = kernel.paths[out][in];
                for (double& tap : taps) tap *= gain;
                if (row < 0) row = steps_.new_row();
                step.convolver.paths.push_back({before.rows[i], kernels.add(taps), row});
            }
        }
        if (row < 0) continue;
        part.gains[out][part.row_count] = 1.0;
        part.rows[part.row_count++] = row;
    }
}

void Contributions::delay_long(ConvolveStep& step, Contribution& part, int frames) {
    KernelSet kernels(step.convolver);
    const int kernel = kernels.add(std::array{1.0}, frames);
    for (int i = 0; i < part.row_count; ++i) {
        const int row = steps_.new_row();
        step.convolver.paths.push_back({part.rows[i], kernel, row});
        part.rows[i] = row;
    }
}

void Contributions::filter(Contribution& part, const FusedKernel& kernel) const {
    const int rate_hz = steps_.plan().sample_rate_hz;
    const auto response = [&](std::span<const double> taps) {
        return mean_power_response(taps, rate_hz, component_hz_);
    };
    if (kernel.is_gain_only()) {
        ChannelGains gains{};
        for (int out = 0; out < kernel.output_channels; ++out) {
            for (int in = 0; in < kernel.input_channels; ++in) {
                if (!kernel.paths[out][in].empty()) gains[out][in] = kernel.paths[out][in][0];
            }
        }
        part.power = mixed_power(part, gains);
        part.gains = chain(gains, part.gains);
        return;
    }
    Contribution filtered = part;
    filtered.gains = {};
    for (int out = 0; out < kernel.output_channels; ++out) {
        const std::vector<std::vector<double>>& paths = kernel.paths[out];
        std::vector<int> fed;
        for (int in = 0; in < kernel.input_channels; ++in) {
            if (!paths[in].empty()) fed.push_back(in);
        }
        if (fed.empty()) continue;
        if (fed.size() == 1) {
            filtered.gains[out] = part.gains[fed[0]];
            filtered.power[out] = product(part.power[fed[0]], response(paths[fed[0]]));
        } else if (part.row_count == 1) {
            // One row on both inputs: both paths act on the same samples and add before they are squared.
            std::vector<double> both(std::max(paths[0].size(), paths[1].size()), 0.0);
            for (const int in : fed) {
                for (std::size_t n = 0; n < paths[in].size(); ++n)
                    both[n] += part.gains[in][0] * paths[in][n];
            }
            filtered.gains[out] = {1.0, 0.0};
            filtered.power[out] = product(part.power[0], response(both));
        } else {
            // Each side as if the other were as loud and unlike it.
            filtered.gains[out] = part.gains[out];
            filtered.power[out] = product(part.power[0], response(paths[0]));
            const std::vector<double> across = product(part.power[1], response(paths[1]));
            for (std::size_t i = 0; i < across.size(); ++i) filtered.power[out][i] += across[i];
        }
    }
    part = std::move(filtered);
}

void Contributions::note(int bus, const FusedKernel& kernel) {
    const Strip& strip = routing_.strip(bus);
    if (kernel.is_gain_only() || !has_convolution(strip, false)) return;
    std::string text = "The convolution on bus \"" + strip.name +
                       "\" counts as a filter on what passes through it; what rings on is not analysed "
                       "on its own.";
    if (std::find(notes_.begin(), notes_.end(), text) == notes_.end()) notes_.push_back(std::move(text));
}

void Contributions::pass(MixStep& step, int bus, const AppliedGain& gain) {
    if (is_return_[bus] || gain.first_curve < 0) return;
    for (Contribution& part : of_strip_[bus]) {
        if (!is_followed(part)) continue;
        const Contribution before = part;
        const int delay = before.delay + gain.delay;
        part.delay = 0;
        const bool stays_apart =
            before.row_count == 1 || (before.gains[0][1] == 0.0 && before.gains[1][0] == 0.0);
        if (stays_apart && !gain.split) {
            for (int i = 0; i < part.row_count; ++i) {
                part.rows[i] = steps_.new_row();
                steps_.add_route(step, {before.rows[i], part.rows[i], 1.0F, delay, gain.first_curve});
            }
            continue;
        }
        part.row_count = 0;
        part.gains = {};
        for (int channel = 0; channel < 2; ++channel) {
            if (before.gains[channel] == std::array{0.0, 0.0}) continue;
            const int row = steps_.new_row();
            const int curve = gain.first_curve + (gain.split ? channel : 0);
            for (int i = 0; i < before.row_count; ++i) {
                const auto factor = static_cast<float>(before.gains[channel][i]);
                if (factor != 0.0F) steps_.add_route(step, {before.rows[i], row, factor, delay, curve});
            }
            part.gains[channel][part.row_count] = 1.0;
            part.rows[part.row_count++] = row;
        }
    }
}

}  // namespace tutti
