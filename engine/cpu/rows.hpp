#pragma once

#include <atomic>
#include <vector>

#include "engine/aligned.hpp"
#include "engine/backend.hpp"

namespace tutti::cpu {

/// Rows in main memory, each on its own cache lines.
class CpuRows final : public Rows {
  public:
    explicit CpuRows(const RowsShape& shape);

    const RowsShape& shape() const override { return shape_; }
    void write(int first_row, std::span<const float> samples) override;
    void read(int first_row, std::span<float> samples) const override;
    void advance() override;

    /// The row's frame 0; frames down to -history_count may be read through it. Who may write through it may
    /// make the row sound.
    float* frames(int row) {
        may_sound_[row].store(true, std::memory_order_relaxed);
        return samples_.data() + row * stride_ + shape_.history_count;
    }
    const float* frames(int row) const { return samples_.data() + row * stride_ + shape_.history_count; }

    /// Whether the row's chunk is known to be all zeros: it was written so, and nobody could change it since.
    bool is_known_silent(int row) const { return !may_sound_[row].load(std::memory_order_relaxed); }

  private:
    RowsShape shape_;
    std::size_t stride_;
    AlignedFloats samples_;
    std::vector<std::atomic<bool>> may_sound_;  ///< [row]
};

/// The rows of this backend behind the seam's type; a mix-up of backends is a bug.
CpuRows& cpu_rows(Rows& rows);
const CpuRows& cpu_rows(const Rows& rows);

std::unique_ptr<Past> make_past(const RowsShape& shape, std::span<const int> row_numbers);

}  // namespace tutti::cpu
