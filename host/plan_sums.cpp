#include "host/plan_sums.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "host/plan_rows.hpp"

namespace tutti {

namespace {

/// A row that feeds two sums is multiplied twice. Kernels with more than a few partitions cost more that way
/// than an inverse transform.
constexpr std::size_t most_fed_rows = 2;
constexpr std::size_t most_taps_fed_twice = std::size_t{1} << 20;

/// Paths into one row take transforms of one size: kernels within this ratio of lengths may share them.
constexpr std::size_t most_taps_ratio = 8;

struct Access {
    std::set<int> reads;
    std::set<int> writes;
};

Access access_of(const Step& step) {
    Access access;
    std::visit(
        [&](const auto& s) {
            visit_reads(s, [&](int row) { access.reads.insert(row); });
            visit_writes(s, [&](int row) { access.writes.insert(row); });
        },
        step);
    return access;
}

/// A row that a ConvolveStep makes for one mix alone.
struct Term {
    int row = 0;
    std::size_t mix = 0;  ///< the step that reads it
    std::size_t taps = 0;
    std::vector<int> sums;  ///< rows that the mix adds it to
};

/// Terms that share sums, directly or through others, with kernels of about the same length.
using Terms = std::vector<Term>;

class SumBuilder {
  public:
    explicit SumBuilder(RenderPlan& plan) : plan_(plan) {
        for (const Step& step : plan.steps) accesses_.push_back(access_of(step));
    }

    void build() {
        for (std::size_t step = 0; step < plan_.steps.size(); ++step) {
            if (!std::holds_alternative<ConvolveStep>(plan_.steps[step])) continue;
            for (const Terms& terms : find_terms(step)) {
                if (pays(terms)) move(step, terms);
            }
        }
        drop_empty_mixes();
        drop_unused_rows();
    }

  private:
    ConvolverPlan& convolver(std::size_t step) { return std::get<ConvolveStep>(plan_.steps[step]).convolver; }
    std::vector<MixRoute>& routes(std::size_t step) {
        return std::get<MixStep>(plan_.steps[step]).mixer.routes;
    }

    /// The mix that alone reads what the step makes of the row; none when that is read in any other way.
    std::optional<std::size_t> find_only_mix(std::size_t step, int row) {
        std::optional<std::size_t> mix;
        for (std::size_t later = step + 1; later < plan_.steps.size(); ++later) {
            const Access& access = accesses_[later];
            if (access.reads.count(row) > 0) {
                if (mix || !std::holds_alternative<MixStep>(plan_.steps[later])) return std::nullopt;
                mix = later;
            }
            if (access.writes.count(row) > 0) return mix;
        }
        const auto& outputs = plan_.output_rows;
        if (std::find(outputs.begin(), outputs.end(), row) != outputs.end()) return std::nullopt;
        return mix;
    }

    std::optional<Term> find_term(std::size_t step, int row) {
        const std::optional<std::size_t> mix = find_only_mix(step, row);
        if (!mix) return std::nullopt;
        Term term{row, *mix, 0, {}};
        for (const MixRoute& route : routes(*mix)) {
            if (route.input_row != row) continue;
            // In place, nothing is summed.
            if (route.delay_frames != 0 || route.curve >= 0 || route.output_row == row) return std::nullopt;
            term.sums.push_back(route.output_row);
        }
        for (const ConvolverPath& path : convolver(step).paths) {
            if (path.output_row == row)
                term.taps = std::max(term.taps, convolver(step).kernels[path.kernel].size());
        }
        const std::size_t most = term.taps > most_taps_fed_twice ? 1 : most_fed_rows;
        if (term.sums.size() > most) return std::nullopt;
        return term;
    }

    /// What may be moved out of a step, in parts that are moved or not.
    std::vector<Terms> find_terms(std::size_t step) {
        Terms terms;
        for (const int row : accesses_[step].writes) {
            if (const std::optional<Term> term = find_term(step, row)) terms.push_back(*term);
        }
        std::stable_sort(terms.begin(), terms.end(),
                         [](const Term& a, const Term& b) { return a.taps > b.taps; });
        std::vector<Terms> parts;
        for (auto first = terms.begin(); first != terms.end();) {
            const auto end = std::find_if(first, terms.end(), [&](const Term& term) {
                return term.taps * most_taps_ratio < first->taps;
            });
            for (Terms& part : connect({first, end})) parts.push_back(std::move(part));
            first = end;
        }
        return parts;
    }

