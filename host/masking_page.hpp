#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/masking_advice.hpp"
#include "host/masking_results.hpp"

namespace tutti {

/// index.html: everything to look through an analysis with, in one file that needs no network. Names are
/// escaped; `data` bytes are kept below about 6 MB by showing time more coarsely.
std::string masking_page(const MaskingResults& results, const MaskingAdvice& advice);

/// What the page is about, as JSON that may stand inside a script element: no "<" in it.
std::string masking_page_data(const MaskingResults& results, const MaskingAdvice& advice);

/// Margins in steps of 3 dB, what the model is exact to: 0 where inactive, 1 below -9 dB, 2 from -9 to -6 dB,
/// ..., 12 from 21 dB. The classes' edges (0, 6, 15 dB) are edges of steps.
int margin_step(float margin_db);

/// Steps, [display band][column], as bytes `step << 4 | run - 1`: runs of 1 to 16 equal ones.
std::vector<std::uint8_t> run_lengths(const std::vector<std::uint8_t>& steps);

/// RFC 4648.
std::string base64(const std::vector<std::uint8_t>& bytes);

}  // namespace tutti
