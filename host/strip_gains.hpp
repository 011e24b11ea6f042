#pragma once

#include "host/pan.hpp"
#include "host/session.hpp"

namespace tutti {

/// From a strip's channels, behind its inserts, through fader and pan to what it feeds.
ChannelGains fader_gains(const Strip& strip, int input_channels, int output_channels);

/// The same through a send. A post-fader send is tapped behind fader and pan, and its own pan is a balance on
/// that; a pre-fader send is tapped before both and placed by its own pan alone.
ChannelGains send_gains(const Strip& strip, const Send& send, int input_channels, int output_channels);

}  // namespace tutti
