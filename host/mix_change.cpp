#include "host/mix_change.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "engine/errors.hpp"
#include "host/audio_writer.hpp"
#include "host/masking_sentences.hpp"
#include "host/pan.hpp"
#include "host/stem_reader.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

/// Softer than this beside the other side, a channel of a stereo stem is taken as lost.
constexpr double least_channel_gain = 1e-3;

bool reaches_master_in_stereo(const Session& session, const Track& track) {
    std::string output = track.output;
    for (std::size_t step = 0; step <= session.buses.size(); ++step) {
        const auto bus = std::find_if(session.buses.begin(), session.buses.end(),
                                      [&](const Bus& b) { return b.name == output; });
        if (bus == session.buses.end()) break;
        if (bus->channels != 2) return false;
        output = bus->output;
    }
    return session.master.channels == 2;
}

}  // namespace

const Track* find_track(const Session& session, const std::string& name) {
    const auto found = std::find_if(session.tracks.begin(), session.tracks.end(),
                                    [&](const Track& track) { return track.name == name; });
    return found == session.tracks.end() ? nullptr : &*found;
}

const Strip* find_strip(const Session& session, const std::string& name) {
    if (const Track* const track = find_track(session, name)) return track;
    const auto found = std::find_if(session.buses.begin(), session.buses.end(),
                                    [&](const Bus& bus) { return bus.name == name; });
    return found == session.buses.end() ? nullptr : &*found;
}

MixChange pan_of(const MaskingResults& results, const Session& session, int object) {
    const MaskingObject& facts = results.tracks.objects[object];
    const Track* const track = find_track(session, facts.strips.front());
    const auto refuse = [&](const std::string& why) { throw InputError(facts.name + ": " + why); };
    if (track == nullptr) refuse("is no track; allowed: panning a track");
    if (facts.strips.size() != 1) refuse("is heard as more than one strip; allowed: panning a single track");
    if (!reaches_master_in_stereo(session, *track)) refuse("plays in mono; its pan changes nothing");
    MixChange change;
    change.kind = MixChange::Kind::pan;
    change.object = object;
    change.pan = change.pan_from = track->pan;
    change.pan_law_db = track->pan_law_db;
    change.channels = read_audio_info(track->file).channels;
    const ChannelGains gains = pan_gains(track->pan, track->pan_law_db, change.channels, 2);
    if (change.channels == 2 && std::min(gains[0][0], gains[1][1]) < least_channel_gain)
        refuse("one side of it is not in the mix, so nothing is known of it elsewhere");
    return change;
}

MixChange first_cut(const ClashEvent& event) {
    TUTTI_CHECK(!event.maskers.empty());
    constexpr double cut_db = 4.0;
    constexpr double broadest_q = 0.5;
    constexpr double narrowest_q = 6.0;
    MixChange change;
    change.object = event.maskers.front().object;
    change.bell.freq_hz = std::sqrt(event.low_hz * event.high_hz);
    change.bell.gain_db = -cut_db;
    change.bell.q = std::clamp(change.bell.freq_hz / std::max(1.0, event.high_hz - event.low_hz), broadest_q,
                               narrowest_q);
    return change;
}

MixChange change_of_suggestion(const MaskingResults& results, const Session* session,
                               const Suggestion& suggestion) {
    if (suggestion.kind == Suggestion::Kind::pan) {
        if (session == nullptr) throw InputError("panning needs the session, which cannot be read");
        MixChange change = pan_of(results, *session, suggestion.object);
        change.pan = suggestion.pan_to;
        return change;
    }
    MixChange change;
    change.object = suggestion.object;
    change.bell = suggestion.bell;
    return change;
}

std::vector<SessionEdit> change_edits(const MaskingResults& results, const Session& session,
                                      std::span<const MixChange> changes) {
    std::vector<SessionEdit> edits;
    for (const MixChange& change : changes) {
        const MaskingObject& object = results.tracks.objects[change.object];
        const bool has_tracks = find_track(session, object.strips.front()) != nullptr;
        for (const std::string& name : object.strips) {
            // A return that hears only these tracks gets it from them.
            if (has_tracks && find_track(session, name) == nullptr) continue;
            const Strip* const strip = find_strip(session, name);
            if (strip == nullptr) throw InputError("the session has no track or bus " + in_quotes(name));
            SessionEdit edit;
            edit.strip = name;
            edit.comment = {"Tried out in tutti-viewer: " + change_text(change) + "."};
            if (change.kind == MixChange::Kind::bell) {
                edit.kind = SessionEdit::Kind::add_bell;
                edit.bell = change.bell;
            } else if (change.kind == MixChange::Kind::pan) {
                edit.kind = SessionEdit::Kind::set_pan;
                edit.pan = change.pan;
            } else {
                edit.kind = SessionEdit::Kind::set_gain;
                edit.gain_db = strip->gain_db + change.gain_db;
            }
            edits.push_back(std::move(edit));
        }
    }
    return edits;
}

void write_changed_session(const MaskingResults& results, std::span<const MixChange> changes,
                           const std::filesystem::path& file) {
    if (changes.empty()) throw InputError("nothing has been changed");
    if (file.empty()) throw InputError("found no name for the session; allowed: a file");
    std::error_code ignored;
    if (std::filesystem::exists(std::filesystem::symlink_status(file, ignored)))
        throw InputError(printable(file.string()) + ": is there already; allowed: another name");
    const std::filesystem::path original = results.session_file;
    const std::string text = read_session_text(original);
    const Session session = parse_session(text, original, false);
    write_text_file(file, edit_session(text, original, file, change_edits(results, session, changes)));
}

std::string change_text(const MixChange& change) {
    char text[80];
    if (change.kind == MixChange::Kind::bell) {
        std::snprintf(text, sizeof text, "%+.1f dB at %s, Q %.1f", change.bell.gain_db,
                      frequency_text(change.bell.freq_hz).c_str(), change.bell.q);
    } else if (change.kind == MixChange::Kind::gain) {
        std::snprintf(text, sizeof text, "fader %+.1f dB", change.gain_db);
    } else {
        std::snprintf(text, sizeof text, "pan %+.2f instead of %+.2f", change.pan, change.pan_from);
    }
    return text;
}

}  // namespace tutti
