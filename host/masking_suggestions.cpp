#include "host/masking_suggestions.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>

#include "host/changed_mix.hpp"
#include "host/cut_candidates.hpp"
#include "host/masking_events.hpp"
#include "host/masking_what_if.hpp"
#include "host/pan_move.hpp"
#include "host/reshaped_what_if.hpp"

namespace tutti {

namespace {

constexpr double greatest_cut_db = 6.0;
constexpr double least_cut_db = 2.0;
constexpr double cut_step_db = 0.5;
/// A cut has to win others at least this many times what its own track loses.
constexpr double own_weight = 2.0;
/// How far a track moves: a little, or more where that wins more.
constexpr double near_pan = 0.3;
constexpr double far_pan = 0.6;
/// The loudness at the absolute threshold (ANSI S3.4-2007), on the average of the time it is for.
constexpr double threshold_sone = 0.0031;
constexpr std::size_t most_named = 3;

/// Each suggestion by itself is weighed in so many slices; all of them together in every one that is kept.
constexpr int weighed_slices = 400;
constexpr double least_named_share = 0.1;
/// Of what all win together: less of it is no reason to keep what its winners do not feel.
constexpr double least_part = 0.01;

/// More candidates than suggestions are computed exactly: the linear forecast ranks them only roughly.
std::size_t candidate_limit(int count) { return 2 * static_cast<std::size_t>(count) + 4; }

/// What a change does: [object], sone seconds, over all band groups.
struct Effect {
    std::vector<double> objects;
    double own = 0.0;
    double total = 0.0;

    double others() const { return total - own; }
    double worth() const { return others() + own_weight * own; }
};

/// Makes and weighs suggestions for one analysis.
class Adviser {
  public:
    Adviser(const MaskingResults& results, const Session& session, std::span<const int> track_channels,
            Backend& backend)
        : results_(results),
          session_(session),
          track_channels_(track_channels),
          backend_(backend),
          changed_mix_(results, &session),
          every_(std::max(1, results.slice_count / weighed_slices)),
          thin_levels_(thinned_levels(cached_slices(results), every_)),
          what_if_(backend, thinned(cached_slices(results), every_, thin_levels_)),
          before_(over_groups(what_if_.before(what_if_.all()))) {}

    Suggestions advise(const std::vector<ClashEvent>& events, int count) {
        std::vector<Weighed> found;
        const std::size_t limit = candidate_limit(count);
        for (const ClashEvent& event : events) {
            for (const ClashEvent::Target& target : event.targets) {
                if (static_cast<int>(found.size()) == count) break;
                if (std::optional<Weighed> pan = weigh_pan(event, target.object))
                    found.push_back(std::move(*pan));
            }
        }
        std::size_t tried = 0;
        for (const CutCandidate& cut : cut_candidates(results_)) {
            if (tried == limit) break;
            // Panning comes first.
            if (panned_pairs_.count({cut.masker, cut.target}) > 0) continue;
            ++tried;
            if (std::optional<Weighed> weighed = weigh_cut(cut)) found.push_back(std::move(*weighed));
        }
        return together(holding(best_of(std::move(found)), count));
    }

  private:
    struct Weighed {
        Suggestion suggestion;
        MixChange change;
        double duration_s = 0.0;  ///< of the time it is for
    };

    std::vector<double> over_groups(const std::vector<double>& sums) const {
        const int count = what_if_.object_count();
        std::vector<double> objects(count);
        for (std::size_t i = 0; i < sums.size(); ++i) objects[i % count] += sums[i];
        return objects;
    }

    Effect effect_of(const std::vector<double>& sums, int object) const {
        Effect effect;
        effect.objects = over_groups(sums);
        effect.own = effect.objects[object];
        effect.total = std::accumulate(effect.objects.begin(), effect.objects.end(), 0.0);
        return effect;
    }

    Effect effect_of(const MixChange& change) const {
        return effect_of(what_if_.change(changed_mix_.levels({&change, 1}, 0.0).list, what_if_.all()),
                         change.object);
    }

    /// The depth at which one more decibel stops to win twice what it costs, by a parabola through the worth
    /// at nothing, at half and at the greatest cut.
    double best_depth_db(double worth_at_half, double worth_at_greatest) const {
        const double half = greatest_cut_db / 2.0;
        const double bend = (worth_at_greatest - 2.0 * worth_at_half) / (2.0 * half * half);
        const double slope = (worth_at_half - bend * half * half) / half;
        const double best = bend < 0.0 ? -slope / (2.0 * bend) : greatest_cut_db;
        const double stepped = std::round(best / cut_step_db) * cut_step_db;
        return std::clamp(stepped, least_cut_db, greatest_cut_db);
    }

