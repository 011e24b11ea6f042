#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tutti::bench {

/// A stem on its track in an Ardour session.
struct ArdourRegion {
    std::string track;      ///< the track's name in Ardour
    std::string file_name;  ///< in interchange/NAME/audiofiles
    std::int64_t frame_count = 0;
};

/// An Ardour 7 session file, as its Lua script saved it, with what Lua cannot do: a stereo region from frame
/// 0 on every track named in `regions`, the session's range from 0 to `end_frame`, and a balance on every
/// strip's main output. `sample_rate_hz`: the session's. Throws InputError for a text that is no such file or
/// a track that is not in it.
std::string with_regions(const std::string& project, const std::vector<ArdourRegion>& regions,
                         std::int64_t end_frame, int sample_rate_hz);

/// The same with every plug-in of these URIs switched off.
std::string without_plugins(const std::string& project, const std::vector<std::string>& uris);

}  // namespace tutti::bench
