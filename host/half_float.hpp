#pragma once

#include <cstdint>

namespace tutti {

/// IEEE 754 binary16, as numpy's float16. To the nearest, ties to even; what is too large becomes infinite;
/// not-a-number stays one.
std::uint16_t to_half(float value);
float from_half(std::uint16_t half);

}  // namespace tutti
