#include "host/clash_regions.hpp"

#include <algorithm>

namespace tutti {

namespace {

/// What joins a region is at least this intense, as a part of what is there: low enough for music's ups and
/// downs from second to second, high enough that noise of five seconds does not grow over the music around.
constexpr double like_enough = 0.35;
constexpr int intense_moments = 3;
/// A region goes on over fewer weak moments than this: a rest, a breath.
constexpr int longest_step = 4;

/// Regions that touch are one doing when they have this part of the longer one's time in common, or this part
/// of the time of the one that is the less intense; but none is made of more than this part of all bands.
constexpr double common_time = 0.5;
constexpr double time_within = 0.75;
constexpr double widest = 0.5;

/// Less than this part of a masker's greatest cell begins no region, nor does a region past this number.
constexpr double least_seed = 0.02;
constexpr std::size_t most_regions = 64;

/// Grows the regions of one masker.
class Growth {
  public:
    Growth(const ClashMaps& maps, int masker)
        : maps_(maps), masker_(masker), moments_(maps.moment_count()), groups_(maps.group_count()) {
        for (int m = 0; m < moments_; ++m) {
            for (int g = 0; g < groups_; ++g) left_.push_back(maps.won(masker, m, g));
        }
    }

    std::vector<ClashRegion> all() {
        std::vector<Rectangle> rectangles;
        if (left_.empty()) return {};
        const double least = least_seed * *std::max_element(left_.begin(), left_.end());
        while (rectangles.size() < most_regions) {
            const auto seed = std::max_element(left_.begin(), left_.end());
            if (*seed <= 0.0 || *seed < least) break;
            const auto at = static_cast<int>(seed - left_.begin());
            rectangles.push_back(grown(at / groups_, at % groups_));
        }
        join(rectangles);
        std::vector<ClashRegion> regions;
        for (const Rectangle& r : rectangles) regions.push_back(region(r));
        return regions;
    }

  private:
    struct Rectangle {
        int first_moment, end_moment, first_group, end_group;
    };

    /// A cell that is taken is worth less than nothing, so that no region grows over it.
    static constexpr double taken = -1e9;

    double density(const Rectangle& r) const {
        double sum = 0.0;
        for (int m = r.first_moment; m < r.end_moment; ++m) {
            for (int g = r.first_group; g < r.end_group; ++g)
                sum += left_[static_cast<std::size_t>(m) * groups_ + g];
        }
        return sum / ((r.end_moment - r.first_moment) * (r.end_group - r.first_group));
    }

    double greatest_density(const Rectangle& r) const {
        const int length = std::min(intense_moments, r.end_moment - r.first_moment);
        double most = 0.0;
        for (int m = r.first_moment; m + length <= r.end_moment; ++m)
            most = std::max(most, density({m, m + length, r.first_group, r.end_group}));
        return most;
    }

    Rectangle grown(int moment, int group) {
        Rectangle r{moment, moment + 1, group, group + 1};
        while (widen(r)) continue;
        for (int m = r.first_moment; m < r.end_moment; ++m) {
            for (int g = r.first_group; g < r.end_group; ++g)
                left_[static_cast<std::size_t>(m) * groups_ + g] = taken;
        }
        return r;
    }

    /// In a cell, also where a region is already.
    double intensity(const Rectangle& r) const {
        double sum = 0.0;
        for (int m = r.first_moment; m < r.end_moment; ++m) {
            for (int g = r.first_group; g < r.end_group; ++g) sum += maps_.won(masker_, m, g);
        }
        return sum / ((r.end_moment - r.first_moment) * (r.end_group - r.first_group));
    }

    bool are_one_doing(const Rectangle& a, const Rectangle& b) const {
        if (a.end_group < b.first_group || b.end_group < a.first_group) return false;
        const int width = std::max(a.end_group, b.end_group) - std::min(a.first_group, b.first_group);
        if (width > widest * groups_) return false;
        const int common = std::min(a.end_moment, b.end_moment) - std::max(a.first_moment, b.first_moment);
        const int time_a = a.end_moment - a.first_moment;
        const int time_b = b.end_moment - b.first_moment;
        if (common >= common_time * std::max(time_a, time_b)) return true;
        return common >= time_within * time_b && intensity(b) <= intensity(a);
    }

