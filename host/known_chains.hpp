#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host/content_hash.hpp"
#include "host/file_contents.hpp"
#include "host/strip_chain.hpp"

namespace tutti {

/// Remembers from one render to the next what kernels came of inserts, without their taps: enough to make a
/// plan, and to know what a cache holds of it. Thread-safe, but for keep().
class KnownChains {
  public:
    /// What is in `folder`. Reads impulse responses to know what is in them, and again only
    /// where they have changed. `session` must outlive it.
    KnownChains(const Session& session, const std::filesystem::path& folder);

    /// Stages without taps; none where the chain's kernels have to be designed.
    std::optional<std::vector<Stage>> find(const Strip& strip, int channels);

    /// Stages just designed. Nothing is kept where an impulse response has changed meanwhile.
    void add(const Strip& strip, int channels, const std::vector<Stage>& stages);

    /// Writes all that is known, where anything was added, for later renders of any session.
    void keep() const;

    /// From now on nothing is found.
    void forget();

    /// Whether the strip's impulse responses still are what they were.
    bool are_unchanged(const Strip& strip) const;

  private:
    std::optional<Digest> key_of(const Strip& strip, int channels) const;

    const Session& session_;
    std::filesystem::path folder_;
    FileContents responses_;
    mutable std::mutex mutex_;                    ///< guards all that follows
    std::map<Digest, std::vector<Stage>> known_;  ///< from before; `dynamics` are not set
    std::map<Digest, std::vector<Stage>> in_use_;
    bool has_more_ = false;  ///< in use than was known
};

}  // namespace tutti
