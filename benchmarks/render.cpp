#include "benchmarks/render.hpp"

#include <stdlib.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <optional>
#include <thread>

#include "benchmarks/render_contestants.hpp"
#include "benchmarks/render_floors.hpp"
#include "benchmarks/render_results.hpp"
#include "benchmarks/table.hpp"
#include "benchmarks/turns.hpp"
#include "engine/errors.hpp"
#include "host/audio_writer.hpp"
#include "host/stem_reader.hpp"

namespace tutti::bench {

namespace {

namespace fs = std::filesystem;

/// Without dynamics all do the same arithmetic but for the bilinear transform of their biquads, which bends
/// the top octave: levels further apart are a mistake of ours.
constexpr double linear_limit_db = 1.0;
/// With dynamics they differ as their compressors do (detectors, time constants). Levels further apart are
/// two different mixes, and their times say nothing about each other.
constexpr double limit_db = 6.0;
/// Bands this far under the loudest are not compared.
constexpr double compared_range_db = 50.0;

void say(const std::string& what) { std::cerr << "tutti-bench: " << what << std::endl; }

/// The end of what a program said, on one line.
std::string last_words(const std::string& text) {
    constexpr std::size_t most = 160;
    std::string words = text.size() > most ? "..." + text.substr(text.size() - most) : text;
    std::replace_if(
        words.begin(), words.end(), [](char c) { return c == '\n' || c == '\r' || c == '|'; }, ' ');
    words.erase(words.find_last_not_of(' ') + 1);
    return words;
}

double load_now() {
    double load = 0.0;
    return getloadavg(&load, 1) == 1 ? load : 0.0;
}

/// One case, step by step.
class CaseRun {
  public:
    CaseRun(const RenderOptions& options, fs::path session_file, const WorkFolder& work)
        : options_(options),
          work_(work),
          opened_(open_session(session_file, [](const std::string&) {})),
          job_{opened_, std::move(session_file), options.places, work} {}

    RenderCase run() {
        add(tutti_contestant(job_, options_.device));
        const fs::path whole = mix_of(0);
        say("rendering with " + contestants_[0].name);
        run_stages(contestants_[0].prepare({true, 0, whole}), options_.places, work_);
        const AudioInfo info = read_audio_info(whole);
        end_frame_ = info.frame_count;
        case_.mix_s = static_cast<double>(info.frame_count) / info.sample_rate_hz;
        case_.track_count = static_cast<int>(opened_.session.tracks.size());
        case_.what =
            std::to_string(case_.track_count) + " tracks, a mix of " + significant(case_.mix_s, 4) + " s";
        add_peers();
        compare_levels_of_all();
        add_floors(whole);
        time_all();
        if (options_.has_peer("bound")) {
            say("timing the FFTs alone");
            case_.transforms_s =
                transforms_s(opened_.session, opened_.channels, end_frame_, options_.wisdom_file);
        }
        return case_;
    }

  private:
    void add(RenderContestant contestant) {
        case_.contestants.push_back({contestant.name, contestant.version, contestant.missing});
        contestants_.push_back(std::move(contestant));
    }

    fs::path mix_of(std::size_t contestant) const {
        return fs::absolute(work_ / ("mix-" + std::to_string(contestant) + ".wav"));
    }

    void add_peers() {
        const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
        if (options_.has_peer("ffmpeg")) {
            add(ffmpeg_contestant(job_, 1));
            if (cores > 1) add(ffmpeg_contestant(job_, cores));
        }
        if (options_.has_peer("ardour")) {
            say("building the session for Ardour, which takes a while");
            add(ardour_contestant(job_));
        }
    }

    void add_floor(const char* name, const std::vector<std::string>& command) {
        RenderContestant floor{name, ""};
        floor.prepare = [command](const Rendering&) -> std::vector<Stage> { return {{command}}; };
        add(std::move(floor));
        case_.contestants.back().is_floor = true;
    }

    void add_floors(const fs::path& mix) {
        std::vector<fs::path> stems;
        for (const Track& track : opened_.session.tracks) {
            stems.push_back(track.file);
            case_.stem_bytes += fs::file_size(track.file);
        }
        // A mix that nobody writes while it is read.
        const fs::path original = fs::absolute(work_ / "mix.wav");
        fs::rename(mix, original);
        add_floor(read_floor, read_command(stems, original, fs::absolute(work_ / "mix-copy.wav")));
        add_floor(decode_floor, decode_command(options_.places, stems));
    }

    Cost run_until_it_ends_well(std::size_t i, const Rendering& rendering) {
        for (int tries_left = contestants_[i].try_count;;) {
            try {
                return run_stages(contestants_[i].prepare(rendering), options_.places, work_);
            } catch (const InputError& error) {
                if (--tries_left == 0) throw;
                ++case_.contestants[i].crash_count;
                say(contestants_[i].name + " failed and is run again: " + last_words(error.what()));
            }
        }
    }

