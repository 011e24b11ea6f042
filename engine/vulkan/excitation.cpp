#include "engine/vulkan/excitation.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <vector>

#include "engine/errors.hpp"
#include "engine/vulkan/excitation_filters.hpp"
#include "engine/vulkan/excitation_spectrum.hpp"
#include "engine/vulkan/excitation_tables.hpp"
#include "engine/vulkan/excitations.hpp"
#include "engine/vulkan/recording.hpp"
#include "engine/vulkan/rows.hpp"
#include "shaders/excitation_components.spv.hpp"

namespace tutti::vulkan {

namespace {

/// Slices are taken in batches whose spectra and powers are no larger than this, at least one at a time.
constexpr std::uint64_t batch_bytes = std::uint64_t{32} << 20;

/// Powers from the host come in batches of this, since they are kept twice on their way.
constexpr std::uint64_t given_bytes = std::uint64_t{4} << 20;

/// How much there is of everything, as shaders count it.
struct Counts {
    std::uint32_t objects, components, bands, rows, bins;
    std::uint32_t slices = 1;        ///< of a batch
    std::uint32_t given_slices = 1;  ///< of a batch of powers from the host

    Counts(const Device& device, const ExcitationPlan& plan, const ObjectTables& heard,
           const SpectrumTables& spectrum)
        : objects(static_cast<std::uint32_t>(plan.objects.size())),
          components(static_cast<std::uint32_t>(plan.grid.component_count())),
          bands(static_cast<std::uint32_t>(plan.grid.band_count())),
          rows(static_cast<std::uint32_t>(heard.rows.size())),
          bins(spectrum.bin_count) {
        TUTTI_CHECK(objects > 0 && components > 0 && bands > 0 && plan.most_slices >= 0);
        const std::uint64_t most_floats = std::min(batch_bytes, device.tile_bytes()) / sizeof(float);
        const auto batch = [&](std::uint64_t floats, std::uint64_t of_slice) {
            return static_cast<std::uint32_t>(
                std::clamp<std::uint64_t>(floats / of_slice, 1, std::max(1, plan.most_slices)));
        };
        slices = batch(most_floats, std::max(spectra_of(1), powers_of(1)));
        given_slices = std::min(slices, batch(given_bytes / sizeof(float), powers_of(1)));
    }

    std::uint64_t spectra_of(std::uint64_t slice_count) const { return slice_count * rows * bins; }
    std::uint64_t powers_of(std::uint64_t slice_count) const {
        return slice_count * 2 * objects * components;
    }
};

std::vector<std::uint32_t> counted(std::uint32_t count) {
    std::vector<std::uint32_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
}

class VulkanExcitation final : public Excitation {
  public:
    VulkanExcitation(Device& device, const RowsShape& shape, const ExcitationPlan& plan)
        : VulkanExcitation(device, shape, plan, SpectrumTables(plan.grid, plan.sample_rate_hz),
                           ObjectTables(plan)) {}
    ~VulkanExcitation() override { device_.finish(); }

    void process(const Rows& rows, std::span<const int> centres, Excitations& tile, int first_slice) override;
    void process_powers(std::span<const float> powers, Excitations& tile, int first_slice) override;

  private:
    VulkanExcitation(Device& device, const RowsShape& shape, const ExcitationPlan& plan,
                     const SpectrumTables& spectrum, const ObjectTables& heard);

    void components(Recording& recording, const BufferSet& set, const shaders::ExcitationComponentsPush& push,
                    std::uint32_t slice_count) const;
    void powers_to_excitations(Recording& recording, const VulkanExcitations& tile, std::uint32_t first_slice,
                               std::uint32_t slice_count) const;
    const VulkanExcitations& check_tile(const Excitations& tile, int first_slice, std::size_t slices) const;

