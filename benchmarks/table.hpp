#pragma once

#include <string>
#include <vector>

namespace tutti::bench {

/// A table in Markdown that also reads as plain text: columns as wide as their widest cell, the first to the
/// left and the others to the right. The first row is the header; all rows are equally long.
std::string table_text(const std::vector<std::vector<std::string>>& rows);

/// A number with `digits` significant digits and no exponent: "12300", "0.00123".
std::string significant(double value, int digits);

}  // namespace tutti::bench
