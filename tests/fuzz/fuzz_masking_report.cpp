#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/errors.hpp"
#include "host/masking_arrays.hpp"
#include "host/masking_report_json.hpp"

/// Any bytes either are a report's report.json, whose arrays then have sizes that fit, or are an InputError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    tutti::masking_report_files(text);
    try {
        const tutti::MaskingResults results = tutti::parse_masking_report(text, "/mix/report.json");
        tutti::for_each_masking_array(results,
                                      [](const tutti::MaskingArray& array, const auto& /*elements*/) {
                                          TUTTI_CHECK(tutti::npy_element_count(array.shape()) >= 0);
                                      });
    } catch (const tutti::InputError&) {
        return 0;
    }
    return 0;
}
