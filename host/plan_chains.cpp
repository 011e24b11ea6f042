#include "host/plan_chains.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "engine/threads.hpp"
#include "engine/trace.hpp"

namespace tutti {

namespace {

Warn one_at_a_time(const Warn& warn) {
    return [warn, mutex = std::make_shared<std::mutex>()](const std::string& text) {
        const std::lock_guard lock(*mutex);
        warn(text);
    };
}

/// The same but for taps.
bool are_alike(const std::vector<Stage>& a, const std::vector<Stage>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Stage& x, const Stage& y) {
        return x.sketch == y.sketch && x.dynamics == y.dynamics && x.insert == y.insert;
    });
}

}  // namespace

StripChains::StripChains(const Session& session, const Routing& routing, std::span<const int> channels,
                         const std::vector<bool>& wanted, const Warn& warn, KnownChains* known)
    : session_(session),
      routing_(routing),
      channels_(channels.begin(), channels.end()),
      warn_(one_at_a_time(warn)) {
    for (int i = 0; i < routing.strip_count(); ++i) {
        const auto found = std::find_if(firsts_.begin(), firsts_.end(), [&](int first) {
            return channels[first] == channels[i] && routing.strip(first).inserts == routing.strip(i).inserts;
        });
        numbers_.push_back(static_cast<int>(found - firsts_.begin()));
        if (found == firsts_.end() && wanted[i]) firsts_.push_back(i);
    }
    const auto count = static_cast<int>(firsts_.size());
    designed_.resize(count);
    const TraceScope scope("design kernels");
    std::vector<char> are_known(count, 0);  // not bits: they are written side by side
    parallel_for(count, [&](int i) {
        const Strip& strip = routing.strip(firsts_[i]);
        std::optional<std::vector<Stage>> stages;
        if (known != nullptr) stages = known->find(strip, channels_[firsts_[i]]);
        are_known[i] = stages ? 1 : 0;
        if (stages) {
            designed_[i] = std::move(*stages);
            return;
        }
        bool has_warned = false;
        designed_[i] = design(i, [&](const std::string& text) {
            has_warned = true;
            warn_(text);
        });
        // What it warned of is to be said again next time.
        if (known != nullptr && !has_warned) known->add(strip, channels_[firsts_[i]], designed_[i]);
    });
    for (const char is_known : are_known) has_taps_.push_back(is_known == 0);
    chains_.resize(routing.strip_count());
    for (int i = 0; i < routing.strip_count(); ++i) {
        if (!wanted[i]) continue;
        chains_[i] = designed_[numbers_[i]];
        for (const Stage& stage : chains_[i]) {
            if (stage.sketch.dropped_frames == 0) continue;
            dropped_ends_.push_back({routing.strip(i).name, stage.sketch.dropped_frames});
        }
    }
}

std::vector<Stage> StripChains::design(int chain, const Warn& warn) const {
    const int strip = firsts_[chain];
    return make_stages(routing_.strip(strip), channels_[strip], session_, warn);
}

bool StripChains::design(std::span<const int> strips) {
    std::set<int> wanted;
    for (const int strip : strips) {
        if (!has_taps_[numbers_[strip]]) wanted.insert(numbers_[strip]);
    }
    const std::vector<int> chains(wanted.begin(), wanted.end());
    const TraceScope scope("design kernels");
    std::vector<std::vector<Stage>> made(chains.size());
    parallel_for(static_cast<int>(chains.size()), [&](int i) { made[i] = design(chains[i], warn_); });
    for (std::size_t i = 0; i < chains.size(); ++i) {
        std::vector<Stage>& stages = designed_[chains[i]];
        if (!are_alike(stages, made[i])) return false;
        // In place: chains_ look at them.
        std::move(made[i].begin(), made[i].end(), stages.begin());
        has_taps_[chains[i]] = true;
    }
    return true;
}

int StripChains::designed_count() const {
    int count = 0;
    for (std::size_t i = 0; i < designed_.size(); ++i) {
        const bool has_kernels = std::any_of(designed_[i].begin(), designed_[i].end(),
                                             [](const Stage& stage) { return stage.dynamics == nullptr; });
        count += has_taps_[i] && has_kernels ? 1 : 0;
    }
    return count;
}

std::uint64_t StripChains::design_bytes() const {
    std::uint64_t held = 0;
    std::vector<std::uint64_t> meanwhile;
    for (const std::vector<Stage>& stages : designed_) {
        meanwhile.push_back(0);
        for (const Stage& stage : stages) {
            for (const auto& row : stage.kernel.paths) {
                // As double, and as float for the plan.
                for (const auto& taps : row) held += taps.size() * (sizeof(double) + sizeof(float));
            }
            meanwhile.back() = std::max(meanwhile.back(), stage.kernel.design_bytes);
        }
    }
    const auto cores = std::max<std::size_t>(thread_count(), std::thread::hardware_concurrency());
    std::sort(meanwhile.rbegin(), meanwhile.rend());
    meanwhile.resize(std::min(meanwhile.size(), cores));
    const std::uint64_t most = std::accumulate(meanwhile.begin(), meanwhile.end(), std::uint64_t{0});
    return std::max(held, most) + (designed_.size() > cores ? std::min(held, most) : 0);
}

}  // namespace tutti
