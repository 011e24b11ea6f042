#include "host/strip_gains.hpp"

namespace tutti {

namespace {

ChannelGains scaled(ChannelGains gains, double factor) {
    for (auto& row : gains) {
        for (double& gain : row) gain *= factor;
    }
    return gains;
}

}  // namespace

ChannelGains fader_gains(const Strip& strip, int input_channels, int output_channels) {
    return scaled(pan_gains(strip.pan, strip.pan_law_db, input_channels, output_channels),
                  db_to_gain(strip.gain_db));
}

ChannelGains send_gains(const Strip& strip, const Send& send, int input_channels, int output_channels) {
    ChannelGains gains = pan_gains(send.pan, strip.pan_law_db, input_channels, output_channels);
    if (!send.pre_fader) {
        gains = fader_gains(strip, input_channels, output_channels);
        if (output_channels == 2) gains = chain(pan_gains(send.pan, strip.pan_law_db, 2, 2), gains);
    }
    return scaled(gains, db_to_gain(send.gain_db));
}

}  // namespace tutti
