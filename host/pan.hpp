#pragma once

#include <array>

namespace tutti {

/// Linear gains from a signal's channels to a destination's: [output channel][input channel]; unused entries
/// are 0.
using ChannelGains = std::array<std::array<double, 2>, 2>;

/// Mono to stereo by the pan law, by its gain at the centre: -3 constant power (cos and sin of
/// pi/4 (pan + 1)), -6 linear ((1 - pan)/2 and (1 + pan)/2), -4.5 the geometric mean of these two, 0 full on
/// both sides at the centre and the far side falling as cos(pi/2 |pan|). Stereo to stereo is balance: the far
/// side falls as a cosine, the near side stays. To mono: mono as it is, stereo as half of left plus half of
/// right. `pan` -1 (left) ... +1 (right); it has no meaning for a mono destination.
ChannelGains pan_gains(double pan, double pan_law_db, int input_channels, int output_channels);

/// Gains after gains: the matrix product a b.
ChannelGains chain(const ChannelGains& a, const ChannelGains& b);

double db_to_gain(double db);

}  // namespace tutti
