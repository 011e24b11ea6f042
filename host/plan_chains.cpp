#include "host/plan_chains.hpp"

#include <algorithm>
#include <mutex>
#include <string>

#include "engine/threads.hpp"

namespace tutti {

StripChains::StripChains(const Session& session, const Routing& routing, std::span<const int> channels,
                         const std::vector<bool>& wanted, const Warn& warn) {
    std::vector<int> firsts;   // [designed]: the first strip with these inserts
    std::vector<int> numbers;  // [strip]: of the designed
    for (int i = 0; i < routing.strip_count(); ++i) {
        const auto known = std::find_if(firsts.begin(), firsts.end(), [&](int first) {
            return channels[first] == channels[i] && routing.strip(first).inserts == routing.strip(i).inserts;
        });
        numbers.push_back(static_cast<int>(known - firsts.begin()));
        if (known == firsts.end() && wanted[i]) firsts.push_back(i);
    }
    designed_.resize(firsts.size());
    std::mutex mutex;
    const Warn one_at_a_time = [&](const std::string& text) {
        const std::lock_guard lock(mutex);
        warn(text);
    };
    parallel_for(static_cast<int>(firsts.size()), [&](int i) {
        const int strip = firsts[i];
        designed_[i] = make_stages(routing.strip(strip), channels[strip], session, one_at_a_time);
    });
    chains_.resize(routing.strip_count());
    for (int i = 0; i < routing.strip_count(); ++i) {
        if (!wanted[i]) continue;
        chains_[i] = designed_[numbers[i]];
        for (const Stage& stage : chains_[i]) {
            if (stage.kernel.dropped_frames == 0) continue;
            dropped_ends_.push_back({routing.strip(i).name, stage.kernel.dropped_frames});
        }
    }
}

}  // namespace tutti
