#include "engine/cpu/excitations.hpp"

#include <cstring>

#include "engine/errors.hpp"
#include "engine/threads.hpp"

namespace tutti::cpu {

CpuExcitations::CpuExcitations(const ExcitationsShape& shape)
    : shape_(shape),
      band_stride_(padded(shape.band_count)),
      values_(2 * band_stride_ * shape.slice_count * shape.object_count, 0.0F) {
    TUTTI_CHECK(shape.slice_count > 0 && shape.object_count > 0 && shape.band_count > 0);
}

int CpuExcitations::slices_in(int first_slice, std::size_t value_count) const {
    const std::size_t per_slice = std::size_t{2} * shape_.object_count * shape_.band_count;
    TUTTI_CHECK(value_count % per_slice == 0);
    const auto count = static_cast<int>(value_count / per_slice);
    TUTTI_CHECK(first_slice >= 0 && first_slice + count <= shape_.slice_count);
    return count;
}

void CpuExcitations::write(int first_slice, std::span<const float> values) {
    const int lines = slices_in(first_slice, values.size()) * 2 * shape_.object_count;
    float* const to = bands(first_slice, 0, 0);
    parallel_for(lines, [&](int line) {
        std::memcpy(to + line * band_stride_,
                    values.data() + static_cast<std::size_t>(line) * shape_.band_count,
                    shape_.band_count * sizeof(float));
    });
}

void CpuExcitations::read(int first_slice, std::span<float> values) const {
    const int lines = slices_in(first_slice, values.size()) * 2 * shape_.object_count;
    const float* const from = bands(first_slice, 0, 0);
    parallel_for(lines, [&](int line) {
        std::memcpy(values.data() + static_cast<std::size_t>(line) * shape_.band_count,
                    from + line * band_stride_, shape_.band_count * sizeof(float));
    });
}

CpuExcitations& cpu_excitations(Excitations& excitations) {
    auto* const found = dynamic_cast<CpuExcitations*>(&excitations);
    TUTTI_CHECK(found != nullptr);
    return *found;
}

const CpuExcitations& cpu_excitations(const Excitations& excitations) {
    const auto* const found = dynamic_cast<const CpuExcitations*>(&excitations);
    TUTTI_CHECK(found != nullptr);
    return *found;
}

}  // namespace tutti::cpu
