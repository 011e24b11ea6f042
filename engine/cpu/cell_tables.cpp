#include "engine/cpu/cell_tables.hpp"

#include <cmath>

namespace tutti::cpu {

namespace {

constexpr std::size_t row_count = 8;

}  // namespace

CellTables::CellTables(std::span<const double> band_hz)
    : stride_(padded(band_hz.size())), rows_(row_count * stride_, 1.0F) {
    for (const double hz : band_hz) bands_.push_back(band_constants(hz));
    for (std::size_t i = 0; i < bands_.size(); ++i) {
        const BandConstants& band = bands_[i];
        const double floor = std::pow(band.a, band.alpha);
        const double at_threshold = std::pow(band.g * band.threshold + band.a, band.alpha) - floor;
        const double values[row_count] = {band.k, band.threshold,  band.g, band.alpha,
                                          band.a, band.g / band.a, floor,  at_threshold};
        for (std::size_t row = 0; row < row_count; ++row)
            rows_[row * stride_ + i] = static_cast<float>(values[row]);
    }
}

CellConstants CellTables::constants() const {
    const auto row = [&](std::size_t which) { return rows_.data() + which * stride_; };
    return {row(0), row(1), row(2), row(3), row(4), row(5), row(6), row(7)};
}

void CellTables::hear_loud(const void* context, int band, float target, float masker, float* values) {
    const BandConstants& constants = static_cast<const BandConstants*>(context)[band];
    values[0] = static_cast<float>(specific_loudness(target, constants));
    values[1] = static_cast<float>(partial_loudness(target, masker, constants));
    values[2] = static_cast<float>(partial_loudness_by_masker(target, masker, constants));
    values[3] = static_cast<float>(target * partial_loudness_by_target(target, masker, constants));
}

}  // namespace tutti::cpu
