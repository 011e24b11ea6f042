#include <catch2/catch.hpp>
#include <cmath>

#include "host/pan.hpp"

using namespace tutti;

namespace {

double db(double gain) { return 20.0 * std::log10(gain); }

}  // namespace

TEST_CASE("every pan law has its level at the centre and full level on the near side") {
    const double law_db = GENERATE(0.0, -3.0, -4.5, -6.0);
    INFO("law " << law_db);
    const ChannelGains centre = pan_gains(0.0, law_db, 1, 2);
    // Constant power is 10 lg 2 = 3.01 dB down, linear 6.02, their mean 4.52.
    CHECK(db(centre[0][0]) == Approx(law_db).margin(0.025));
    CHECK(db(centre[1][0]) == Approx(law_db).margin(0.025));
    for (const double side : {-1.0, 1.0}) {
        const ChannelGains gains = pan_gains(side, law_db, 1, 2);
        CHECK(gains[side < 0.0 ? 0 : 1][0] == Approx(1.0));
        CHECK(gains[side < 0.0 ? 1 : 0][0] == Approx(0.0).margin(1e-15));
    }
}

TEST_CASE("a pan law moves a signal without a jump, and mirrors left and right") {
    const double law_db = GENERATE(0.0, -3.0, -4.5, -6.0);
    INFO("law " << law_db);
    double last = pan_gains(-1.0, law_db, 1, 2)[1][0];
    for (double pan = -0.99; pan <= 1.0; pan += 0.01) {
        const ChannelGains gains = pan_gains(pan, law_db, 1, 2);
        CHECK(gains[1][0] >= last - 1e-12);
        CHECK(gains[1][0] - last < 0.12);
        CHECK(gains[1][0] == Approx(pan_gains(-pan, law_db, 1, 2)[0][0]));
        last = gains[1][0];
    }
}

TEST_CASE("the constant-power law keeps the power, the linear law the sum") {
    for (double pan = -1.0; pan <= 1.0; pan += 0.125) {
        const ChannelGains power = pan_gains(pan, -3.0, 1, 2);
        CHECK(power[0][0] * power[0][0] + power[1][0] * power[1][0] == Approx(1.0));
        const ChannelGains linear = pan_gains(pan, -6.0, 1, 2);
        CHECK(linear[0][0] + linear[1][0] == Approx(1.0));
    }
}

TEST_CASE("a stereo signal is balanced: the near side stays, the far side fades, nothing crosses") {
    const ChannelGains centre = pan_gains(0.0, -3.0, 2, 2);
    CHECK(centre == ChannelGains{{{1.0, 0.0}, {0.0, 1.0}}});
    const ChannelGains right = pan_gains(0.5, -3.0, 2, 2);
    CHECK(right[1][1] == 1.0);
    CHECK(right[0][0] == Approx(std::sqrt(0.5)));
    CHECK(right[0][1] == 0.0);
    CHECK(right[1][0] == 0.0);
}

TEST_CASE("a mono destination gets mono as it is and the mean of stereo") {
    CHECK(pan_gains(0.7, -3.0, 1, 1)[0][0] == 1.0);
    CHECK(pan_gains(0.7, -3.0, 2, 1)[0] == std::array{0.5, 0.5});
}
