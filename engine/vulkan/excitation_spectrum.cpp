#include "engine/vulkan/excitation_spectrum.hpp"

#include <cstring>

#include "engine/errors.hpp"
#include "shaders/excitation_spectrum.spv.hpp"

namespace tutti::vulkan {

namespace {

std::vector<Pipeline> make_pipelines(const Device& device) {
    std::vector<Pipeline> pipelines;
    for (std::uint32_t bins = 1; bins <= shaders::most_bins_per_invocation; ++bins) {
        pipelines.emplace_back(device, PipelineShape{shaders::excitation_spectrum,
                                                     {1, 1, 1, 1},
                                                     sizeof(shaders::ExcitationSpectrumPush),
                                                     UsesRows::yes,
                                                     {static_cast<std::int32_t>(bins)}});
    }
    return pipelines;
}

}  // namespace

ExcitationSpectrum::ExcitationSpectrum(Device& device, const RowsShape& shape, const SpectrumTables& tables,
                                       std::span<const std::uint32_t> rows, int most_slices,
                                       const Buffer& spectra)
    : shape_(shape),
      windows_(tables.windows),
      bin_count_(tables.bin_count),
      longest_window_(tables.longest_window()),
      rows_(rows.begin(), rows.end()),
      row_table_(make_table(device, rows_)),
      factors_(make_table(device, tables.factors)),
      centres_(device, static_cast<std::uint64_t>(most_slices) * sizeof(std::int32_t), Memory::device),
      upload_(device, centres_.bytes()),
      pipelines_(make_pipelines(device)),
      set_(
          device, pipelines_.front().set_layout(),
          {row_table_.handle_span(), centres_.handle_span(), factors_.handle_span(), spectra.handle_span()}) {
    for (const std::uint32_t row : rows_) TUTTI_CHECK(row < static_cast<std::uint32_t>(shape.row_count));
}

void ExcitationSpectrum::set_centres(Recording& recording, std::span<const int> centres) {
    TUTTI_CHECK(centres.size_bytes() <= centres_.bytes());
    const auto half_window = static_cast<int>(longest_window_ / 2);
    for (const int centre : centres) {
        TUTTI_CHECK(centre - half_window >= -shape_.history_count &&
                    centre + half_window < shape_.frame_count);
    }
    const Buffer& half = upload_.next();
    std::memcpy(half.mapped(), centres.data(), centres.size_bytes());
    recording.stage("excitation_centres", centres.size_bytes());
    recording.copy(half, centres_, {0, 0, centres.size_bytes()});
    recording.copies_before_shaders();
}

/// Window by window, and of each those rows together that are in one buffer. All write bins of their own.
void ExcitationSpectrum::run(Recording& recording, const VulkanRows& rows, std::uint32_t first_centre,
                             std::uint32_t slice_count) const {
    const auto row_count = static_cast<std::uint32_t>(rows_.size());
    recording.stage("excitation_spectrum",
                    (std::uint64_t{longest_window_} + bin_count_) * slice_count * row_count * sizeof(float));
    const std::uint32_t per_tile = rows.layout().rows_per_tile;
    for (std::uint32_t first = 0, end = 0; first < row_count; first = end) {
        const std::uint32_t rows_tile = rows_[first] / per_tile;
        while (end < row_count && rows_[end] / per_tile == rows_tile) ++end;
        const std::uint32_t pair_count = (end - first) * slice_count;
        for (const SpectrumTable& window : windows_) {
            const shaders::ExcitationSpectrumPush push{rows.layout(),
                                                       rows_tile,
                                                       first,
                                                       pair_count,
                                                       first_centre,
                                                       slice_count,
                                                       window.last_distance(),
                                                       window.first_factor,
                                                       window.factor_stride,
                                                       window.first_bin,
                                                       window.bin_count,
                                                       bin_count_};
            recording.run(pipelines_[window.bins_per_invocation - 1], set_, rows.set(), push,
                          {groups_for(pair_count, shaders::spectrum_pair_tile), window.tile_count});
        }
    }
}

}  // namespace tutti::vulkan