    void compare_levels_of_all() {
        const int rate_hz = opened_.session.sample_rate_hz;
        const std::int64_t end_frame =
            std::min(end_frame_, static_cast<std::int64_t>(std::llround(options_.check_s * rate_hz)));
        case_.check_s = static_cast<double>(end_frame) / rate_hz;
        for (const bool with_dynamics : {false, true}) {
            std::optional<BandLevels> reference;
            for (std::size_t i = 0; i < contestants_.size(); ++i) {
                RenderedBy& result = case_.contestants[i];
                if (!result.missing.empty() || result.refused) continue;
                say("comparing levels " + std::string(with_dynamics ? "with" : "without") +
                    " dynamics: " + result.name);
                const fs::path mix = fs::absolute(work_ / ("excerpt-" + std::to_string(i) + ".wav"));
                try {
                    run_until_it_ends_well(i, {with_dynamics, end_frame, mix});
                    const BandLevels levels = third_octave_levels(mix);
                    if (!reference) {
                        reference = levels;
                        continue;
                    }
                    judge(result, compare_levels(*reference, levels, compared_range_db), with_dynamics);
                } catch (const InputError& error) {
                    if (i == 0) throw;
                    result.missing = last_words(error.what());
                }
            }
        }
    }

    static void judge(RenderedBy& result, const LevelDifference& difference, bool with_dynamics) {
        (with_dynamics ? result.with_dynamics : result.linear) = difference;
        if (difference.greatest_db > (with_dynamics ? limit_db : linear_limit_db)) result.refused = true;
    }

    void time_all() {
        case_.load = load_now();
        std::vector<std::size_t> turns;
        for (std::size_t i = 0; i < contestants_.size(); ++i) {
            if (case_.contestants[i].missing.empty() && !case_.contestants[i].refused) turns.push_back(i);
        }
        std::vector<int> left(contestants_.size(), options_.repeat_count);
        for (std::size_t i = 0; i < contestants_.size(); ++i) {
            if (contestants_[i].is_slow) left[i] = std::min(left[i], options_.slow_repeat_count);
        }
        take_turns(options_.repeat_count, turns, [&](std::size_t i) {
            RenderedBy& result = case_.contestants[i];
            if (left[i]-- <= 0 || !result.missing.empty()) return;
            say("timing " + result.name);
            try {
                const Cost cost = run_until_it_ends_well(i, {true, i == 0 ? 0 : end_frame_, mix_of(i)});
                result.wall_s.push_back(cost.wall_s);
                result.cpu_s.push_back(cost.cpu_s);
                result.peak_memory_mib = std::max(result.peak_memory_mib, cost.peak_memory_mib);
            } catch (const InputError& error) {
                if (i == 0) throw;
                result.missing = last_words(error.what());
            }
        });
    }

    const RenderOptions& options_;
    const WorkFolder& work_;
    OpenedSession opened_;
    RenderJob job_;
    std::int64_t end_frame_ = 0;
    std::vector<RenderContestant> contestants_;
    RenderCase case_;
};

bool went_well(const RenderCase& which) {
    return std::none_of(which.contestants.begin(), which.contestants.end(), [](const RenderedBy& contestant) {
        const bool failed = !contestant.missing.empty() && !contestant.version.empty();
        return contestant.refused || failed;
    });
}

}  // namespace

bool RenderOptions::has_peer(const std::string& key) const {
    return std::find(peers.begin(), peers.end(), key) != peers.end();
}

fs::path make_session(const RenderOptions& options, int track_count, double seconds, const fs::path& folder) {
    say("making " + std::to_string(track_count) + " stems of " + significant(seconds, 3) + " s");
    StandardRecipe recipe = options.recipe;
    recipe.track_count = track_count;
    standard_mix(recipe, folder);  // says what is wrong with the stems, if anything
    fs::create_directories(folder);
    const WorkFolder logs("");
    run_program({options.places.tutti_bench.string(), "worker", "standard-mix", folder.string(),
                 options.recipe.stems.string(), std::to_string(track_count), std::to_string(seconds),
                 std::to_string(options.recipe.seed)},
                logs / "log");
    return folder / "session.toml";
}

bool benchmark_render(const RenderOptions& options, std::ostream& out) {
    RenderResults results{this_machine(), options.repeat_count, {}};
    std::string text = render_heading(results);
    out << text << std::flush;
    bool all_well = true;
    const std::vector<int> track_counts = options.session.empty() ? options.track_counts : std::vector{0};
    for (const int track_count : track_counts) {
        const WorkFolder work(
            options.keep.empty() ? "" : options.keep / (std::to_string(track_count) + "-tracks"));
        const fs::path session =
            options.session.empty()
                ? make_session(options, track_count, options.recipe.seconds, work / "session")
                : options.session;
        results.cases.push_back(CaseRun(options, session, work).run());
        all_well = all_well && went_well(results.cases.back());
        const std::string table = render_case_text(results.cases.back());
        text += table;
        out << table << std::flush;
        if (!options.json.empty()) write_text_file(options.json, render_json(results));
        if (!options.markdown.empty()) write_text_file(options.markdown, text);
    }
    return all_well;
}

}  // namespace tutti::bench
