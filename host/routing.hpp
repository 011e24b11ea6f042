#pragma once

#include <string>
#include <vector>

#include "host/session.hpp"

namespace tutti {

/// A session as a graph. Strips are numbered in the session's order: tracks, buses, then the master.
/// The session must outlive it and be free of cycles, as read_session() leaves it.
class Routing {
  public:
    explicit Routing(const Session& session);

    int strip_count() const { return static_cast<int>(strips_.size()); }
    int master() const { return strip_count() - 1; }
    const Strip& strip(int index) const { return *strips_[index]; }
    int index_of(const std::string& name) const;

    /// What a listener would hear of it: not muted, and soloed, below something soloed, or above it, where
    /// anything is. Buses pass on what reaches them whether or not they are soloed themselves.
    bool is_heard(int index) const { return heard_[index]; }

    /// Heard, and so is everything on one of its ways to the master.
    bool reaches_master(int index) const { return reaches_master_[index]; }

    /// Must be computed: it reaches the master, or is the key of something that does.
    bool is_needed(int index) const { return needed_[index]; }

    /// Longest way from any start: a strip's inputs and keys all have a smaller depth.
    int depth(int index) const { return depth_[index]; }
    int max_depth() const { return depth_[master()]; }

    /// Strips that feed this one by output or send and are heard, in session order, each once.
    const std::vector<int>& feeders(int index) const { return feeders_[index]; }

  private:
    void find_heard(const Session& session);
    /// The strips from which the master can be reached: through feeders, and through keys where asked.
    std::vector<bool> upstream_of_master(bool through_keys) const;
    void find_depths();
    std::vector<int> keys_of(int index) const;

    std::vector<const Strip*> strips_;
    std::vector<bool> heard_;
    std::vector<bool> reaches_master_;
    std::vector<bool> needed_;
    std::vector<int> depth_;
    std::vector<std::vector<int>> feeders_;
};

/// The side-chain's name of a dynamics insert; empty for every other.
std::string sidechain_of(const Insert& insert);

}  // namespace tutti