    static std::vector<Terms> connect(const Terms& terms) {
        std::map<int, int> parents;  // [sum]
        const auto root = [&](int sum) {
            while (parents.try_emplace(sum, sum).first->second != sum) sum = parents.at(sum);
            return sum;
        };
        for (const Term& term : terms) {
            for (const int sum : term.sums) parents[root(sum)] = root(term.sums.front());
        }
        std::map<std::pair<std::size_t, int>, Terms> parts;
        for (const Term& term : terms) parts[{term.mix, root(term.sums.front())}].push_back(term);
        std::vector<Terms> found;
        for (auto& [place, part] : parts) {
            std::sort(part.begin(), part.end(), [](const Term& a, const Term& b) { return a.row < b.row; });
            found.push_back(std::move(part));
        }
        return found;
    }

    static std::set<int> sums_of(const Terms& terms) {
        std::set<int> sums;
        for (const Term& term : terms) sums.insert(term.sums.begin(), term.sums.end());
        return sums;
    }

    /// Fewer sums than rows: fewer inverse transforms.
    static bool pays(const Terms& terms) { return sums_of(terms).size() < terms.size(); }

    void move(std::size_t step, const Terms& terms) {
        const std::size_t mix = terms.front().mix;
        std::set<int> moved;
        for (const Term& term : terms) moved.insert(term.row);
        const auto is_moved = [&](const MixRoute& route) { return moved.count(route.input_row) > 0; };

        std::vector<MixRoute> kept;
        std::map<int, int> rows;  // [sum]: the row that the convolver adds it up in
        auto free_row = moved.begin();
        for (const int sum : sums_of(terms)) {
            rows[sum] = is_free_for(step, mix, sum, is_moved) ? sum : *free_row++;
        }
        std::set<int> added = {};
        for (const MixRoute& route : routes(mix)) {
            if (!is_moved(route)) {
                kept.push_back(route);
            } else if (rows.at(route.output_row) != route.output_row &&
                       added.insert(route.output_row).second) {
                kept.push_back({rows.at(route.output_row), route.output_row, 1.0F, 0, -1});
            }
        }
        std::vector<ConvolverPath> paths;
        for (const ConvolverPath& path : convolver(step).paths) {
            if (moved.count(path.output_row) == 0) {
                paths.push_back(path);
                continue;
            }
            for (const MixRoute& route : routes(mix)) {
                if (route.input_row != path.output_row) continue;
                paths.push_back(
                    {path.input_row, path.kernel, rows.at(route.output_row), path.gain * route.gain});
            }
        }
        convolver(step).paths = std::move(paths);
        routes(mix) = std::move(kept);
        for (const std::size_t changed : {step, mix}) accesses_[changed] = access_of(plan_.steps[changed]);
    }

    /// Whether the convolver may write a sum's row itself: nothing else is added to it, and nobody needs what
    /// was there before.
    template <typename IsMoved>
    bool is_free_for(std::size_t step, std::size_t mix, int sum, const IsMoved& is_moved) {
        if (accesses_[step].writes.count(sum) > 0) return false;
        for (std::size_t between = step + 1; between < mix; ++between) {
            const Access& access = accesses_[between];
            if (access.reads.count(sum) > 0 || access.writes.count(sum) > 0) return false;
        }
        return std::all_of(routes(mix).begin(), routes(mix).end(),
                           [&](const MixRoute& route) { return route.output_row != sum || is_moved(route); });
    }

    void drop_empty_mixes() {
        std::erase_if(plan_.steps, [](const Step& step) {
            const auto* const mix = std::get_if<MixStep>(&step);
            return mix != nullptr && mix->mixer.routes.empty();
        });
    }

    void drop_unused_rows() {
        std::vector<int> sources(plan_.source_row_count);
        std::iota(sources.begin(), sources.end(), 0);
        number_rows(plan_, sources);
    }

    RenderPlan& plan_;
    std::vector<Access> accesses_;  ///< [step]
};

}  // namespace

void sum_in_convolvers(RenderPlan& plan) { SumBuilder(plan).build(); }

}  // namespace tutti
