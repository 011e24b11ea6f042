#pragma once

#include <span>
#include <vector>

#include "engine/vulkan/buffer.hpp"
#include "engine/vulkan/excitation_tables.hpp"
#include "engine/vulkan/pipeline.hpp"
#include "engine/vulkan/recording.hpp"
#include "engine/vulkan/rows.hpp"

namespace tutti::vulkan {

/// The bins of all windows, of slices of rows.
class ExcitationSpectrum {
  public:
    /// `rows`: those to analyse, ascending. `spectra` receives [row][slice][bin].
    ExcitationSpectrum(Device& device, const RowsShape& shape, const SpectrumTables& tables,
                       std::span<const std::uint32_t> rows, int most_slices, const Buffer& spectra);

    std::uint32_t bin_count() const { return bin_count_; }

    /// Copies in the frames that the slices' windows are centred at; ends with a barrier. Whole windows must
    /// lie in the rows. Then sent() must say in which work.
    void set_centres(Recording& recording, std::span<const int> centres);
    void sent(const Point& point) { upload_.sent(point); }

    /// Makes spectra of slice_count slices from centre number first_centre on. A barrier must stand behind
    /// it.
    void run(Recording& recording, const VulkanRows& rows, std::uint32_t first_centre,
             std::uint32_t slice_count) const;

  private:
    RowsShape shape_;
    std::vector<SpectrumTable> windows_;
    std::uint32_t bin_count_;
    std::uint32_t longest_window_;
    std::vector<std::uint32_t> rows_;
    Buffer row_table_;
    Buffer factors_;
    Buffer centres_;
    UploadHalves upload_;
    std::vector<Pipeline> pipelines_;  ///< for 1, 2 ... bins per invocation
    BufferSet set_;
};

}  // namespace tutti::vulkan