    /// A loud masker hides somebody in one band group and, with its skirts, others in the next: that is one
    /// event, though the two are too unlike to grow into one.
    void join(std::vector<Rectangle>& rectangles) {
        for (std::size_t i = 0; i < rectangles.size();) {
            Rectangle& to = rectangles[i];
            const auto joined =
                std::find_if(rectangles.begin() + static_cast<std::ptrdiff_t>(i) + 1, rectangles.end(),
                             [&](const Rectangle& other) { return are_one_doing(to, other); });
            if (joined == rectangles.end()) {
                ++i;
                continue;
            }
            to = {std::min(to.first_moment, joined->first_moment),
                  std::max(to.end_moment, joined->end_moment), std::min(to.first_group, joined->first_group),
                  std::max(to.end_group, joined->end_group)};
            rectangles.erase(joined);
        }
    }

    ClashRegion region(const Rectangle& r) const {
        ClashRegion region{masker_, r.first_moment, r.end_moment, r.first_group, r.end_group};
        double parts = 0.0;
        double squares = 0.0;
        for (int g = r.first_group; g < r.end_group; ++g) {
            double of_group = 0.0;
            for (int m = r.first_moment; m < r.end_moment; ++m) {
                const double won = maps_.won(masker_, m, g);
                const double without = maps_.without(masker_, m, g);
                of_group += won;
                region.without += without;
                if (without > 0.0) parts += won * won / without;
            }
            region.won += of_group;
            squares += of_group * of_group;
        }
        if (region.won > 0.0) {
            region.part = parts / region.won;
            region.width = region.won * region.won / squares;
        }
        return region;
    }

    /// By the most intense of what is at its sides, if that is intense enough: moments as compared with the
    /// most intense ones, band groups as compared with all of it.
    bool widen(Rectangle& r) const {
        const double intense = greatest_density(r);
        const double whole = density(r);
        double best = like_enough;
        Rectangle wide = r;
        const auto offer = [&](double likeness, const Rectangle& to) {
            if (likeness < best) return;
            best = likeness;
            wide = to;
        };
        for (int step = 1; step <= longest_step; ++step) {
            const auto offer_moments = [&](const Rectangle& added, const Rectangle& outermost,
                                           const Rectangle& to) {
                const double likeness = density(added) / intense;
                if (density(outermost) >= like_enough * intense) offer(likeness, to);
            };
            if (const int first = r.first_moment - step; first >= 0) {
                offer_moments({first, r.first_moment, r.first_group, r.end_group},
                              {first, first + 1, r.first_group, r.end_group},
                              {first, r.end_moment, r.first_group, r.end_group});
            }
            if (const int end = r.end_moment + step; end <= moments_) {
                offer_moments({r.end_moment, end, r.first_group, r.end_group},
                              {end - 1, end, r.first_group, r.end_group},
                              {r.first_moment, end, r.first_group, r.end_group});
            }
        }
        if (r.first_group > 0) {
            offer(density({r.first_moment, r.end_moment, r.first_group - 1, r.first_group}) / whole,
                  {r.first_moment, r.end_moment, r.first_group - 1, r.end_group});
        }
        if (r.end_group < groups_) {
            offer(density({r.first_moment, r.end_moment, r.end_group, r.end_group + 1}) / whole,
                  {r.first_moment, r.end_moment, r.first_group, r.end_group + 1});
        }
        const bool is_wider = wide.end_moment - wide.first_moment > r.end_moment - r.first_moment ||
                              wide.end_group - wide.first_group > r.end_group - r.first_group;
        r = wide;
        return is_wider;
    }

    const ClashMaps& maps_;
    int masker_;
    int moments_;
    int groups_;
    std::vector<double> left_;  ///< [moment][group]: what would be won, where no region is yet
};

}  // namespace

std::vector<ClashRegion> clash_regions(const ClashMaps& maps, int masker) {
    return Growth(maps, masker).all();
}

}  // namespace tutti
