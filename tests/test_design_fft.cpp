#include <catch2/catch.hpp>

#include <cmath>

#include "engine/fft.hpp"
#include "tests/oracle/convolution.hpp"

using namespace tutti;

TEST_CASE("convolve() equals the sum by definition, by either of its two ways") {
    for (const int length : {1, 7, 32, 33, 257}) {
        std::vector<double> a(400);
        std::vector<double> b(length);
        for (std::size_t i = 0; i < a.size(); ++i) a[i] = std::sin(0.7 * static_cast<double>(i * i));
        for (std::size_t i = 0; i < b.size(); ++i) b[i] = std::cos(1.3 * static_cast<double>(i * i));
        std::vector<double> padded = a;
        padded.resize(a.size() + b.size() - 1, 0.0);
        const std::vector<double> expected = oracle::convolve_direct(padded, b);
        const std::vector<double> found = convolve(a, b);
        REQUIRE(found.size() == expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            CAPTURE(length, i);
            CHECK(std::abs(found[i] - expected[i]) < 1e-11);
        }
    }
}
