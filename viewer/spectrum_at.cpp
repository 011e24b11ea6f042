#include <array>
#include <cmath>
#include <limits>

#include "host/half_float.hpp"
#include "viewer/blame.hpp"
#include "viewer/powers.hpp"

namespace tutti::viewer {

Spectrum spectrum_at(const Report& report, const ReportView& view, int target, int hop, int most) {
    const MaskingShape& shape = view.shape;
    const Powers powers(report, view);
    const std::vector<int> others = strangers(view, target);
    Spectrum spectrum;
    std::vector<int> ears(static_cast<std::size_t>(shape.bands));
    std::vector<double> blame(others.size(), 0.0);
    for (int band = 0; band < shape.bands; ++band) {
        std::array<double, 2> masking{};
        for (int ear = 0; ear < 2; ++ear) {
            for (const int other : others) masking[ear] += powers.of(ear, other, hop, band);
        }
        const double left = powers.of(0, target, hop, band);
        const double right = powers.of(1, target, hop, band);
        const int ear = right * (masking[0] + 1.0) > left * (masking[1] + 1.0) ? 1 : 0;
        ears[band] = ear;
        const auto level = static_cast<float>(10.0 * std::log10(ear == 0 ? left : right));
        const float margin = from_half(view.view->margin_db[shape.cell(target, hop, band)]);
        spectrum.target_db.push_back(level);
        spectrum.threshold_db.push_back(std::isinf(level) ? std::numeric_limits<float>::quiet_NaN()
                                                          : level - margin);
        if (std::isnan(margin) || masking[ear] == 0.0) continue;
        for (std::size_t i = 0; i < others.size(); ++i) {
            blame[i] += severity(margin) * powers.of(ear, others[i], hop, band) / masking[ear];
        }
    }
    for (const Share& share : shares_of(others, blame)) {
        if (static_cast<int>(spectrum.maskers.size()) == most) break;
        Spectrum::Masker masker{share.object, share.share, {}};
        for (int band = 0; band < shape.bands; ++band) {
            masker.level_db.push_back(10.0F * std::log10(powers.of(ears[band], share.object, hop, band)));
        }
        spectrum.maskers.push_back(std::move(masker));
    }
    return spectrum;
}

}  // namespace tutti::viewer
