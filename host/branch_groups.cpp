#include "host/branch_groups.hpp"

#include <cstdint>
#include <span>

#include "host/content_hash.hpp"

namespace tutti {

namespace {

/// Tracks of a group. Where one ends is up to names, so that a track more or less moves no other border.
constexpr std::size_t fewest_tracks = 4;
constexpr std::size_t most_tracks = 12;
constexpr std::uint64_t names_per_border = 4;

bool begins_group(const Track& track, const Track& before, std::size_t size) {
    if (track.output != before.output || size >= most_tracks) return true;
    return size >= fewest_tracks && checksum_of(std::as_bytes(std::span(track.name))) % names_per_border == 0;
}

}  // namespace

std::vector<std::vector<int>> branch_groups(const Session& session, const Routing& routing, int depth) {
    std::vector<std::vector<int>> groups;
    const Track* before = nullptr;
    std::size_t size = 0;  // strips that are not needed count too: a mute moves no border
    for (int i = 0; i < routing.strip_count(); ++i) {
        if (routing.depth(i) != depth) continue;
        const bool is_track = i < static_cast<int>(session.tracks.size());
        if (!is_track || before == nullptr || begins_group(session.tracks[i], *before, size)) {
            groups.emplace_back();
            size = 0;
        }
        ++size;
        before = is_track ? &session.tracks[i] : nullptr;
        if (routing.is_needed(i)) groups.back().push_back(i);
    }
    std::erase_if(groups, [](const std::vector<int>& strips) { return strips.empty(); });
    return groups;
}

}  // namespace tutti
