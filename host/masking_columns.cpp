#include "host/masking_columns.hpp"

#include <cmath>
#include <limits>

#include "host/half_float.hpp"
#include "host/masking_summary.hpp"

namespace tutti {

std::vector<float> margin_columns(const MaskingResults& results, const MaskingView& view, int object,
                                  int column_count) {
    const MaskingShape shape(results, view);
    const auto bands = static_cast<std::size_t>(shape.bands);
    std::vector<float> sums(static_cast<std::size_t>(column_count) * bands, 0.0F);
    std::vector<int> counts(sums.size(), 0);
    for (int hop = 0; hop < shape.hops; ++hop) {
        const auto column = static_cast<std::size_t>(std::int64_t{hop} * column_count / shape.hops);
        const std::size_t first = shape.cell(object, hop, 0);
        for (std::size_t band = 0; band < bands; ++band) {
            const float margin = from_half(view.margin_db[first + band]);
            if (std::isnan(margin)) continue;
            sums[column * bands + band] += margin;
            ++counts[column * bands + band];
        }
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
        sums[i] = counts[i] == 0 ? std::numeric_limits<float>::quiet_NaN()
                                 : sums[i] / static_cast<float>(counts[i]);
    }
    return sums;
}

}  // namespace tutti
