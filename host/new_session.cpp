#include "host/new_session.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include "engine/errors.hpp"
#include "host/instrument_family.hpp"
#include "host/progress.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

namespace fs = std::filesystem;

/// What all tracks together are brought to if they have nothing in common: the level of EBU R 128, far enough
/// below full scale for their peaks.
constexpr double sum_level_lufs = -23.0;
constexpr double greatest_trim_db = 24.0;
constexpr std::size_t comment_columns = 100;

/// A stem that becomes a track.
struct Candidate {
    const SurveyedStem* stem;
    Family family;
    std::string name;
    int side = 0;           ///< of a mono pair
    double level_lufs = 0;  ///< the pair's where it is one half of it
};

std::string counted(std::size_t count, const std::string& what) {
    std::string text = std::to_string(count);
    text.append(" ").append(what);
    if (count != 1) text += 's';
    return text;
}

std::string fixed(double value, int decimals) {
    std::ostringstream text;
    text.setf(std::ios::fixed);
    text.precision(decimals);
    text << value;
    return text.str();
}

std::string join(const std::vector<std::string>& items) {
    std::string text;
    for (const std::string& item : items) {
        if (!text.empty()) text += ", ";
        text += item;
    }
    return text;
}

std::string wrapped(const std::string& paragraph) {
    std::istringstream words(paragraph);
    std::string text;
    std::string line;
    for (std::string word; words >> word;) {
        if (!line.empty() && line.size() + 1 + word.size() > comment_columns) {
            text.append(line).append("\n");
            line.clear();
        }
        if (!line.empty()) line += ' ';
        line += word;
    }
    return text.append(line).append("\n");
}

