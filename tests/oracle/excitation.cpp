#include "tests/oracle/excitation.hpp"

#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <utility>

#include "engine/errors.hpp"
#include "engine/masking_model.hpp"
#include "tests/oracle/backend.hpp"

namespace tutti::oracle {

namespace {

constexpr int ear_count = 2;

double power_of_bin(const SpectrumWindow& window, double bin_hz, int sample_rate_hz,
                    const std::function<double(int frame)>& signal, int centre) {
    const int frames = window_frames(window, sample_rate_hz);
    std::complex<double> sum;
    double square_sum = 0.0;
    for (int d = -(frames / 2); d <= frames / 2; ++d) {
        const double w = window_value(d, frames);
        sum +=
            signal(centre + d) * w * std::polar(1.0, -2.0 * std::numbers::pi * bin_hz * d / sample_rate_hz);
        square_sum += w * w;
    }
    return std::norm(sum) * 2.0 * window.bin_spacing_hz / (sample_rate_hz * square_sum);
}

class PlainExcitations : public DoubleExcitations {
  public:
    explicit PlainExcitations(const ExcitationsShape& shape)
        : shape_(shape), values_(static_cast<std::size_t>(shape.slice_count) * slice_size(), 0.0) {}

    const ExcitationsShape& shape() const override { return shape_; }

    void write(int first_slice, std::span<const float> values) override {
        TUTTI_CHECK(values.size() % slice_size() == 0);
        std::size_t i = first_slice * slice_size();
        for (const float value : values) values_.at(i++) = value;
    }
    void read(int first_slice, std::span<float> values) const override {
        TUTTI_CHECK(values.size() % slice_size() == 0);
        std::size_t i = first_slice * slice_size();
        for (float& value : values) value = static_cast<float>(values_.at(i++));
    }

    double& at(int slice, int ear, int object, int band) override {
        return values_.at(index(slice, ear, object, band));
    }
    double at(int slice, int ear, int object, int band) const override {
        return values_.at(index(slice, ear, object, band));
    }

  private:
    std::size_t slice_size() const {
        return static_cast<std::size_t>(ear_count) * shape_.object_count * shape_.band_count;
    }
    std::size_t index(int slice, int ear, int object, int band) const {
        TUTTI_CHECK(object >= 0 && object < shape_.object_count && band >= 0 && band < shape_.band_count);
        return ((static_cast<std::size_t>(slice) * ear_count + ear) * shape_.object_count + object) *
                   shape_.band_count +
               band;
    }

    ExcitationsShape shape_;
    std::vector<double> values_;
};

class PlainExcitation : public Excitation {
  public:
    explicit PlainExcitation(ExcitationPlan plan) : plan_(std::move(plan)) {
        TUTTI_CHECK(plan_.grid.windows.empty() ||
                    static_cast<int>(plan_.cochlea_gains.size()) == plan_.grid.component_count());
    }

    void process(const Rows& rows, std::span<const int> centres, Excitations& tile,
                 int first_slice) override {
        TUTTI_CHECK(static_cast<int>(centres.size()) <= plan_.most_slices);
        int slice = first_slice;
        for (const int centre : centres) {
            for (int ear = 0; ear < ear_count; ++ear) {
                std::vector<std::vector<double>> powers;
                for (const ExcitationObject& object : plan_.objects) {
                    powers.push_back(powers_at_cochlea(rows, object, ear, centre));
                }
                excite(powers, tile, slice, ear);
            }
            ++slice;
        }
    }

    void process_powers(std::span<const float> powers, Excitations& tile, int first_slice) override {
        const std::size_t components = plan_.grid.component_count();
        const std::size_t slice_size = ear_count * plan_.objects.size() * components;
        TUTTI_CHECK(powers.size() % slice_size == 0);
        auto next = powers.begin();
        for (int slice = first_slice; next != powers.end(); ++slice) {
            for (int ear = 0; ear < ear_count; ++ear) {
                std::vector<std::vector<double>> of_ear;
                for (std::size_t object = 0; object < plan_.objects.size(); ++object, next += components) {
                    of_ear.emplace_back(next, next + components);
                }
                excite(of_ear, tile, slice, ear);
            }
        }
    }

