#include "host/masking_objects.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "host/contributions.hpp"

namespace tutti {

namespace {

/// Contributions of one object with the same power response: their samples add.
using Parts = std::vector<const Contribution*>;

bool is_direct(const Contribution& part, int channels) {
    if (part.delay != 0) return false;
    for (int c = 0; c < channels; ++c) {
        if (part.gains[c][0] != 0.0 && part.gains[c][1] != 0.0) return false;
    }
    return true;
}

class Heard {
  public:
    Heard(int channels, StepList& steps, MixStep& step) : channels_(channels), steps_(steps), step_(step) {}

    HeardRows rows_of(const Parts& parts) {
        const Contribution& first = *parts.front();
        HeardRows heard;
        for (int ear = 0; ear < 2; ++ear) heard.power[ear] = first.power[channel_of(ear)];
        if (parts.size() == 1 && is_direct(first, channels_)) {
            take_as_they_are(heard, first);
        } else if (parts.size() == 1 && first.row_count == 1) {
            const int row = steps_.new_row();
            steps_.add_route(step_, {first.rows[0], row, 1.0F, first.delay, -1});
            heard.rows = {row, row};
            for (int ear = 0; ear < 2; ++ear) heard.gains[ear] = first.gains[channel_of(ear)][0];
        } else {
            mix(heard, parts);
        }
        // An ear that nothing reaches hears the other's row with a gain of 0.
        for (int ear = 0; ear < 2; ++ear) {
            if (heard.rows[ear] >= 0) continue;
            heard.rows[ear] = heard.rows[1 - ear];
            heard.gains[ear] = 0.0;
        }
        return heard;
    }

  private:
    int channel_of(int ear) const { return channels_ == 1 ? 0 : ear; }

    void take_as_they_are(HeardRows& heard, const Contribution& part) const {
        for (int ear = 0; ear < 2; ++ear) {
            for (int i = 0; i < part.row_count; ++i) {
                const double gain = part.gains[channel_of(ear)][i];
                if (gain == 0.0) continue;
                heard.rows[ear] = part.rows[i];
                heard.gains[ear] = gain;
            }
        }
    }

    void mix(HeardRows& heard, const Parts& parts) {
        const bool alike = std::all_of(parts.begin(), parts.end(), [](const Contribution* part) {
            return part->gains[0] == part->gains[1];
        });
        const int count = alike ? 1 : channels_;
        for (int channel = 0; channel < count; ++channel) {
            int row = -1;
            for (const Contribution* part : parts) {
                for (int i = 0; i < part->row_count; ++i) {
                    const auto gain = static_cast<float>(part->gains[channel][i]);
                    if (gain == 0.0F) continue;
                    if (row < 0) row = steps_.new_row();
                    steps_.add_route(step_, {part->rows[i], row, gain, part->delay, -1});
                }
            }
            heard.rows[channel] = row;
        }
        if (count == 1) heard.rows[1] = heard.rows[0];
    }