std::string lower(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

/// Puts a session together, paragraph by paragraph of run().
class SessionMaker {
  public:
    SessionMaker(const fs::path& folder, const std::vector<SurveyedStem>& stems)
        : folder_(folder), stems_(stems) {}

    NewSession run() {
        choose_stems();
        choose_rate();
        pan_pairs();
        name_tracks();
        set_levels();
        add_buses();
        note_rates();
        note_lengths();
        note_twins();
        note_clipping();
        write_head();
        return std::move(result_);
    }

  private:
    std::string short_name(const SurveyedStem& stem) const {
        return printable(stem.file.lexically_relative(folder_).generic_string());
    }

    void note(const std::string& text) { result_.notes.push_back(text); }

    void remark(const Candidate& track, const std::string& text) {
        std::string& comment = result_.comments.strips[track.name];
        if (!comment.empty()) comment += ' ';
        comment += text;
    }

    void choose_stems() {
        std::vector<std::string> silent;
        for (const SurveyedStem& stem : stems_) {
            if (!stem.problem.empty()) {
                note(short_name(stem) + " is left out: " + stem.problem);
            } else if (stem.info.channels > 2) {
                note(short_name(stem) + " is left out: has " + counted(stem.info.channels, "channel"));
            } else if (stem.is_silent()) {
                silent.push_back(short_name(stem));
            } else {
                const fs::path relative = stem.file.lexically_relative(folder_);
                tracks_.push_back({&stem, family_of(relative), readable_name(stem.file.stem().string())});
            }
        }
        if (!silent.empty()) note("Silent and left out: " + join(silent) + ".");
        if (tracks_.empty())
            throw InputError(printable(folder_.string()) + ": holds no stems that can be rendered" +
                             reasons());
        std::stable_sort(tracks_.begin(), tracks_.end(),
                         [](const Candidate& a, const Candidate& b) { return a.family < b.family; });
        result_.session.name = session_name();
    }

    /// The folder's name, or that of the one around it where the folder is only called after what it holds.
    std::string session_name() const {
        static const std::set<std::string> says_nothing{"stems",  "stem", "audio", "audio files",
                                                        "tracks", "wav",  "wavs"};
        fs::path folder = fs::absolute(folder_).lexically_normal();
        if (!folder.has_filename()) folder = folder.parent_path();
        const std::string name = readable_name(folder.filename().string());
        const std::string around = folder.parent_path().filename().string();
        return says_nothing.count(lower(name)) > 0 && !around.empty() ? readable_name(around) : name;
    }

    std::string reasons() const {
        std::string text;
        for (const std::string& each : result_.notes) text.append("\n  ").append(each);
        return text;
    }

    void choose_rate() {
        std::map<int, int> counts;
        for (const Candidate& track : tracks_) ++counts[track.stem->info.sample_rate_hz];
        // The higher one of two that are equally common.
        const auto most = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
            return a.second < b.second || (a.second == b.second && a.first < b.first);
        });
        result_.session.sample_rate_hz = most->first;
    }

    /// Two mono files "X L" and "X R" of one folder are the two sides of X and share a level, so that its
    /// image stays.
    void pan_pairs() {
        std::map<std::pair<std::string, std::string>, std::vector<Candidate*>> pairs;
        for (Candidate& track : tracks_) {
            track.level_lufs = track.stem->loudness_lufs;
            const SidedName sided = sided_name(track.stem->file.stem().string());
            if (track.stem->info.channels != 1 || sided.side == 0) continue;
            track.side = sided.side;
            pairs[{track.stem->file.parent_path().string(), sided.rest}].push_back(&track);
        }
        for (const auto& [name, halves] : pairs) {
            const bool is_pair = halves.size() == 2 && halves[0]->side != halves[1]->side;
            const auto energy = [](const Candidate* half) { return std::pow(10.0, half->level_lufs / 10.0); };
            const double mean =
                is_pair ? 10.0 * std::log10((energy(halves[0]) + energy(halves[1])) / 2.0) : 0.0;
            for (Candidate* half : halves) {
                if (is_pair) half->level_lufs = mean;
                if (!is_pair) half->side = 0;
            }
        }
    }

    /// No two strips may have one name; buses have theirs by right.
    void name_tracks() {
        std::set<std::string> taken{"master"};
        for (const Candidate& track : tracks_) taken.insert(lower(family_name(track.family)));
        for (Candidate& track : tracks_) {
            if (lower(track.name) == lower(family_name(track.family)) || lower(track.name) == "master") {
                track.name += " Track";
            }
            const std::string wanted = track.name;
            for (int number = 2; !taken.insert(lower(track.name)).second; ++number) {
                track.name = wanted;
                track.name.append(" ").append(std::to_string(number));
            }
        }
    }

    double track_level_lufs() const {
        return sum_level_lufs - 10.0 * std::log10(static_cast<double>(tracks_.size()));
    }

    void set_levels() {
        for (const Candidate& candidate : tracks_) {
            Track track;
            track.name = candidate.name;
            track.file = candidate.stem->file;
            track.group = family_name(candidate.family);
            track.output = family_name(candidate.family);
            track.pan = candidate.side;
            const double wanted_db = track_level_lufs() - candidate.level_lufs;
            const double limited_db = std::clamp(wanted_db, -greatest_trim_db, greatest_trim_db);
            track.trim_db = std::round(10.0 * limited_db) / 10.0;
            if (limited_db != wanted_db) {
                remark(candidate, "Measured at " + fixed(candidate.level_lufs, 1) +
                                      " LUFS: the trim stops at " + fixed(greatest_trim_db, 0) + " dB.");
            }
            result_.session.tracks.push_back(track);
        }
    }

    void add_buses() {
        for (const Family family : all_families) {
            const auto is_in_family = [&](const Candidate& track) { return track.family == family; };
            if (std::none_of(tracks_.begin(), tracks_.end(), is_in_family)) continue;
            Bus bus;
            bus.name = family_name(family);
            result_.session.buses.push_back(bus);
        }
    }

    void note_rates() {
        std::map<int, std::vector<std::string>> others;
        const int rate_hz = result_.session.sample_rate_hz;
        for (const Candidate& track : tracks_) {
            const int own_hz = track.stem->info.sample_rate_hz;
            if (own_hz == rate_hz) continue;
            others[own_hz].push_back(short_name(*track.stem));
            remark(track, "At " + std::to_string(own_hz) + " Hz: resampled when rendered.");
        }
        if (others.empty()) return;
        std::string text = "Mixed sample rates: " + std::to_string(rate_hz) + " Hz, but";
        for (const auto& [own_hz, files] : others) {
            if (own_hz != others.begin()->first) text += ';';
            text.append(" ").append(std::to_string(own_hz)).append(" Hz: ").append(join(files));
        }
        note(text + ". They are resampled when rendered.");
    }

    void note_lengths() {
        const auto shorter = [](const Candidate& a, const Candidate& b) {
            return a.stem->seconds() < b.stem->seconds();
        };
        const auto [least, most] = std::minmax_element(tracks_.begin(), tracks_.end(), shorter);
        constexpr double one_millisecond = 0.001;
        if (most->stem->seconds() - least->stem->seconds() < one_millisecond) return;
        note("Mixed lengths: from " + clock_text(least->stem->seconds(), 3) + " (" +
             short_name(*least->stem) + ") to " + clock_text(most->stem->seconds(), 3) + " (" +
             short_name(*most->stem) + "); all start at 0.");
    }

    void note_twins() {
        std::vector<std::string> twins;
        std::vector<std::string> dual_mono;
        for (auto track = tracks_.begin(); track != tracks_.end(); ++track) {
            const auto twin = std::find_if(tracks_.begin(), track, [&](const Candidate& other) {
                return track->stem->has_samples_of(*other.stem);
            });
            if (twin != track) {
                twins.push_back(short_name(*track->stem) + " = " + short_name(*twin->stem));
                remark(*track, "The same samples as \"" + twin->name + "\".");
            }
            if (track->stem->is_dual_mono()) {
                dual_mono.push_back(short_name(*track->stem));
                remark(*track, "Mono in a stereo file.");
            }
        }
        if (!twins.empty()) note("The same samples twice: " + join(twins) + ".");
        if (!dual_mono.empty()) note("Mono in stereo files (left equals right): " + join(dual_mono) + ".");
    }

    void note_clipping() {
        std::vector<std::string> clipped;
        for (const Candidate& track : tracks_) {
            if (track.stem->clipped_count == 0) continue;
            const std::string places = counted(static_cast<std::size_t>(track.stem->clipped_count), "place");
            clipped.push_back(short_name(*track.stem) + " (" + places + ")");
            remark(track, "The stem is clipped in " + places + ".");
        }
        if (!clipped.empty()) note("Clipped: " + join(clipped) + ".");
    }

    void write_head() {
        const std::string folder = printable(folder_.generic_string());
        std::string& head = result_.comments.head;
        head = wrapped(counted(tracks_.size(), "track") + " from the stems in " + folder +
                       ", made by tutti new.");
        head += "\n";
        head += wrapped("Gain staging: trim_db brings every track to " + fixed(track_level_lufs(), 1) +
                        " LUFS (ITU-R BS.1770, gated), so that all together are near " +
                        fixed(sum_level_lufs, 0) + " LUFS. Balance with gain_db.");
        for (const std::string& each : result_.notes) head.append("\n").append(wrapped(each));
    }

    const fs::path folder_;
    const std::vector<SurveyedStem>& stems_;
    std::vector<Candidate> tracks_;
    NewSession result_;
};

}  // namespace

NewSession make_session(const fs::path& folder, const std::vector<SurveyedStem>& stems) {
    return SessionMaker(folder, stems).run();
}

}  // namespace tutti
