#include "host/routing.hpp"

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "engine/errors.hpp"

namespace tutti {

std::string sidechain_of(const Insert& insert) {
    if (insert.bypass) return {};
    if (const auto* compressor = std::get_if<CompressorInsert>(&insert.processor))
        return compressor->key.sidechain;
    if (const auto* gate = std::get_if<GateInsert>(&insert.processor)) return gate->key.sidechain;
    return {};
}

Routing::Routing(const Session& session) {
    for (const Track& track : session.tracks) strips_.push_back(&track);
    for (const Bus& bus : session.buses) strips_.push_back(&bus);
    strips_.push_back(&session.master);
    find_heard(session);
    feeders_.resize(strips_.size());
    std::unordered_map<std::string, int> index;
    for (int i = 0; i < strip_count(); ++i) index[strips_[i]->name] = i;
    for (int i = 0; i < master(); ++i) {
        if (!heard_[i]) continue;
        feeders_[index.at(strips_[i]->output)].push_back(i);
        for (const Send& send : strips_[i]->sends) {
            std::vector<int>& feeders = feeders_[index.at(send.to)];
            if (feeders.empty() || feeders.back() != i) feeders.push_back(i);
        }
    }
    reaches_master_ = upstream_of_master(false);
    needed_ = upstream_of_master(true);
    find_depths();
}

int Routing::index_of(const std::string& name) const {
    const auto found =
        std::find_if(strips_.begin(), strips_.end(), [&](const Strip* s) { return s->name == name; });
    TUTTI_CHECK(found != strips_.end());
    return static_cast<int>(found - strips_.begin());
}

void Routing::find_heard(const Session& session) {
    heard_.assign(strips_.size(), true);
    const bool any_solo = std::any_of(strips_.begin(), strips_.end(), [](const Strip* s) { return s->solo; });
    for (int i = 0; i < master(); ++i) {
        bool heard = !any_solo || i >= static_cast<int>(session.tracks.size());
        for (int at = i; !heard && at != master(); at = index_of(strips_[at]->output))
            heard = strips_[at]->solo;
        heard_[i] = heard && !strips_[i]->mute;
    }
}

std::vector<int> Routing::keys_of(int index) const {
    std::vector<int> keys;
    for (const Insert& insert : strips_[index]->inserts) {
        if (const std::string name = sidechain_of(insert); !name.empty()) keys.push_back(index_of(name));
    }
    return keys;
}

std::vector<bool> Routing::upstream_of_master(bool through_keys) const {
    std::vector<bool> found(strips_.size(), false);
    std::vector<int> open{master()};
    while (!open.empty()) {
        const int index = open.back();
        open.pop_back();
        if (found[index]) continue;
        found[index] = true;
        for (const int feeder : feeders_[index]) open.push_back(feeder);
        if (!through_keys) continue;
        for (const int key : keys_of(index)) open.push_back(key);
    }
    return found;
}

void Routing::find_depths() {
    depth_.assign(strips_.size(), -1);
    const std::function<int(int)> visit = [&](int index) {
        if (depth_[index] >= 0) return depth_[index];
        int depth = 0;
        for (const int feeder : feeders_[index]) depth = std::max(depth, visit(feeder) + 1);
        for (const int key : keys_of(index)) depth = std::max(depth, visit(key) + 1);
        return depth_[index] = depth;
    };
    for (int i = 0; i < master(); ++i) visit(i);
    // The master comes after everything, so that its depth is the number of depths.
    for (int i = 0; i < master(); ++i) depth_[master()] = std::max(depth_[master()], depth_[i] + 1);
    depth_[master()] = std::max(depth_[master()], visit(master()));
}

}  // namespace tutti