    int channels_;
    StepList& steps_;
    MixStep& step_;
};

/// [object by strip]: its contributions, apart where a filter tells them apart.
std::map<int, std::vector<Parts>> sorted_parts(const std::vector<Contribution>& contributions) {
    std::map<int, std::vector<Parts>> sorted;
    for (const Contribution& part : contributions) {
        std::vector<Parts>& of_object = sorted[part.object];
        const auto same = std::find_if(of_object.begin(), of_object.end(), [&](const Parts& parts) {
            return parts.front()->power == part.power;
        });
        if (same != of_object.end()) {
            same->push_back(&part);
        } else {
            of_object.push_back({&part});
        }
    }
    return sorted;
}

std::string group_of(const Strip& strip, const Strip& master) {
    if (!strip.group.empty()) return strip.group;
    return strip.output == master.name ? strip.name : strip.output;
}

/// Returns whose sound is all of this object's.
std::vector<int> folded_returns(const Contributions& contributions, const Routing& routing, int object) {
    std::vector<int> returns;
    for (int bus = 0; bus < routing.master(); ++bus) {
        const std::set<int>& sources = contributions.sources(bus);
        if (bus != object && sources.size() == 1 && *sources.begin() == object) returns.push_back(bus);
    }
    return returns;
}

MaskingObject facts_of(int object, const Contributions& contributions, const Routing& routing,
                       const CoherentTracks& coherent) {
    const Strip& strip = routing.strip(object);
    MaskingObject facts;
    facts.name = strip.name;
    facts.group = group_of(strip, routing.strip(routing.master()));
    facts.strips.push_back(strip.name);
    facts.is_return = contributions.is_return(object);
    for (const std::vector<int>& merged : coherent.merged) {
        if (merged.front() != object) continue;
        for (std::size_t i = 1; i < merged.size(); ++i) facts.strips.push_back(routing.strip(merged[i]).name);
        facts.name += " + " + std::to_string(merged.size() - 1);
    }
    for (const int bus : folded_returns(contributions, routing, object)) {
        facts.strips.push_back(routing.strip(bus).name);
    }
    return facts;
}

void relate(MaskingObjects& objects, int a, int b) {
    const auto add_all = [&](int to, int from) {
        const std::vector<int>& added = objects.excitations_of[from];
        objects.relatives[to].insert(objects.relatives[to].end(), added.begin(), added.end());
    };
    add_all(a, b);
    add_all(b, a);
}

void sort_and_keep_once(std::vector<int>& numbers) {
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

}  // namespace

MaskingObjects collect_objects(const Contributions& contributions, const Routing& routing,
                               const CoherentTracks& coherent, int master_channels, StepList& steps,
                               MixStep& step) {
    MaskingObjects objects;
    Heard heard(master_channels, steps, step);
    std::map<int, int> number;  // by strip
    for (const auto& [strip, apart] : sorted_parts(contributions.in(routing.master()))) {
        number[strip] = static_cast<int>(objects.facts.size());
        objects.facts.push_back(facts_of(strip, contributions, routing, coherent));
        objects.excitations_of.emplace_back();
        for (const Parts& parts : apart) {
            objects.excitations_of.back().push_back(static_cast<int>(objects.excitations.size()));
            objects.excitations.push_back(heard.rows_of(parts));
        }
    }
    objects.relatives.resize(objects.facts.size());
    for (const auto& [strip, object] : number) {
        for (const int source : contributions.sources(strip)) {
            const auto found = number.find(source);
            if (found == number.end() || found->second == object) continue;
            objects.facts[object].sources.push_back(found->second);
            relate(objects, object, found->second);
        }
    }
    for (const auto& [a, b] : coherent.related) {
        const auto first = number.find(a);
        const auto second = number.find(b);
        if (first == number.end() || second == number.end()) continue;
        relate(objects, first->second, second->second);
        objects.facts[first->second].related.push_back(second->second);
        objects.facts[second->second].related.push_back(first->second);
    }
    for (MaskingObject& facts : objects.facts) sort_and_keep_once(facts.related);
    for (std::vector<int>& relatives : objects.relatives) sort_and_keep_once(relatives);
    objects.notes = contributions.notes();
    return objects;
}

MaskingObjects::Groups MaskingObjects::groups() const {
    Groups groups;
    std::map<std::string, std::size_t> number;
    for (std::size_t object = 0; object < facts.size(); ++object) {
        const auto [at, is_new] = number.emplace(facts[object].group, groups.facts.size());
        if (is_new) {
            groups.facts.emplace_back();
            groups.facts.back().name = groups.facts.back().group = facts[object].group;
            groups.facts.back().is_return = true;
            groups.excitations_of.emplace_back();
            groups.relatives.emplace_back();
        }
        const std::size_t group = at->second;
        const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
        groups.facts[group].is_return = groups.facts[group].is_return && facts[object].is_return;
        append(groups.facts[group].strips, facts[object].strips);
        append(groups.excitations_of[group], excitations_of[object]);
        append(groups.relatives[group], relatives[object]);
    }
    for (std::size_t group = 0; group < groups.facts.size(); ++group) {
        std::vector<int>& own = groups.excitations_of[group];
        std::sort(own.begin(), own.end());
        std::vector<int>& relatives = groups.relatives[group];
        sort_and_keep_once(relatives);
        std::erase_if(relatives,
                      [&](int excitation) { return std::binary_search(own.begin(), own.end(), excitation); });
    }
    return groups;
}

ExcitationObject excitation_object(const HeardRows& heard, int component_count) {
    ExcitationObject object;
    object.rows = heard.rows;
    for (int ear = 0; ear < 2; ++ear) {
        const double gain = heard.gains[ear] * heard.gains[ear];
        if (gain == 1.0 && heard.power[ear].empty()) continue;
        std::vector<float>& weights = object.weights[ear];
        weights.assign(static_cast<std::size_t>(component_count), static_cast<float>(gain));
        for (std::size_t i = 0; i < heard.power[ear].size(); ++i)
            weights[i] = static_cast<float>(gain * heard.power[ear][i]);
    }
    return object;
}

}  // namespace tutti
