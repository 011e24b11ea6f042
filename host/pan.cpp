#include "host/pan.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tutti {

namespace {

/// The side that a pan moves away from: 1 until the centre, then down to 0.
double far_side(double away) {
    return away <= 0.0 ? 1.0 : std::cos(std::min(away, 1.0) * std::numbers::pi / 2.0);
}

/// Gain of the side towards which `towards` = +1 points.
double side_gain(double towards, double pan_law_db) {
    if (pan_law_db == 0.0) return far_side(-towards);
    const double linear = (1.0 + towards) / 2.0;
    const double constant_power = std::sin((1.0 + towards) * std::numbers::pi / 4.0);
    if (pan_law_db == -6.0) return linear;
    if (pan_law_db == -4.5) return std::sqrt(linear * constant_power);
    return constant_power;
}

}  // namespace

ChannelGains pan_gains(double pan, double pan_law_db, int input_channels, int output_channels) {
    if (output_channels == 1) {
        return input_channels == 1 ? ChannelGains{{{1.0, 0.0}, {0.0, 0.0}}}
                                   : ChannelGains{{{0.5, 0.5}, {0.0, 0.0}}};
    }
    if (input_channels == 1) {
        return {{{side_gain(-pan, pan_law_db), 0.0}, {side_gain(pan, pan_law_db), 0.0}}};
    }
    return {{{far_side(pan), 0.0}, {0.0, far_side(-pan)}}};
}

ChannelGains chain(const ChannelGains& a, const ChannelGains& b) {
    ChannelGains product{};
    for (int out = 0; out < 2; ++out) {
        for (int in = 0; in < 2; ++in) product[out][in] = a[out][0] * b[0][in] + a[out][1] * b[1][in];
    }
    return product;
}

double db_to_gain(double db) { return std::pow(10.0, db / 20.0); }

}  // namespace tutti
