#include "host/masking_arrays.hpp"

namespace tutti {

namespace {

std::int64_t size_of(const std::vector<MaskingObject>& objects) {
    return static_cast<std::int64_t>(objects.size());
}

}  // namespace

NpyShape MaskingArray::shape() const {
    NpyShape lengths;
    for (const Axis& axis : axes) lengths.push_back(axis.length);
    return lengths;
}

std::vector<MaskingArray> masking_view_arrays(const MaskingResults& results, const MaskingView& view,
                                              const std::string& prefix, const std::string& object) {
    const std::int64_t count = size_of(view.objects);
    const MaskingArray::Axis target{"target " + object, count};
    const MaskingArray::Axis masker{"masker " + object, count};
    const MaskingArray::Axis hop{"display hop", results.hop_count};
    const MaskingArray::Axis section{"section", results.section_count};
    const MaskingArray::Axis band{"display band", static_cast<std::int64_t>(display_band_hz().size())};
    const MaskingArray::Axis group{"band group", static_cast<std::int64_t>(band_group_edges_hz().size()) - 1};
    return {
        {prefix + "margin_db.npy",
         "audibility margin; not a number where the target is inactive",
         "dB",
         {target, hop, band}},
        {prefix + "loudness.npy",
         "partial loudness: of the target in the mix, mean over the hop",
         "sone",
         {target, hop, band}},
        {prefix + "clash.npy",
         "the target's loudness at stake, times severity, times the masker's share",
         "sone s",
         {section, group, target, masker}},
        {prefix + "benefit.npy",
         "partial loudness the target gains per dB of cut on the masker",
         "sone s / dB",
         {section, group, target, masker}},
        {prefix + "self_cost.npy",
         "partial loudness the target loses per dB of cut on itself",
         "sone s / dB",
         {section, group, target}},
        {prefix + "partial.npy",
         "partial loudness of the target, summed over time",
         "sone s",
         {section, group, target}},
        {prefix + "audibility.npy",
         "active bands and time by class: inaudible, heavily masked, partly masked, clear",
         "Cam s",
         {section, group, target, {"audibility", audibility_count}}},
    };
}

MaskingArray excitation_array(const MaskingResults& results) {
    return {"excitation.npy",
            "mean excitation, in half decibels over -20 dB; 0: nothing",
            "0.5 dB",
            {{"ear", 2},
             {"track", size_of(results.tracks.objects)},
             {"display hop", results.hop_count},
             {"display band", static_cast<std::int64_t>(display_band_hz().size())}}};
}

}  // namespace tutti
