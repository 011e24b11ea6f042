#pragma once

#include <span>
#include <string_view>

#include "host/instrument_family.hpp"

namespace tutti {

/// The words and phrases, comma-separated and in lower case, by which stems of a family are called.
struct FamilyWords {
    Family family;
    std::string_view instruments;  ///< say what it is
    std::string_view hints;        ///< say it only where no instrument is named
};

std::span<const FamilyWords> family_words();

/// Words that stand in file names beside these and belong to no family.
std::string_view neutral_words();

}  // namespace tutti
