#include "benchmarks/convolution_results.hpp"

#include <algorithm>

namespace tutti::bench {

namespace {

template <typename Predicate>
const Measured* first_timed(const std::vector<Measured>& contestants, const Predicate& predicate) {
    const auto found = std::find_if(contestants.begin(), contestants.end(), [&](const Measured& contestant) {
        return contestant.is_timed() && predicate(contestant);
    });
    return found == contestants.end() ? nullptr : &*found;
}

}  // namespace

const Measured* CaseResults::bound() const {
    return first_timed(contestants, [](const Measured& contestant) { return contestant.is_bound; });
}

const Measured* CaseResults::reference() const {
    return first_timed(contestants, [](const Measured& contestant) { return contestant.is_tutti; });
}

std::optional<Ratio> over_reference(const CaseResults& results, const Measured& contestant,
                                    std::vector<double> Measured::*times) {
    const Measured* reference = results.reference();
    if (reference == nullptr || !contestant.is_timed()) return std::nullopt;
    return ratio_of_pairs(contestant.*times, reference->*times);
}

}  // namespace tutti::bench
