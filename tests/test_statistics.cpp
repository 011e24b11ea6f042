#include <array>
#include <catch2/catch.hpp>

#include "benchmarks/statistics.hpp"

using namespace tutti::bench;

TEST_CASE("The median of an even number of values lies between the middle two") {
    const Summary summary = summarize(std::array{4.0, 1.0, 3.0, 2.0});
    CHECK(summary.median == 2.5);
    CHECK(summary.lowest == 1.0);
    CHECK(summary.highest == 4.0);
}

TEST_CASE("The interval of a ratio is the one tabulated for the sign test") {
    // Half-lengths of the order statistics and their exact confidence: binomial(n, 1/2), as in Conover's
    // table A3.
    struct Row {
        int pairs;
        int left_out;
        double confidence;
    };
    const Row row =
        GENERATE(Row{1, 0, 0.0}, Row{2, 0, 0.5}, Row{5, 0, 0.9375}, Row{6, 0, 0.96875}, Row{8, 0, 0.9921875},
                 Row{9, 1, 0.9609375}, Row{10, 1, 0.978515625}, Row{20, 5, 0.958610534667969});
    CAPTURE(row.pairs);
    std::vector<double> numerator;
    for (int i = row.pairs; i >= 1; --i) {
        numerator.push_back(2.0 * i);
    }
    const Ratio ratio = ratio_of_pairs(numerator, std::vector<double>(numerator.size(), 2.0));
    CHECK(ratio.low == 1.0 + row.left_out);
    CHECK(ratio.high == row.pairs - row.left_out);
    CHECK(ratio.median == 0.5 * (row.pairs + 1));
    CHECK(ratio.confidence == Approx(row.confidence));
}
