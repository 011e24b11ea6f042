#include "benchmarks/peers/transforms.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "benchmarks/peers/real_fft.hpp"
#include "benchmarks/worker.hpp"

namespace tutti::bench {

namespace {

/// A measured plan is seldom more than this much faster than an estimated one: of sizes that are further
/// behind by estimated plans none is measured, which would take minutes.
constexpr double measured_gain = 1.6;

/// 2^12 ... 2^21, with 3 2^k and 5 2^k between.
std::vector<int> transform_sizes() {
    std::vector<int> sizes;
    for (int power = 1 << 12; power <= 1 << 21; power *= 2) {
        sizes.push_back(power);
        if (power == 1 << 21) break;
        sizes.push_back(power / 4 * 5);
        sizes.push_back(power / 2 * 3);
    }
    return sizes;
}

class Transforms {
  public:
    Transforms(RealFft fft, int thread_count) : fft_(std::move(fft)), thread_count_(thread_count) {
        for (int thread = 0; thread < thread_count; ++thread) {
            frames_.push_back(make_reals(fft_.frame_count()));
            bins_.push_back(make_bins(fft_.bin_count()));
        }
    }

    int frame_count() const { return fft_.frame_count(); }
    std::string planning_text() const { return fft_.planning_text(); }

    void run(int pair_count) {
        for_each_row(pair_count, thread_count_, [&](int thread, int) {
            const auto i = static_cast<std::size_t>(thread);
            fft_.forward(frames_[i].get(), bins_[i].get());
            fft_.inverse(bins_[i].get(), frames_[i].get());
        });
    }

    /// Of one pair, all threads being busy: the shortest of some.
    double seconds() {
        const int pair_count = std::max(thread_count_, (1 << 20) / frame_count());
        double shortest = std::numeric_limits<double>::infinity();
        for (int i = 0; i < 4; ++i) {
            Stopwatch watch;
            watch.start();
            run(pair_count);
            watch.stop();
            shortest = std::min(shortest, watch.wall_s() / pair_count);
        }
        return shortest;
    }

  private:
    RealFft fft_;
    int thread_count_;
    std::vector<FftwReals> frames_;
    std::vector<FftwBins> bins_;
};

double seconds_per_frame(const ConvolutionJob& job, int size, Planning planning) {
    Transforms transforms(RealFft(size, planning), job.thread_count);
    return transforms.seconds() / static_cast<double>(greatest_hop(size, job.tap_count));
}

int best_size(const ConvolutionJob& job) {
    struct Candidate {
        int size;
        double estimated_s;
    };
    std::vector<Candidate> candidates;
    for (const int size : transform_sizes()) {
        candidates.push_back({size, seconds_per_frame(job, size, Planning::estimated)});
    }
    const auto by_estimate = [](const Candidate& a, const Candidate& b) {
        return a.estimated_s < b.estimated_s;
    };
    std::sort(candidates.begin(), candidates.end(), by_estimate);

    int best = 0;
    double shortest = std::numeric_limits<double>::infinity();
    for (const Candidate& candidate : candidates) {
        if (candidate.estimated_s > measured_gain * std::min(shortest, candidates[0].estimated_s)) break;
        const double measured = seconds_per_frame(job, candidate.size, Planning::measured);
        if (measured < shortest) {
            shortest = measured;
            best = candidate.size;
        }
    }
    return best;
}

RealFft planned(const ConvolutionJob& job) {
    const KeptWisdom wisdom(job.wisdom_file);
    return {best_size(job), Planning::measured};
}

int pair_count_of(const ConvolutionJob& job, int transform_frames) {
    const std::int64_t hop = greatest_hop(transform_frames, job.tap_count);
    return static_cast<int>((job.row_count * job.result_frames() + hop - 1) / hop);
}

}  // namespace

std::int64_t greatest_hop(std::int64_t transform_frames, std::int64_t tap_count) {
    return std::max(transform_frames / 2, transform_frames - tap_count + 1);
}

double seconds_of_transforms(const ConvolutionJob& job) {
    Transforms transforms(planned(job), job.thread_count);
    return transforms.seconds() * pair_count_of(job, transforms.frame_count());
}

void serve_transforms(const ConvolutionJob& job, std::istream& in, std::ostream& out) {
    const JobSamples samples(job);
    Transforms transforms(planned(job), job.thread_count);
    const std::int64_t hop = greatest_hop(transforms.frame_count(), job.tap_count);
    const int pair_count = pair_count_of(job, transforms.frame_count());
    const std::string description = fftw_version_text() + ", transforms of " +
                                    std::to_string(transforms.frame_count()) + ", " + std::to_string(hop) +
                                    " frames forward each, planned with " + transforms.planning_text();
    serve(
        samples, description,
        [&](Stopwatch& watch) {
            watch.start();
            transforms.run(pair_count);
            watch.stop();
        },
        in, out);
}

}  // namespace tutti::bench
