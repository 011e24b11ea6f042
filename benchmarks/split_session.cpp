#include "benchmarks/split_session.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>

namespace tutti::bench {

namespace {

bool is_linear(const Strip& strip) {
    return std::none_of(strip.inserts.begin(), strip.inserts.end(), [](const Insert& insert) {
        return !insert.bypass && (std::holds_alternative<CompressorInsert>(insert.processor) ||
                                  std::holds_alternative<LimiterInsert>(insert.processor) ||
                                  std::holds_alternative<GateInsert>(insert.processor));
    });
}

int work_of(const Strip& strip) {
    return 1 + static_cast<int>(
                   std::count_if(strip.inserts.begin(), strip.inserts.end(), [](const Insert& insert) {
                       return std::holds_alternative<ConvolutionInsert>(insert.processor);
                   }));
}

/// What the strip feeds, but for the master.
std::vector<std::string> fed_by(const Strip& strip) {
    std::vector<std::string> names = {strip.output};
    for (const Send& send : strip.sends) names.push_back(send.to);
    std::erase(names, "Master");
    return names;
}

class Splitter {
  public:
    explicit Splitter(const OpenedSession& opened) : opened_(opened) {
        for (const Bus& bus : opened.session.buses) buses_[bus.name] = &bus;
    }

    std::vector<OpenedSession> split(int part_count) const {
        std::vector<std::vector<std::size_t>> parts(static_cast<std::size_t>(part_count));
        std::vector<int> work(parts.size(), 0);
        for (const std::vector<std::size_t>& together : groups()) {
            const auto least =
                static_cast<std::size_t>(std::min_element(work.begin(), work.end()) - work.begin());
            parts[least].insert(parts[least].end(), together.begin(), together.end());
            work[least] += work_of_all(together);
        }
        std::erase_if(parts, [](const auto& part) { return part.empty(); });
        std::vector<OpenedSession> sessions;
        for (std::vector<std::size_t>& part : parts) {
            std::sort(part.begin(), part.end());
            sessions.push_back(with_tracks(part));
        }
        return sessions;
    }

  private:
    /// All buses that hear the strip.
    std::set<std::string> reached_from(const Strip& strip) const {
        std::set<std::string> reached;
        std::vector<std::string> open = fed_by(strip);
        while (!open.empty()) {
            const std::string name = open.back();
            open.pop_back();
            if (!reached.insert(name).second) continue;
            for (const std::string& next : fed_by(*buses_.at(name))) open.push_back(next);
        }
        return reached;
    }

    int work_of_all(const std::vector<std::size_t>& tracks) const {
        return std::accumulate(tracks.begin(), tracks.end(), 0, [&](int sum, std::size_t track) {
            return sum + work_of(opened_.session.tracks[track]);
        });
    }

    /// Tracks that have to stay together, most work first.
    std::vector<std::vector<std::size_t>> groups() const {
        std::vector<std::vector<std::size_t>> groups;
        std::vector<std::set<std::string>> shared;  // [group]: its buses that are not linear
        for (std::size_t track = 0; track < opened_.session.tracks.size(); ++track) {
            std::vector<std::size_t> members = {track};
            std::set<std::string> buses = reached_from(opened_.session.tracks[track]);
            std::erase_if(buses, [&](const std::string& name) { return is_linear(*buses_.at(name)); });
            for (std::size_t other = groups.size(); other-- > 0;) {
                const bool meets = std::any_of(buses.begin(), buses.end(), [&](const std::string& name) {
                    return shared[other].count(name) != 0;
                });
                if (!meets) continue;
                members.insert(members.end(), groups[other].begin(), groups[other].end());
                buses.insert(shared[other].begin(), shared[other].end());
                groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(other));
                shared.erase(shared.begin() + static_cast<std::ptrdiff_t>(other));
            }
            groups.push_back(std::move(members));
            shared.push_back(std::move(buses));
        }
        std::stable_sort(groups.begin(), groups.end(),
                         [&](const auto& a, const auto& b) { return work_of_all(a) > work_of_all(b); });
        return groups;
    }

    OpenedSession with_tracks(const std::vector<std::size_t>& tracks) const {
        OpenedSession part = opened_;
        part.session.tracks.clear();
        part.channels.clear();
        part.frame_counts.clear();
        std::set<std::string> heard;
        for (const std::size_t track : tracks) {
            part.session.tracks.push_back(opened_.session.tracks[track]);
            part.channels.push_back(opened_.channels[track]);
            part.frame_counts.push_back(opened_.frame_counts[track]);
            heard.merge(reached_from(opened_.session.tracks[track]));
        }
        std::erase_if(part.session.buses, [&](const Bus& bus) { return heard.count(bus.name) == 0; });
        part.session.master = neutral_master();
        return part;
    }

    const OpenedSession& opened_;
    std::map<std::string, const Bus*> buses_;
};

}  // namespace

std::vector<OpenedSession> split_session(const OpenedSession& opened, int part_count) {
    return Splitter(opened).split(part_count);
}

}  // namespace tutti::bench
