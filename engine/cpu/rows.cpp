#include "engine/cpu/rows.hpp"

#include <cstring>
#include <vector>

#include "engine/errors.hpp"
#include "engine/threads.hpp"
#include "engine/zeros.hpp"

namespace tutti::cpu {

namespace {

/// One cache line more than the samples need, so that the same frame of many rows does not fall into one
/// cache set.
std::size_t row_stride(const RowsShape& shape) {
    return padded(static_cast<std::size_t>(shape.history_count) + shape.frame_count) + 16;
}

int row_count_of(std::size_t sample_count, const RowsShape& shape) {
    TUTTI_CHECK(sample_count % shape.frame_count == 0);
    return static_cast<int>(sample_count / shape.frame_count);
}

}  // namespace

CpuRows::CpuRows(const RowsShape& shape)
    : shape_(shape),
      stride_(row_stride(shape)),
      samples_(stride_ * shape.row_count, 0.0F),
      may_sound_(static_cast<std::size_t>(shape.row_count)) {
    TUTTI_CHECK(shape.frame_count > 0 && shape.frame_count % control_hop == 0);
    TUTTI_CHECK(shape.history_count >= control_hop && shape.history_count % control_hop == 0);
}

void CpuRows::write(int first_row, std::span<const float> samples) {
    const int count = row_count_of(samples.size(), shape_);
    TUTTI_CHECK(first_row >= 0 && first_row + count <= shape_.row_count);
    const std::size_t length = shape_.frame_count;
    parallel_for(count, [&](int i) {
        const std::span<const float> row = samples.subspan(i * length, length);
        std::memcpy(frames(first_row + i), row.data(), row.size_bytes());
        may_sound_[first_row + i] = !all_zero(row);
    });
}

void CpuRows::read(int first_row, std::span<float> samples) const {
    const int count = row_count_of(samples.size(), shape_);
    TUTTI_CHECK(first_row >= 0 && first_row + count <= shape_.row_count);
    const std::size_t length = shape_.frame_count;
    parallel_for(count, [&](int i) {
        std::memcpy(samples.data() + i * length, frames(first_row + i), length * sizeof(float));
    });
}

void CpuRows::advance() {
    parallel_for(shape_.row_count, [&](int row) {
        float* const begin = samples_.data() + row * stride_;
        std::memmove(begin, begin + shape_.frame_count, shape_.history_count * sizeof(float));
    });
}

namespace {

class CpuPast final : public Past {
  public:
    CpuPast(const RowsShape& shape, std::span<const int> row_numbers)
        : shape_(shape), row_numbers_(row_numbers.begin(), row_numbers.end()) {}

    void process(const Rows& before, Rows& rows) override {
        const CpuRows& from = cpu_rows(before);
        CpuRows& to = cpu_rows(rows);
        const int past = shape_.history_count;
        parallel_for(static_cast<int>(row_numbers_.size()), [&](int i) {
            const int row = row_numbers_[i];
            std::memcpy(to.frames(row) - past, from.frames(row) + shape_.frame_count - past,
                        past * sizeof(float));
        });
    }

  private:
    RowsShape shape_;
    std::vector<int> row_numbers_;
};

}  // namespace

std::unique_ptr<Past> make_past(const RowsShape& shape, std::span<const int> row_numbers) {
    return std::make_unique<CpuPast>(shape, row_numbers);
}

CpuRows& cpu_rows(Rows& rows) {
    auto* const found = dynamic_cast<CpuRows*>(&rows);
    TUTTI_CHECK(found != nullptr);
    return *found;
}

const CpuRows& cpu_rows(const Rows& rows) {
    const auto* const found = dynamic_cast<const CpuRows*>(&rows);
    TUTTI_CHECK(found != nullptr);
    return *found;
}

}  // namespace tutti::cpu
