#include "host/branch_groups.hpp"

#include <cstdint>
#include <map>
#include <span>

#include "host/content_hash.hpp"

namespace tutti {

namespace {

/// Tracks of a group. Where one ends is up to names, so that a track more or less moves no other border.
constexpr std::size_t fewest_tracks = 4;
constexpr std::size_t most_tracks = 12;
constexpr std::uint64_t names_per_border = 4;

bool begins_group(const Track& track, std::size_t size_before) {
    if (size_before >= most_tracks) return true;
    return size_before >= fewest_tracks &&
           checksum_of(std::as_bytes(std::span(track.name))) % names_per_border == 0;
}

}  // namespace

/// Tracks stand with those of the same output, wherever in the session those are.
std::vector<std::vector<int>> branch_groups(const Session& session, const Routing& routing, int depth) {
    struct Last {
        std::size_t group;
        std::size_t size;  // strips that are not needed count too: a mute moves no border
    };
    std::vector<std::vector<int>> groups;
    std::map<std::string, Last> last_of_output;
    for (int i = 0; i < routing.strip_count(); ++i) {
        if (routing.depth(i) != depth) continue;
        std::size_t group = groups.size();
        if (i < static_cast<int>(session.tracks.size())) {
            const Track& track = session.tracks[i];
            const auto [last, is_first] = last_of_output.try_emplace(track.output, Last{group, 0});
            if (!is_first && begins_group(track, last->second.size)) last->second = {group, 0};
            group = last->second.group;
            ++last->second.size;
        }
        if (group == groups.size()) groups.emplace_back();
        if (routing.is_needed(i)) groups[group].push_back(i);
    }
    std::erase_if(groups, [](const std::vector<int>& strips) { return strips.empty(); });
    return groups;
}

}  // namespace tutti