    std::optional<Weighed> weigh_cut(const CutCandidate& cut) const {
        Weighed weighed;
        Suggestion& suggestion = weighed.suggestion;
        set_object(suggestion, cut.masker, cut.target);
        suggestion.first_group = cut.first_group;
        suggestion.group_count = cut.end_group - cut.first_group;
        suggestion.low_hz = cut.low_hz;
        suggestion.high_hz = cut.high_hz;
        suggestion.from_s = results_.from_s + cut.from_s;
        suggestion.to_s = results_.from_s + cut.to_s;
        suggestion.benefit = cut.benefit;
        suggestion.self_cost = cut.self_cost;

        const auto cut_by = [&](double depth_db) {
            suggestion.bell = cut.bell;
            suggestion.bell.gain_db = -depth_db;
            weighed.change.object = cut.masker;
            weighed.change.bell = suggestion.bell;
            return effect_of(weighed.change);
        };
        const double half = cut_by(greatest_cut_db / 2.0).worth();
        Effect effect = cut_by(greatest_cut_db);
        const double depth_db = best_depth_db(half, effect.worth());
        if (depth_db != greatest_cut_db) effect = cut_by(depth_db);
        weighed.duration_s = cut.to_s - cut.from_s;
        if (!set_effect(weighed, effect)) return {};
        return weighed;
    }

    /// To the side where it wins more, and further where that wins more still.
    std::optional<Weighed> weigh_pan(const ClashEvent& event, int target) {
        const std::optional<PanMove> move = pan_move(results_, session_, track_channels_, event, target);
        if (!move || panned_.count(move->object) > 0) return {};
        panned_.insert(move->object);
        const auto effect_at = [&](double pan) { return effect_of(pan_change(*move, pan)); };
        const Effect left = effect_at(-near_pan);
        const Effect right = effect_at(near_pan);
        const double side = left.total > right.total ? -1.0 : 1.0;
        const Effect near = left.total > right.total ? left : right;
        const Effect far = effect_at(side * far_pan);
        const bool goes_far = far.total > near.total;
        const Effect& best = goes_far ? far : near;
        Weighed weighed;
        Suggestion& suggestion = weighed.suggestion;
        suggestion.kind = Suggestion::Kind::pan;
        set_object(suggestion, move->object, move->other);
        suggestion.pan_from = move->pan_from;
        suggestion.pan_to = side * (goes_far ? far_pan : near_pan);
        suggestion.first_group = event.first_group;
        suggestion.group_count = event.group_count;
        suggestion.low_hz = event.low_hz;
        suggestion.high_hz = event.high_hz;
        suggestion.from_s = event.from_s;
        suggestion.to_s = event.to_s;
        suggestion.benefit = event.maskers.front().benefit;
        weighed.change = pan_change(*move, suggestion.pan_to);
        weighed.duration_s = event.to_s - event.from_s;
        if (!set_effect(weighed, best)) return {};
        panned_pairs_.insert({move->object, move->other});
        panned_pairs_.insert({move->other, move->object});
        return weighed;
    }

    void set_object(Suggestion& suggestion, int object, int other) const {
        suggestion.object = object;
        suggestion.other = other;
        suggestion.strips = results_.tracks.objects[object].strips;
    }

    /// False where it is not worth suggesting.
    bool set_effect(Weighed& weighed, const Effect& effect) const {
        Suggestion& suggestion = weighed.suggestion;
        const bool is_cut = suggestion.kind == Suggestion::Kind::cut;
        if (is_cut && effect.worth() <= 0.0) return false;
        if (effect.total <= threshold_sone * weighed.duration_s) return false;
        suggestion.own_change = effect.own;
        suggestion.total_change = effect.total;
        suggestion.gains.clear();
        double won = 0.0;
        for (int object = 0; object < what_if_.object_count(); ++object) {
            const double gain = effect.objects[object];
            if (object == suggestion.object || gain <= 0.0) continue;
            won += gain;
            const double share = before_[object] > 0.0 ? gain / before_[object] : 0.0;
            suggestion.gains.push_back({object, gain, share});
        }
        std::stable_sort(suggestion.gains.begin(), suggestion.gains.end(),
                         [](const auto& a, const auto& b) { return a.sone_s > b.sone_s; });
        const auto is_minor = [&](const auto& gain) { return gain.sone_s < least_named_share * won; };
        const auto end = std::find_if(suggestion.gains.begin(), suggestion.gains.end(), is_minor) -
                         suggestion.gains.begin();
        // Where many win a little each, the first of them stands for all.
        const std::size_t named = std::clamp<std::size_t>(end, 1, most_named);
        suggestion.gains.resize(std::min(named, suggestion.gains.size()));
        return true;
    }

