#include <catch2/catch.hpp>
#include <cmath>

#include "tests/oracle/backend.hpp"
#include "tests/oracle/convolution.hpp"
#include "tests/runs.hpp"
#include "tests/signals.hpp"

using namespace tutti;
using namespace tutti::tests;

TEST_CASE("The oracle's way by FFT equals its way by definition") {
    const Signal x = noise(3000, 1), h = noise(700, 2);
    const std::vector<double> exact_x(x.begin(), x.end()), exact_h(h.begin(), h.end());
    const std::vector<double> direct = oracle::convolve_direct(exact_x, exact_h);
    // 3000 frames by 700 taps are past what it does directly.
    const std::vector<double> found = oracle::convolve_end(exact_x, exact_h, 3000);
    REQUIRE(found.size() == direct.size());
    for (std::size_t n = 0; n < found.size(); ++n) {
        CAPTURE(n);
        // 2^-53 sqrt(3 log2 4096) of sums of 700 terms below one.
        CHECK(std::abs(found[n] - direct[n]) < 700 * 6 * 0x1p-53);
    }
}

TEST_CASE("The oracle convolves chunks of a row as it convolves the whole, in double") {
    constexpr int chunk_frames = 48;
    const Signal x = noise(10 * chunk_frames, 3), h = noise(130, 4);
    const std::vector<double> exact_x(x.begin(), x.end()), exact_h(h.begin(), h.end());
    const std::vector<double> whole = oracle::convolve_direct(exact_x, exact_h);
    const auto backend = oracle::make_backend();
    const auto rows = backend->make_rows(shape_of(2, chunk_frames));
    const auto convolver =
        backend->make_convolver(shape_of(2, chunk_frames), {.kernels = {h}, .paths = {{0, 0, 1}}});
    for (int first = 0; first < static_cast<int>(x.size()); first += chunk_frames) {
        oracle::in_double(*rows).write_double(0, std::span(exact_x).subspan(first, chunk_frames));
        convolver->process(*rows);
        std::vector<double> found(chunk_frames);
        oracle::in_double(*rows).read_double(1, found);
        CHECK(found == std::vector<double>(whole.begin() + first, whole.begin() + first + chunk_frames));
        rows->advance();
    }
}

TEST_CASE("The oracle gives NaN for a row that was not written since advance()") {
    const auto rows = oracle::make_backend()->make_rows(shape_of(1, 16));
    rows->advance();
    Signal samples(16);
    rows->read(0, samples);
    CHECK(std::isnan(samples[0]));
}
