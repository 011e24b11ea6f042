#pragma once

#include <memory>
#include <span>

#include "engine/backend.hpp"
#include "engine/cpu/stage_clock.hpp"

namespace tutti::cpu {

std::unique_ptr<PcmLoader> make_pcm_loader(const RowsShape& shape, std::span<const PcmSource> sources);
std::unique_ptr<Convolver> make_convolver(const RowsShape& shape, const ConvolverPlan& plan,
                                          const ConvolverCosts& costs);
ConvolverForecast forecast_convolver(const RowsShape& shape, const ConvolverPlan& plan,
                                     const ConvolverCosts& costs);
std::unique_ptr<LevelMeter> make_level_meter(const RowsShape& shape, std::span<const LevelTap> taps);
std::unique_ptr<Mixer> make_mixer(const RowsShape& shape, const MixerPlan& plan);

/// The clock must outlive them.
std::unique_ptr<Excitation> make_excitation(const RowsShape& shape, const ExcitationPlan& plan,
                                            StageClock& clock);
std::unique_ptr<Masking> make_masking(const MaskingPlan& plan, StageClock& clock);

}  // namespace tutti::cpu
