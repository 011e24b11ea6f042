#include "engine/vulkan/past.hpp"

#include <algorithm>
#include <vector>

#include "engine/errors.hpp"
#include "engine/vulkan/routine.hpp"
#include "engine/vulkan/rows.hpp"

namespace tutti::vulkan {

namespace {

class VulkanPast final : public Past {
  public:
    VulkanPast(Device& device, const RowsShape& shape, std::span<const int> row_numbers)
        : device_(device),
          shape_(shape),
          row_numbers_(row_numbers.begin(), row_numbers.end()),
          routine_(device, device.compute(), rows_in_turn) {
        for (const int row : row_numbers_) TUTTI_CHECK(row >= 0 && row < shape.row_count);
        std::sort(row_numbers_.begin(), row_numbers_.end());
        regions_.reserve(row_numbers_.size());
    }

    ~VulkanPast() override { device_.finish(); }

    void process(const Rows& before, Rows& rows) override {
        const VulkanRows& from = vulkan_rows(before, device_, shape_);
        const VulkanRows& to = vulkan_rows(rows, device_, shape_);
        if (row_numbers_.empty()) return;
        const Point after[] = {from.copied(), to.copied()};
        const Point point = routine_.submit({key_of(from.set()), key_of(to.set())}, after,
                                            [&](Recording& recording) { write_down(recording, from, to); });
        for (const int row : row_numbers_) to.silence().carry(row, from.silence());
        from.used(point);
        to.used(point);
    }

  private:
    /// Where the past is longer than a chunk, its end moves forward with the chunk behind it.
    void write_down(Recording& recording, const VulkanRows& from, const VulkanRows& to) {
        const std::uint64_t past_bytes = shape_.history_count * sizeof(float);
        const std::uint64_t chunk_bytes = shape_.frame_count * sizeof(float);
        recording.stage("rows_past", 2 * past_bytes * row_numbers_.size());
        const std::uint32_t per_tile = to.samples().units_per_tile();
        for (std::size_t first = 0; first < row_numbers_.size();) {
            const std::uint32_t tile = static_cast<std::uint32_t>(row_numbers_[first]) / per_tile;
            regions_.clear();
            for (; first < row_numbers_.size(); ++first) {
                const auto row = static_cast<std::uint32_t>(row_numbers_[first]);
                if (row / per_tile != tile) break;
                const std::uint64_t begin = row % per_tile * (past_bytes + chunk_bytes);
                regions_.push_back({begin + chunk_bytes, begin, past_bytes});
            }
            recording.copy(from.samples().tiles()[tile], to.samples().tiles()[tile], regions_);
        }
    }

    Device& device_;
    RowsShape shape_;
    std::vector<int> row_numbers_;
    std::vector<VkBufferCopy> regions_;  ///< in one tile
    Routine routine_;
};

}  // namespace

std::unique_ptr<Past> make_past(Device& device, const RowsShape& shape, std::span<const int> row_numbers) {
    return std::make_unique<VulkanPast>(device, shape, row_numbers);
}

}  // namespace tutti::vulkan
