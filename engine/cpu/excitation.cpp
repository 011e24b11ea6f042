#include <algorithm>
#include <vector>

#include "engine/cpu/excitations.hpp"
#include "engine/cpu/filter_bank.hpp"
#include "engine/cpu/multiversion.hpp"
#include "engine/cpu/operations.hpp"
#include "engine/cpu/rows.hpp"
#include "engine/cpu/running_spectrum.hpp"
#include "engine/errors.hpp"
#include "engine/threads.hpp"

namespace tutti::cpu {

namespace {

TUTTI_MULTIVERSION void multiply(float* __restrict out, const float* __restrict a, const float* __restrict b,
                                 std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out[i] = a[i] * b[i];
}

/// First the spectrum of every row, then, slice by slice and ear by ear, the excitations of all objects.
class CpuExcitation final : public Excitation {
  public:
    CpuExcitation(const RowsShape& shape, const ExcitationPlan& plan, StageClock& clock)
        : clock_(clock),
          shape_(shape),
          most_slices_(plan.most_slices),
          spectrum_(plan.grid, plan.sample_rate_hz),
          filters_(plan.grid),
          component_stride_(filters_.component_stride()) {
        TUTTI_CHECK(most_slices_ > 0);
        TUTTI_CHECK(plan.grid.windows.empty() || plan.cochlea_gains.size() == plan.grid.component_hz.size());
        const AlignedFloats gains = padded_gains(plan.cochlea_gains);
        for (const ExcitationObject& object : plan.objects) {
            for (int ear = 0; ear < 2; ++ear) add_source(object, ear, gains);
        }
        powers_.resize(rows_.size() * most_slices_ * component_stride_);
        for (int thread = 0; thread < thread_count(); ++thread) {
            spectrum_work_.push_back(spectrum_.make_workspace());
            filter_work_.push_back(filters_.make_workspace(object_count()));
        }
    }

    void process(const Rows& rows, std::span<const int> centres, Excitations& tile,
                 int first_slice) override {
        const auto slice_count = static_cast<int>(centres.size());
        TUTTI_CHECK(slice_count <= most_slices_);
        analyse(cpu_rows(rows), centres);
        excite(cpu_excitations(tile), first_slice, slice_count, [&](int slice, int ear, float* powers) {
            for (int i = 0; i < object_count(); ++i, powers += component_stride_) {
                const Source& source = sources_[2 * i + ear];
                if (source.row < 0) {
                    std::fill_n(powers, component_stride_, 0.0F);
                } else {
                    multiply(powers, row_powers(source.row, slice), source.gains.data(), component_stride_);
                }
            }
        });
    }

    void process_powers(std::span<const float> powers, Excitations& tile, int first_slice) override {
        const std::size_t components = spectrum_.component_count();
        const std::size_t per_ear = object_count() * components;
        TUTTI_CHECK(powers.size() % (2 * per_ear) == 0);
        const auto slice_count = static_cast<int>(powers.size() / (2 * per_ear));
        excite(cpu_excitations(tile), first_slice, slice_count, [&](int slice, int ear, float* out) {
            const float* from = powers.data() + (2 * static_cast<std::size_t>(slice) + ear) * per_ear;
            for (int i = 0; i < object_count(); ++i, from += components, out += component_stride_) {
                std::copy_n(from, components, out);
            }
        });
    }

  private:
    /// One ear of an object.
    struct Source {
        int row = -1;         ///< in rows_
        AlignedFloats gains;  ///< [component], zeros behind the last
    };

    AlignedFloats padded_gains(const std::vector<double>& gains) const {
        AlignedFloats all(component_stride_, 0.0F);
        std::transform(gains.begin(), gains.end(), all.begin(),
                       [](double g) { return static_cast<float>(g); });
        return all;
    }

    void add_source(const ExcitationObject& object, int ear, const AlignedFloats& gains) {
        Source& source = sources_.emplace_back();
        source.gains = gains;
        const std::vector<float>& weights = object.weights[ear];
        TUTTI_CHECK(weights.empty() || weights.size() == static_cast<std::size_t>(components()));
        for (std::size_t c = 0; c < weights.size(); ++c) source.gains[c] *= weights[c];
        const int row = object.rows[ear];
        TUTTI_CHECK(row < shape_.row_count);
        if (row < 0) return;
        const auto known = std::find(rows_.begin(), rows_.end(), row);
        source.row = static_cast<int>(known - rows_.begin());
        if (known == rows_.end()) rows_.push_back(row);
    }

    int object_count() const { return static_cast<int>(sources_.size() / 2); }
    int components() const { return spectrum_.component_count(); }
    float* row_powers(int row, int slice) {
        return powers_.data() + (static_cast<std::size_t>(row) * most_slices_ + slice) * component_stride_;
    }

    void analyse(const CpuRows& rows, std::span<const int> centres) {
        constexpr int most = RunningSpectrum::most_slices;
        const auto slice_count = static_cast<int>(centres.size());
        const int blocks = (slice_count + most - 1) / most;
        parallel_for(static_cast<int>(rows_.size()) * blocks, [&](int unit) {
            const int row = unit / blocks;
            const int first = unit % blocks * slice_count / blocks;
            const int count = (unit % blocks + 1) * slice_count / blocks - first;
            StageTimer timer(clock_);
            float* powers[most];
            for (int i = 0; i < count; ++i) powers[i] = row_powers(row, first + i);
            spectrum_.process(rows.frames(rows_[row]), centres.subspan(first, count),
                              {powers, powers + count}, spectrum_work_[thread_number()]);
            timer.end(Stage::excitation_spectrum, spectrum_.bytes(count));
        });
    }

    /// `gather` puts the powers of all objects in one slice and ear in place.
    template <typename Gather>
    void excite(CpuExcitations& tile, int first_slice, int slice_count, const Gather& gather) {
        TUTTI_CHECK(tile.shape().object_count == object_count());
        TUTTI_CHECK(first_slice >= 0 && first_slice + slice_count <= tile.shape().slice_count);
        parallel_for(2 * slice_count, [&](int unit) {
            StageTimer timer(clock_);
            FilterBank::Workspace& work = filter_work_[thread_number()];
            gather(unit / 2, unit % 2, work.powers.data());
            filters_.process(object_count(), tile.bands(first_slice + unit / 2, unit % 2, 0), work, timer);
        });
    }

    StageClock& clock_;
    RowsShape shape_;
    int most_slices_;
    RunningSpectrum spectrum_;
    FilterBank filters_;
    std::size_t component_stride_;
    std::vector<int> rows_;                                  ///< distinct
    std::vector<Source> sources_;                            ///< [object][ear]
    AlignedFloats powers_;                                   ///< [row][slice][component]
    std::vector<RunningSpectrum::Workspace> spectrum_work_;  ///< [thread]
    std::vector<FilterBank::Workspace> filter_work_;
};

}  // namespace

std::unique_ptr<Excitation> make_excitation(const RowsShape& shape, const ExcitationPlan& plan,
                                            StageClock& clock) {
    return std::make_unique<CpuExcitation>(shape, plan, clock);
}

}  // namespace tutti::cpu
