#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

namespace tutti {

/// What kind of instrument a stem holds, in the order in which mixing desks are laid out.
enum class Family {
    drums,
    bass,
    guitars,
    keys,
    strings,
    brass,
    winds,
    synths,
    percussion,
    effects,
    vocals,
    other
};

inline constexpr std::array all_families{Family::drums,      Family::bass,    Family::guitars, Family::keys,
                                         Family::strings,    Family::brass,   Family::winds,   Family::synths,
                                         Family::percussion, Family::effects, Family::vocals,  Family::other};

/// "Drums", "Bass", … "Other".
std::string family_name(Family family);

/// The family by what a file's name says ("07_LeadVox-dbl.wav": vocals) and, where it says little, the
/// folders it lies in. The longest phrase known wins ("bass drum" over "bass"), an instrument wins over what
/// is done with it ("kick sub": drums, "lead vox": vocals), the last word wins over the first ("synth bass":
/// bass).
Family family_of(const std::filesystem::path& file);

/// The name for people: "07_lead-vox_dbl" becomes "Lead Vox Dbl". `file_name`: without folder and extension.
std::string readable_name(std::string_view file_name);

/// One half of a pair of mono files: "OH L" and "OH R".
struct SidedName {
    int side = 0;      ///< -1 for a name that ends in "L" or "left", +1 for "R" or "right", else 0
    std::string rest;  ///< the same for both halves; a track number in front does not count
};
SidedName sided_name(std::string_view file_name);

/// Orders as people do: "track 2" before "Track 10".
bool natural_less(std::string_view a, std::string_view b);

}  // namespace tutti