    /// Weighs them again, each by itself, with filters that follow the change.
    std::vector<Weighed> best_of(std::vector<Weighed> found) const {
        std::vector<LevelChanges> alternatives;
        for (const Weighed& weighed : found)
            alternatives.push_back(changed_mix_.levels({&weighed.change, 1}, 0.0));
        const std::vector<std::vector<double>> sums =
            reshaped_what_if(backend_, thinned(cached_slices(results_), every_, thin_levels_), alternatives);
        std::vector<Weighed> best;
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (set_effect(found[i], effect_of(sums[i], found[i].change.object)))
                best.push_back(std::move(found[i]));
        }
        std::stable_sort(best.begin(), best.end(), [](const Weighed& a, const Weighed& b) {
            return a.suggestion.total_change > b.suggestion.total_change;
        });
        return best;
    }

    LevelChanges levels_of(const std::vector<Weighed>& found, const Weighed* left_out = nullptr) const {
        std::vector<MixChange> changes;
        for (const Weighed& weighed : found) {
            if (&weighed != left_out) changes.push_back(weighed.change);
        }
        return changed_mix_.levels(changes, 0.0);
    }

    static double total_of(const std::vector<double>& sums) {
        return std::accumulate(sums.begin(), sums.end(), 0.0);
    }

    /// Leaves out those whose winners win nothing, all in all, beside the other changes, and without which
    /// all together win as much. False where there are none.
    bool drop_idle(std::vector<Weighed>& found) const {
        const CachedExcitation slices = thinned(cached_slices(results_), every_, thin_levels_);
        const LevelChanges all = levels_of(found);
        const std::vector<double> sums = reshaped_what_if(backend_, slices, {&all, 1}).front();
        const double total = total_of(sums);
        std::vector<std::size_t> suspects;
        std::vector<LevelChanges> without;
        for (std::size_t i = 0; i < found.size(); ++i) {
            const double least = threshold_sone * found[i].duration_s;
            if (footprint_sum(found[i].suggestion, sums, what_if_.object_count()) > least) continue;
            suspects.push_back(i);
            without.push_back(levels_of(found, &found[i]));
        }
        if (suspects.empty()) return false;
        const std::vector<std::vector<double>> others = reshaped_what_if(backend_, slices, without);
        std::vector<Weighed> kept;
        for (std::size_t i = 0, suspect = 0; i < found.size(); ++i) {
            const bool is_suspect = suspect < suspects.size() && suspects[suspect] == i;
            if (is_suspect && total - total_of(others[suspect++]) <= least_part * total) continue;
            kept.push_back(std::move(found[i]));
        }
        const bool dropped = kept.size() < found.size();
        found = std::move(kept);
        return dropped;
    }

    /// The first `count` that hold beside each other; for one that does not, the next comes in.
    std::vector<Weighed> holding(std::vector<Weighed> best, int count) const {
        std::vector<Weighed> held;
        auto next = best.begin();
        do {
            const auto more = std::min(std::distance(next, best.end()), count - std::ssize(held));
            held.insert(held.end(), std::make_move_iterator(next), std::make_move_iterator(next + more));
            next += more;
        } while (!held.empty() && drop_idle(held));
        return held;
    }

    Suggestions together(std::vector<Weighed> found) const {
        if (found.empty()) return {};
        const LevelChanges all = levels_of(found);
        const std::vector<double> sums =
            reshaped_what_if(backend_, cached_slices(results_), {&all, 1}).front();
        Suggestions suggestions;
        suggestions.total_change = total_of(sums);
        for (Weighed& weighed : found) {
            weighed.suggestion.expected = footprint_sum(weighed.suggestion, sums, what_if_.object_count());
            suggestions.list.push_back(std::move(weighed.suggestion));
        }
        return suggestions;
    }

    const MaskingResults& results_;
    const Session& session_;
    std::span<const int> track_channels_;
    Backend& backend_;
    ChangedMix changed_mix_;
    int every_;
    std::vector<std::uint8_t> thin_levels_;
    MaskingWhatIf what_if_;
    std::vector<double> before_;  ///< [object], sone seconds
    std::set<int> panned_;        ///< objects whose pan has been tried
    std::set<std::pair<int, int>> panned_pairs_;
};

}  // namespace

double footprint_sum(const Suggestion& suggestion, std::span<const double> sums, int object_count) {
    double sum = 0.0;
    for (int group = suggestion.first_group; group < suggestion.first_group + suggestion.group_count;
         ++group) {
        const auto of = [&](int object) {
            return sums[static_cast<std::size_t>(group) * object_count + object];
        };
        for (const Suggestion::Gain& gain : suggestion.gains) sum += of(gain.object);
        if (suggestion.own_change > 0.0) sum += of(suggestion.object);
    }
    return sum;
}

Suggestions masking_suggestions(const MaskingResults& results, const Session& session,
                                std::span<const int> track_channels, Backend& backend, int count) {
    const std::vector<ClashEvent> events =
        count > 0 ? clash_events(results).tracks : std::vector<ClashEvent>{};
    if (events.empty()) return {};
    return Adviser(results, session, track_channels, backend).advise(events, count);
}

}  // namespace tutti
