#pragma once

#include "engine/aligned.hpp"
#include "engine/masking.hpp"

namespace tutti::cpu {

/// Excitations in main memory; the bands of every object on their own cache lines, zeros behind the last.
class CpuExcitations final : public Excitations {
  public:
    explicit CpuExcitations(const ExcitationsShape& shape);

    const ExcitationsShape& shape() const override { return shape_; }
    void write(int first_slice, std::span<const float> values) override;
    void read(int first_slice, std::span<float> values) const override;

    std::size_t band_stride() const { return band_stride_; }
    float* bands(int slice, int ear, int object) { return values_.data() + place(slice, ear, object); }
    const float* bands(int slice, int ear, int object) const {
        return values_.data() + place(slice, ear, object);
    }

  private:
    std::size_t place(int slice, int ear, int object) const {
        return ((static_cast<std::size_t>(slice) * 2 + ear) * shape_.object_count + object) * band_stride_;
    }
    int slices_in(int first_slice, std::size_t value_count) const;

    ExcitationsShape shape_;
    std::size_t band_stride_;
    AlignedFloats values_;
};

/// The excitations of this backend behind the seam's type; a mix-up of backends is a bug.
CpuExcitations& cpu_excitations(Excitations& excitations);
const CpuExcitations& cpu_excitations(const Excitations& excitations);

}  // namespace tutti::cpu
