#include "benchmarks/ardour_project.hpp"

#include <algorithm>
#include <map>
#include <sstream>

#include "engine/errors.hpp"

namespace tutti::bench {

namespace {

/// Ticks of Ardour 7's audio time in a second (libs/temporal: superclock_ticks_per_second).
constexpr std::int64_t ticks_per_second = 282'240'000;
/// Above the numbers that a session of our size has given away itself.
constexpr int first_free_id = 100'000'000;

void replace_once(std::string& text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    if (at == std::string::npos) throw InputError("Ardour's session file has no " + from);
    text.replace(at, from.size(), to);
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

/// The value of the attribute in the element that begins at `element`; empty when it has none.
std::string attribute(const std::string& text, std::size_t element, const std::string& name) {
    const std::string opening = " " + name + "=\"";
    const std::size_t end = text.find('>', element);
    const std::size_t at = text.find(opening, element);
    if (at == std::string::npos || at > end) return "";
    const std::size_t first = at + opening.size();
    return text.substr(first, text.find('"', first) - first);
}

/// [track's name]: where its playlist's element begins.
std::map<std::string, std::size_t> playlists_by_track(const std::string& project) {
    std::map<std::string, std::string> names;  // by the track's id
    for (std::size_t at = project.find("<Route "); at != std::string::npos;
         at = project.find("<Route ", at + 1)) {
        names[attribute(project, at, "id")] = attribute(project, at, "name");
    }
    std::map<std::string, std::size_t> playlists;
    for (std::size_t at = project.find("<Playlist "); at != std::string::npos;
         at = project.find("<Playlist ", at + 1)) {
        playlists[names[attribute(project, at, "orig-track-id")]] = at;
    }
    return playlists;
}

class RegionWriter {
  public:
    explicit RegionWriter(int sample_rate_hz) : ticks_per_frame_(ticks_per_second / sample_rate_hz) {}

    void add(const ArdourRegion& region) {
        const int left = next_id_++;
        const int right = next_id_++;
        for (const int channel : {0, 1}) {
            sources_ << "    <Source name=\"" << region.file_name
                     << R"(" take-id="" type="audio" flags="" id=")" << left + channel << "\" channel=\""
                     << channel << R"(" origin="" gain="1"/>)"
                     << "\n";
        }
        regions_ << text_of(region, left, right, true);
        playlist_ = text_of(region, left, right, false);
    }

    std::string sources() const { return sources_.str(); }
    std::string regions() const { return regions_.str(); }
    /// What stands in the playlist of the region added last.
    const std::string& playlist() const { return playlist_; }
    std::string ticks(std::int64_t frame) const { return "a" + std::to_string(frame * ticks_per_frame_); }

  private:
    std::string text_of(const ArdourRegion& region, int left, int right, bool whole_file) {
        const std::string length = ticks(region.frame_count) + "@a0";
        std::ostringstream text;
        text << "      <Region name=\"" << region.track
             << R"(" muted="0" opaque="1" locked="0" video-locked="0" automatic="0" whole-file=")"
             << whole_file
             << R"(" import="0" external="1" sync-marked="0" left-of-split="0" right-of-split="0" hidden="0")"
             << R"( position-locked="0" valid-transients="0" start="a0" length=")" << length
             << R"(" sync-position="a0" ancestral-start="a0" ancestral-length=")" << length
             << R"(" stretch="1" shift="1" layering-index="0" envelope-active="0" default-fade-in="0")"
             << R"( default-fade-out="0" fade-in-active="0" fade-out-active="0" scale-amplitude="1" id=")"
             << next_id_++ << R"(" type="audio" first-edit="nothing" source-0=")" << left << "\" source-1=\""
             << right << "\" master-source-0=\"" << left << "\" master-source-1=\"" << right
             << "\" channels=\"2\"/>\n";
        return text.str();
    }

    std::int64_t ticks_per_frame_;
    int next_id_ = first_free_id;
    std::ostringstream sources_;
    std::ostringstream regions_;
    std::string playlist_;
};

}  // namespace

std::string with_regions(const std::string& project, const std::vector<ArdourRegion>& regions,
                         std::int64_t end_frame, int sample_rate_hz) {
    const std::map<std::string, std::size_t> playlists = playlists_by_track(project);
    RegionWriter writer(sample_rate_hz);
    std::map<std::size_t, std::string, std::greater<>> contents;  // the last first: earlier places stay right
    for (const ArdourRegion& region : regions) {
        const auto playlist = playlists.find(region.track);
        if (playlist == playlists.end()) {
            throw InputError("Ardour's session file has no track " + region.track);
        }
        writer.add(region);
        contents[playlist->second] = writer.playlist();
    }
    std::string text = project;
    for (const auto& [playlist, content] : contents) {
        const std::size_t end = text.find("/>", playlist);
        if (end > text.find('>', playlist)) throw InputError("Ardour's session file has regions already");
        text.replace(end, 2, ">\n" + content + "    </Playlist>");
    }
    replace_once(text, "<Sources/>", "<Sources>\n" + writer.sources() + "  </Sources>");
    replace_once(text, "<Regions/>", "<Regions>\n" + writer.regions() + "  </Regions>");
    replace_once(text, "<Locations/>",
                 "<Locations>\n    <Location id=\"" + std::to_string(first_free_id - 1) +
                     R"(" name="session" start="a0" end=")" + writer.ticks(end_frame) +
                     "\" flags=\"IsSessionRange\" locked=\"0\" timestamp=\"0\" cue=\"0\"/>\n  </Locations>");
    // Else a stereo strip gets Ardour's default, which pans both sides like mono signals.
    const std::string balance = "http://ardour.org/plugin/panner_balance";
    replace_all(text, R"(<PannerShell bypassed="0" user-panner="" linked-to-route="1"/>)",
                R"(<PannerShell bypassed="0" user-panner=")" + balance +
                    R"(" linked-to-route="1"><Panner uri=")" + balance +
                    R"(" type="Stereo Balance"/></PannerShell>)");
    return text;
}

std::string without_plugins(const std::string& project, const std::vector<std::string>& uris) {
    std::string text = project;
    for (const std::string& uri : uris) {
        const std::string mark = "unique-id=\"" + uri + "\"";
        for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
            const std::size_t active = text.rfind("active=\"1\"", at);
            if (active != std::string::npos && active > text.rfind('<', at)) text[active + 8] = '0';
        }
    }
    return text;
}

}  // namespace tutti::bench
