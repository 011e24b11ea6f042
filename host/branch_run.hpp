#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/renderer.hpp"
#include "host/branch_facts.hpp"
#include "host/branches.hpp"
#include "host/cache_entry.hpp"
#include "host/device_team.hpp"
#include "host/file_contents.hpp"
#include "host/render_pass.hpp"
#include "host/strip_cache.hpp"
#include "host/track_feed.hpp"

namespace tutti {

/// Everything that is decided before a run of branches.
struct BranchedMix {
    const OpenedSession& opened;
    std::vector<Branch> branches;   ///< with the chunk in their plans
    std::vector<int> chunk_counts;  ///< [branch]: after which it is silent
    std::vector<Digest> keys;       ///< [branch]
    FileContents stems;
    std::vector<Backend*> devices;
    std::vector<int> device_of;  ///< [branch]
    bool repair_nonfinite = false;

    /// Whether the branch's files still are what its key was made of.
    std::function<bool(int branch)> is_unchanged;

    const MixPlan& mix() const { return branches.back().plan; }
    int chunk_frames() const { return mix().render.shape.frame_count; }
    CacheEntryShape shape_of(int branch) const {
        return {static_cast<int>(branches[branch].plan.render.output_rows.size()), chunk_frames(),
                chunk_counts[branch]};
    }
};

/// An entry of the cache turned out to be damaged while it was read.
class DamagedEntry : public std::runtime_error {
  public:
    explicit DamagedEntry(const Digest& entry) : std::runtime_error("damaged entry"), key(entry) {}
    Digest key;
};

/// What a branch that is made needs.
struct BranchMaking {
    std::unique_ptr<Renderer> renderer;
    std::optional<TrackFeed> feed;
    std::optional<CacheEntryWriter> writer;
    std::size_t first_source = 0;  ///< row of the pass
    double seconds = 0.0;
};

/// A branch in a run.
struct BranchState {
    enum class Role { unused, kept, made };
    Role role = Role::unused;
    std::size_t first_output = 0;  ///< row of the pass
    std::optional<CacheEntryReader> entry;
    std::optional<BranchMaking> making;
};

/// Makes a mix from what a cache holds of it, and keeps there what had to be made. Made are the branches that
/// have no entry, as far as the mix, or another branch that is made, takes from them.
class BranchRun {
  public:
    /// Opens entries, stems and renderers. Entries that are `distrusted` are made anew. `prepare` is called
    /// with the branches that will be made, before their plans are used. Throws DeviceError where a device
    /// cannot hold its plans. `mix` and `cache` must outlive it.
    BranchRun(const BranchedMix& mix, const StripCache& cache, const std::set<Digest>& distrusted,
              const std::function<void(std::span<const int> branches)>& prepare, Warn warn);

    /// The whole of `stretch`. Throws DamagedEntry, after which the run is over.
    PassSeconds run(const Stretch& stretch, bool show_progress, const TakeFrames& take);

    /// After run(): [branch], of every branch of the mix, whether or not it was looked at.
    std::vector<BranchFacts> facts() const;
    const RenderReport::Reuse& reuse() const { return reuse_; }
    std::vector<RenderReport::StepTime> times() const;
    std::vector<RenderReport::Device> devices() const;

  private:
    using Role = BranchState::Role;

    void choose_roles(const std::set<Digest>& distrusted);
    void place_rows();
    void start_making();
    void open_writers();
    void stop_keeping(const std::string& why);

    std::span<float> outputs_of(int branch, std::span<float> outputs) const;
    void read_chunk(std::span<float> sources, std::span<float> outputs);
    void process_chunk(std::span<float> sources, std::span<float> outputs);
    bool is_made_in(int branch, int chunk) const {
        return states_[branch].making && chunk < mix_.chunk_counts[branch];
    }
    void process_on(int device, int chunk, std::span<float> sources, std::span<float> outputs);
    void make_chunk(int branch, int chunk, std::span<float> sources, std::span<float> outputs);
    void keep_chunk(std::span<float> outputs);
    void finish_entry(int branch);
    BranchFacts facts_of(int branch) const;

    const BranchedMix& mix_;
    const StripCache& cache_;
    Warn warn_;
    std::vector<BranchState> states_;      ///< [branch]
    std::map<Digest, BranchFacts> facts_;  ///< of entries
    std::size_t source_row_count_ = 0;
    std::size_t output_row_count_ = 0;
    int read_chunks_ = 0;
    int processed_chunks_ = 0;
    int kept_chunks_ = 0;
    RenderReport::Reuse reuse_;
    std::vector<double> waited_before_s_;                    ///< [device]
    const std::function<void(int device)>* work_ = nullptr;  ///< of the team
    DoneList done_;                     ///< branches of a chunk, where there are several devices
    std::unique_ptr<DeviceTeam> team_;  ///< there; last: its threads end before what they work with
};

}  // namespace tutti