    Device& device_;
    RowsShape shape_;
    int most_slices_;
    Counts counts_;
    Buffer slots_;
    Buffer first_bins_;
    Buffer weights_;
    Buffer given_slots_;
    Buffer given_bins_;
    Buffer spectra_;  ///< [row][slice][bin], or powers as they were given
    Buffer powers_;   ///< [slice][ear][component][object]
    UploadHalves upload_;
    ExcitationSpectrum spectrum_;
    ExcitationFilters filters_;
    Pipeline components_pipeline_;
    BufferSet components_set_;
    BufferSet given_set_;
};

VulkanExcitation::VulkanExcitation(Device& device, const RowsShape& shape, const ExcitationPlan& plan,
                                   const SpectrumTables& spectrum, const ObjectTables& heard)
    : device_(device),
      shape_(shape),
      most_slices_(plan.most_slices),
      counts_(device, plan, heard, spectrum),
      slots_(make_table(device, heard.slots)),
      first_bins_(make_table(device, spectrum.first_bins)),
      weights_(make_table(device, heard.weights)),
      given_slots_(make_table(device, counted(2 * counts_.objects))),
      given_bins_(make_table(device, counted(counts_.components + 1))),
      spectra_(device,
               std::max(counts_.spectra_of(counts_.slices), counts_.powers_of(counts_.given_slices)) *
                   sizeof(float),
               Memory::device),
      powers_(device, counts_.powers_of(counts_.slices) * sizeof(float), Memory::device),
      upload_(device, counts_.powers_of(counts_.given_slices) * sizeof(float)),
      spectrum_(device, shape, spectrum, heard.rows, plan.most_slices, spectra_),
      filters_(device, FilterTables(plan.grid), counts_.objects, counts_.slices, powers_),
      components_pipeline_(device, {shaders::excitation_components,
                                    {1, 1, 1, 1, 1},
                                    sizeof(shaders::ExcitationComponentsPush),
                                    UsesRows::no}),
      components_set_(device, components_pipeline_.set_layout(),
                      {slots_.handle_span(), first_bins_.handle_span(), weights_.handle_span(),
                       spectra_.handle_span(), powers_.handle_span()}),
      given_set_(device, components_pipeline_.set_layout(),
                 {given_slots_.handle_span(), given_bins_.handle_span(), weights_.handle_span(),
                  spectra_.handle_span(), powers_.handle_span()}) {
    // Widest dispatches.
    device.require({groups_for(counts_.rows * counts_.slices, shaders::spectrum_pair_tile)});
    device.require({groups_for(counts_.components, shaders::component_tile),
                    groups_for(counts_.objects, shaders::component_tile), 2 * counts_.slices});
}

void VulkanExcitation::process(const Rows& rows, std::span<const int> centres, Excitations& tile,
                               int first_slice) {
    TUTTI_CHECK(counts_.bins > 0 && centres.size() <= static_cast<std::size_t>(most_slices_));
    const VulkanRows& source = vulkan_rows(rows, device_, shape_);
    const VulkanExcitations& target = check_tile(tile, first_slice, centres.size());
    const auto slice_count = static_cast<std::uint32_t>(centres.size());
    for (std::uint32_t done = 0; done < slice_count; done += counts_.slices) {
        const std::uint32_t count = std::min(counts_.slices, slice_count - done);
        Recording recording = device_.record();
        if (done == 0) spectrum_.set_centres(recording, centres);
        spectrum_.run(recording, source, done, count);
        recording.shaders_before_shaders();
        components(recording, components_set_,
                   {counts_.objects, counts_.components, count * counts_.bins, counts_.bins, 1}, count);
        recording.shaders_before_shaders();
        powers_to_excitations(recording, target, static_cast<std::uint32_t>(first_slice) + done, count);
        const Point point = recording.submit({&source.copied(), 1});
        source.used(point);
        if (done == 0) spectrum_.sent(point);
    }
}

void VulkanExcitation::process_powers(std::span<const float> powers, Excitations& tile, int first_slice) {
    const std::uint64_t slice_powers = counts_.powers_of(1);
    TUTTI_CHECK(powers.size() % slice_powers == 0);
    const auto slice_count = static_cast<std::uint32_t>(powers.size() / slice_powers);
    const VulkanExcitations& target = check_tile(tile, first_slice, slice_count);
    for (std::uint32_t done = 0; done < slice_count; done += counts_.given_slices) {
        const std::uint32_t count = std::min(counts_.given_slices, slice_count - done);
        const std::uint64_t bytes = count * slice_powers * sizeof(float);
        const Buffer& half = upload_.next();
        std::memcpy(half.mapped(), powers.data() + done * slice_powers, bytes);
        Recording recording = device_.record();
        recording.stage("excitation_powers", bytes);
        recording.copy(half, spectra_, {0, 0, bytes});
        recording.copies_before_shaders();
        components(recording, given_set_,
                   {counts_.objects, counts_.components, counts_.components,
                    static_cast<std::uint32_t>(slice_powers), 0},
                   count);
        recording.shaders_before_shaders();
        powers_to_excitations(recording, target, static_cast<std::uint32_t>(first_slice) + done, count);
        upload_.sent(recording.submit());
    }
}

void VulkanExcitation::components(Recording& recording, const BufferSet& set,
                                  const shaders::ExcitationComponentsPush& push,
                                  std::uint32_t slice_count) const {
    const std::uint64_t powers = counts_.powers_of(slice_count);
    const std::uint64_t summands = push.is_weighted != 0 ? counts_.spectra_of(slice_count) : powers;
    recording.stage("excitation_components", (summands + powers) * sizeof(float));
    recording.run(components_pipeline_, set, VK_NULL_HANDLE, push,
                  {groups_for(counts_.components, shaders::component_tile),
                   groups_for(counts_.objects, shaders::component_tile), 2 * slice_count});
}

void VulkanExcitation::powers_to_excitations(Recording& recording, const VulkanExcitations& tile,
                                             std::uint32_t first_slice, std::uint32_t slice_count) const {
    filters_.totals(recording, slice_count);
    recording.shaders_before_shaders();
    filters_.levels(recording, slice_count);
    recording.shaders_before_shaders();
    filters_.product(recording, tile, first_slice, slice_count);
}

const VulkanExcitations& VulkanExcitation::check_tile(const Excitations& tile, int first_slice,
                                                      std::size_t slices) const {
    const VulkanExcitations& target = vulkan_excitations(tile, device_);
    const ExcitationsShape& shape = target.shape();
    TUTTI_CHECK(shape.object_count == static_cast<int>(counts_.objects) &&
                shape.band_count == static_cast<int>(counts_.bands));
    TUTTI_CHECK(first_slice >= 0 && static_cast<std::size_t>(first_slice) + slices <=
                                        static_cast<std::size_t>(shape.slice_count));
    return target;
}

}  // namespace

std::unique_ptr<Excitation> make_excitation(Device& device, const RowsShape& shape,
                                            const ExcitationPlan& plan) {
    return std::make_unique<VulkanExcitation>(device, shape, plan);
}

}  // namespace tutti::vulkan
