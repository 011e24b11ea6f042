#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace tutti {

/// One way to convolve: in transforms of transform_frames, of which hop_frames are new each time
/// (overlap-save or overlap-add, as the backend likes), with the kernel cut into partition_count parts of
/// partition_frames taps. With more than one, partition_frames is a multiple of hop_frames, and spectra of
/// past blocks are kept and used again for every partition (Gardner 1995; Wefers 2015, chapter 5).
struct ConvolverLayout {
    int transform_frames = 0;
    int hop_frames = 0;
    int partition_frames = 0;
    int partition_count = 0;

    /// Hops from one partition to the next.
    int hops_per_partition() const { return partition_count == 1 ? 1 : partition_frames / hop_frames; }
    /// Spectra of blocks that an input keeps.
    int slot_count() const { return (partition_count - 1) * hops_per_partition() + 1; }
    bool operator==(const ConvolverLayout&) const = default;
};

/// Rows that are convolved together, in chunks.
struct ConvolverJob {
    int chunk_frames = 0;  ///< a multiple of 16
    int input_count = 0;
    int output_count = 0;
    std::vector<std::int64_t> path_taps;    ///< [path]: taps of its kernel
    std::vector<std::int64_t> kernel_taps;  ///< [kernel]: each kernel once, however many paths share it
    bool kernels_stay_near = false;  ///< others use them too, one after the other: they come from a cache
    bool rows_stay_near =
        true;  ///< so does the chunk, and results stay in one; else they move through memory
    /// Where not 0, inputs are taken in batches whose spectra have room in so many bytes, and every batch is
    /// added to the sums of all outputs.
    std::int64_t batch_bytes = 0;

    /// Inputs of a batch: as many as have room, though 2 to 16; all of them where they come in one.
    int inputs_at_once(int transform_frames) const;
};

/// What the parts of a convolution cost on one device.
struct ConvolverCosts {
    struct Transform {
        int frame_count = 0;
        double seconds = 0.0;  ///< one forward and one inverse transform of a row that is in a cache
    };
    std::vector<Transform> transforms;  ///< the sizes that the device does, ascending
    /// Where not 0, hops of unpartitioned layouts are multiples of a transform over this number: kernels of
    /// unlike lengths then share layouts, which pays on a device that does alike things together.
    int hop_steps = 0;
    double product_s = 0.0;       ///< one complex multiply-accumulate
    double streamed_bin_s = 0.0;  ///< moving one complex bin from or to memory, where it does not stay near
    int hops_at_once = 1;         ///< hops of a chunk that share one reading of past spectra and of kernels
};

struct ConvolverCandidate {
    ConvolverLayout layout;
    double seconds = 0.0;     ///< predicted, per chunk, on one thread or on the device
    std::uint64_t bytes = 0;  ///< state between chunks and kernel spectra
};

/// What a backend would do with a ConvolverPlan.
struct ConvolverForecast {
    double seconds = 0.0;          ///< per chunk, on one thread or on the device
    std::uint64_t bytes = 0;       ///< state between chunks and kernel spectra
    std::uint64_t work_bytes = 0;  ///< what all threads work in
    struct Choice {
        ConvolverLayout layout;
        int row_count = 0;  ///< output rows made with it
    };
    std::vector<Choice> choices;  ///< longest transform first
    std::vector<ConvolverCandidate>
        candidates;  ///< all of the plan with transforms of one size: cheapest first
};

/// Adds up the parts of a plan that are convolved apart from each other.
class ForecastSum {
  public:
    void add(const ConvolverJob& job, const ConvolverCosts& costs, int transform_frames);
    ConvolverForecast forecast() const;

  private:
    ConvolverForecast chosen_;
    std::map<int, ConvolverCandidate> by_size_;
};

/// The cheapest layout for every size of transform, cheapest first (of equally cheap ones the smaller
/// transform). Of a job with at least one path and taps.
std::vector<ConvolverCandidate> rank_layouts(const ConvolverJob& job, const ConvolverCosts& costs);

/// The first of rank_layouts(), or the one with transforms of `transform_frames` where that is not 0.
ConvolverCandidate choose_layout(const ConvolverJob& job, const ConvolverCosts& costs,
                                 int transform_frames = 0);

}  // namespace tutti