  private:
    std::vector<double> powers_at_cochlea(const Rows& rows, const ExcitationObject& object, int ear,
                                          int centre) const {
        const std::size_t components = plan_.grid.component_count();
        if (object.rows[ear] < 0) return std::vector<double>(components, 0.0);
        const auto signal = [&](int frame) { return in_double(rows).at(object.rows[ear], frame); };
        std::vector<double> powers = component_powers(plan_.grid, plan_.sample_rate_hz, signal, centre);
        for (std::size_t k = 0; k < components; ++k) {
            powers[k] *= plan_.cochlea_gains[k];
            if (!object.weights[ear].empty()) powers[k] *= object.weights[ear].at(k);
        }
        return powers;
    }

    /// One ear of one slice: filters follow the level of all objects together.
    void excite(const std::vector<std::vector<double>>& powers, Excitations& tile, int slice, int ear) const {
        std::vector<double> total(plan_.grid.component_count(), 0.0);
        for (const auto& object : powers) {
            for (std::size_t k = 0; k < total.size(); ++k) total[k] += object[k];
        }
        const std::vector<double> levels_db = levels_per_erb(plan_.grid, total);
        for (std::size_t object = 0; object < powers.size(); ++object) {
            const std::vector<double> pattern = excitation_pattern(plan_.grid, powers[object], levels_db);
            for (std::size_t band = 0; band < pattern.size(); ++band) {
                dynamic_cast<DoubleExcitations&>(tile).at(slice, ear, static_cast<int>(object),
                                                          static_cast<int>(band)) = pattern[band];
            }
        }
    }

    ExcitationPlan plan_;
};

}  // namespace

std::vector<double> component_powers(const MaskingGrid& grid, int sample_rate_hz,
                                     const std::function<double(int frame)>& signal, int centre) {
    std::vector<double> powers(grid.component_count(), 0.0);
    for (const SpectrumWindow& window : grid.windows) {
        for (std::size_t bin = 0; bin < window.bin_hz.size(); ++bin) {
            powers.at(window.components[bin]) +=
                power_of_bin(window, window.bin_hz[bin], sample_rate_hz, signal, centre);
        }
    }
    return powers;
}

std::vector<double> levels_per_erb(const MaskingGrid& grid, std::span<const double> powers) {
    std::vector<double> levels_db;
    for (const double hz : grid.component_hz) {
        double sum = 0.0;
        for (std::size_t j = 0; j < powers.size(); ++j) {
            const double g = std::abs(grid.component_hz[j] - hz) / hz;
            if (g <= roex_reach) sum += powers[j] * roex_weight(roex_upper_slope(hz), g);
        }
        levels_db.push_back(10.0 * std::log10(sum));
    }
    return levels_db;
}

double filter_weight(double centre_hz, double component_hz, double level_db) {
    const double g = std::abs(component_hz - centre_hz) / centre_hz;
    if (g > roex_reach) return 0.0;
    const double slope =
        component_hz < centre_hz ? roex_lower_slope(centre_hz, level_db) : roex_upper_slope(centre_hz);
    return roex_weight(slope, g);
}

std::vector<double> excitation_pattern(const MaskingGrid& grid, std::span<const double> powers,
                                       std::span<const double> levels_db) {
    std::vector<double> pattern;
    for (const double centre_hz : grid.band_hz) {
        double sum = 0.0;
        for (std::size_t k = 0; k < powers.size(); ++k) {
            if (powers[k] > 0.0)
                sum += powers[k] * filter_weight(centre_hz, grid.component_hz[k], levels_db[k]);
        }
        pattern.push_back(sum);
    }
    return pattern;
}

const DoubleExcitations& in_double(const Excitations& tile) {
    const auto* own = dynamic_cast<const DoubleExcitations*>(&tile);
    TUTTI_CHECK(own != nullptr);
    return *own;
}

std::unique_ptr<Excitations> make_excitations(const ExcitationsShape& shape) {
    return std::make_unique<PlainExcitations>(shape);
}

std::unique_ptr<Excitation> make_excitation(const ExcitationPlan& plan) {
    return std::make_unique<PlainExcitation>(plan);
}

}  // namespace tutti::oracle
