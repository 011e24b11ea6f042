#include "host/session_routing.hpp"

#include <algorithm>
#include <memory>
#include <unordered_map>

#include "host/routing_cycles.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

using StripKind = RoutedStrip::Kind;
using ReferenceKind = StripReference::Kind;
using StripIndex = std::unordered_map<std::string, std::size_t>;
using Names = std::vector<std::string>;

StripIndex index_names(const std::vector<RoutedStrip>& strips, SessionProblems& problems) {
    StripIndex index;
    for (std::size_t i = 0; i < strips.size(); ++i) {
        const RoutedStrip& strip = strips[i];
        if (strip.kind == StripKind::master) index.emplace(strip.name, i);
    }
    for (std::size_t i = 0; i < strips.size(); ++i) {
        const RoutedStrip& strip = strips[i];
        if (strip.name.empty() || strip.kind == StripKind::master) continue;
        const auto [first, is_new] = index.emplace(strip.name, i);
        if (is_new) continue;
        const RoutedStrip& other = strips[first->second];
        const std::string found = "name: found " + in_quotes(strip.name);
        if (other.kind == StripKind::master) {
            problems.add(strip.name_place, found + ", which is the master's; allowed: any other name");
        } else {
            problems.add(strip.name_place,
                         found + " again, first used at " + std::to_string(other.name_place.line) + ':' +
                             std::to_string(other.name_place.column) + "; allowed: a name per track and bus");
        }
    }
    return index;
}

std::string key_of(const StripReference& reference, const std::vector<RoutedStrip>& strips) {
    const std::string& strip = strips[reference.strip].name;
    const std::string owner = strip.empty() ? "a strip" : in_quotes(strip);
    if (reference.kind == ReferenceKind::output) return "output of " + owner;
    if (reference.kind == ReferenceKind::send) return "to of a send of " + owner;
    return "sidechain of " + owner;
}

/// "A -> B -> A", cut where a reader would lose the thread.
std::string members_of(const std::vector<RoutingEdge>& cycle, const std::vector<RoutedStrip>& strips) {
    constexpr std::size_t max_named = 20;
    std::string members = printable(strips[cycle.front().from].name);
    for (std::size_t i = 0; i + 1 < cycle.size(); ++i) {
        if (i + 1 == max_named && cycle.size() > max_named) {
            members += " -> (" + std::to_string(cycle.size() - max_named) + " more)";
            break;
        }
        members += " -> " + printable(strips[cycle[i].to].name);
    }
    return members + " -> " + printable(strips[cycle.back().to].name);
}

/// "; did you mean …" or what there is to choose from.
std::string suggestion(const std::string& name, const Names& known, bool is_sidechain) {
    const std::string near = nearest_word(name, known);
    if (!near.empty()) return "; did you mean " + in_quotes(near) + '?';
    constexpr std::size_t max_listed = 8;
    if (known.size() > max_listed) {
        return is_sidechain ? "; allowed: a track's or a bus's name"
                            : "; allowed: a bus's name or \"Master\"";
    }
    Names all;
    for (const std::string& word : known) all.push_back(in_quotes(word));
    return "; allowed: " + (all.empty() ? "to leave the key out" : joined_with_or(all));
}

/// Empty when the reference may lead there; else what is wrong with it.
std::string objection(const StripReference& reference, std::size_t target,
                      const std::vector<RoutedStrip>& strips) {
    const std::string found = ": found " + in_quotes(reference.name);
    if (reference.kind == ReferenceKind::sidechain) {
        if (strips[target].kind == StripKind::master)
            return found + "; allowed: a track or a bus, which come before the master";
        if (target == reference.strip)
            return found + ", the strip itself; leave the key out to listen to the insert's own input";
        return {};
    }
    if (strips[target].kind == StripKind::track)
        return found + ", which is a track; allowed: a bus or \"Master\"";
    return {};
}

}  // namespace

void check_routing(const std::vector<RoutedStrip>& strips, const std::vector<StripReference>& references,
                   SessionProblems& problems) {
    const StripIndex index = index_names(strips, problems);
    const auto feedable = std::make_shared<Names>();
    const auto listenable = std::make_shared<Names>();
    for (std::size_t i = 0; i < strips.size(); ++i) {
        const RoutedStrip& strip = strips[i];
        if (strip.name.empty() || index.at(strip.name) != i) continue;
        if (strip.kind != StripKind::track) feedable->push_back(strip.name);
        if (strip.kind != StripKind::master) listenable->push_back(strip.name);
    }

    std::vector<RoutingEdge> edges;
    for (const StripReference& reference : references) {
        const bool is_sidechain = reference.kind == ReferenceKind::sidechain;
        const auto target = index.find(reference.name);
        if (target == index.end()) {
            problems.add(reference.place,
                         key_of(reference, strips) + ": found " + in_quotes(reference.name) +
                             ", which is no strip's name",
                         [name = reference.name, known = is_sidechain ? listenable : feedable, is_sidechain] {
                             return suggestion(name, *known, is_sidechain);
                         });
            continue;
        }
        const std::string objected = objection(reference, target->second, strips);
        if (!objected.empty()) {
            problems.add(reference.place, key_of(reference, strips) + objected);
        } else if (is_sidechain) {
            edges.push_back({target->second, reference.strip, reference.place});
        } else {
            edges.push_back({reference.strip, target->second, reference.place});
        }
    }

    for (const std::vector<RoutingEdge>& cycle : find_cycles(strips.size(), edges)) {
        problems.add(cycle.front().place, "routing: found a cycle over outputs, sends and side-chains, " +
                                              members_of(cycle, strips) + "; allowed: none");
    }
}

}  // namespace tutti
