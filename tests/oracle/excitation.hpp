#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "engine/masking.hpp"

namespace tutti::oracle {

/// Power of every component of a grid in a signal around frame `centre`: each bin's windowed Fourier sum,
/// frame by frame. The bins of a sine of amplitude A add up to A^2 / 2.
std::vector<double> component_powers(const MaskingGrid& grid, int sample_rate_hz,
                                     const std::function<double(int frame)>& signal, int centre);

/// Level per ERB around every component, in dB, through the roex filter at 51 dB; -infinity where there is
/// nothing.
std::vector<double> levels_per_erb(const MaskingGrid& grid, std::span<const double> powers);

/// The roex filter's weight of a component in a band: W(fc, f, X).
double filter_weight(double centre_hz, double component_hz, double level_db);

/// [band]: excitation by powers at the cochlea, through filters shaped by levels per ERB.
std::vector<double> excitation_pattern(const MaskingGrid& grid, std::span<const double> powers,
                                       std::span<const double> levels_db);

/// Excitations of a tile, with a border in double beside the float one.
class DoubleExcitations : public Excitations {
  public:
    virtual double& at(int slice, int ear, int object, int band) = 0;
    virtual double at(int slice, int ear, int object, int band) const = 0;
};

/// The same excitations with their border in double. Aborts when they are another backend's.
const DoubleExcitations& in_double(const Excitations& tile);

std::unique_ptr<Excitations> make_excitations(const ExcitationsShape& shape);
std::unique_ptr<Excitation> make_excitation(const ExcitationPlan& plan);

}  // namespace tutti::oracle
