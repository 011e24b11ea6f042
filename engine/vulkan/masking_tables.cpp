#include "engine/vulkan/masking_tables.hpp"

#include <algorithm>
#include <cmath>

#include "engine/errors.hpp"
#include "engine/masking_model.hpp"

namespace tutti::vulkan {

namespace {

/// Excitations begin ... end - 1 in a node of the tree.
struct Range {
    std::uint32_t node, begin, end;
};

class Tree {
  public:
    Tree(std::uint32_t count, std::vector<shaders::MaskingSum>& sums) : count_(count), sums_(sums) {
        std::vector<Range> level;
        for (std::uint32_t i = 0; i < count; ++i) level.push_back({i, i, i + 1});
        while (level.size() > 1) level = pairs_of(level);
        root_ = level.front();
    }

    /// Adds the fewest nodes that make up all excitations but `excused`, which is ascending.
    void add_others(const std::vector<std::uint32_t>& excused, std::vector<std::uint32_t>& nodes) const {
        add(root_, excused, nodes);
    }

  private:
    std::vector<Range> pairs_of(const std::vector<Range>& level) {
        std::vector<Range> pairs;
        for (std::size_t i = 0; i + 1 < level.size(); i += 2) {
            pairs.push_back(
                {count_ + static_cast<std::uint32_t>(sums_.size()), level[i].begin, level[i + 1].end});
            sums_.push_back({level[i].node, level[i + 1].node});
            ends_.push_back(level[i].end);
        }
        if (level.size() % 2 == 1) pairs.push_back(level.back());
        return pairs;
    }

    void add(const Range& range, const std::vector<std::uint32_t>& excused,
             std::vector<std::uint32_t>& nodes) const {
        const auto first = std::lower_bound(excused.begin(), excused.end(), range.begin);
        if (first == excused.end() || *first >= range.end) {
            nodes.push_back(range.node);
        } else if (range.node >= count_) {
            const shaders::MaskingSum& sum = sums_[range.node - count_];
            const std::uint32_t middle = ends_[range.node - count_];
            add({sum.left, range.begin, middle}, excused, nodes);
            add({sum.right, middle, range.end}, excused, nodes);
        }
    }

    std::uint32_t count_;
    std::vector<shaders::MaskingSum>& sums_;
    std::vector<std::uint32_t> ends_;  ///< [sum]: of its left node
    Range root_{};
};

void append(std::vector<std::uint32_t>& to, const std::vector<int>& numbers, int count) {
    for (const int number : numbers) {
        TUTTI_CHECK(number >= 0 && number < count);
        to.push_back(static_cast<std::uint32_t>(number));
    }
}

}  // namespace

std::vector<shaders::MaskingBand> masking_bands(const MaskingGrid& grid) {
    std::vector<shaders::MaskingBand> bands;
    for (const double hz : grid.band_hz) {
        const BandConstants constants = band_constants(hz);
        const double silence = std::pow(constants.a, constants.alpha);
        const double detectable = std::pow(constants.g * constants.threshold + constants.a, constants.alpha);
        bands.push_back({static_cast<float>(constants.threshold), static_cast<float>(constants.k),
                         static_cast<float>(constants.g), static_cast<float>(constants.alpha),
                         static_cast<float>(constants.a), static_cast<float>(silence),
                         static_cast<float>(detectable - silence),
                         static_cast<float>(std::log2(1.0 + constants.k))});
    }
    return bands;
}

std::vector<std::uint32_t> run_starts(const std::vector<int>& numbers) {
    std::vector<std::uint32_t> starts;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (numbers[i] != static_cast<int>(starts.size()) - 1) {
            TUTTI_CHECK(numbers[i] == static_cast<int>(starts.size()));
            starts.push_back(static_cast<std::uint32_t>(i));
        }
    }
    starts.push_back(static_cast<std::uint32_t>(numbers.size()));
    return starts;
}

ObjectSums::ObjectSums(const MaskingPlan& plan) {
    TUTTI_CHECK(plan.excitation_count > 0 && plan.relatives.size() == plan.objects.size());
    const Tree tree(static_cast<std::uint32_t>(plan.excitation_count), sums);
    for (std::size_t o = 0; o < plan.objects.size(); ++o) {
        shaders::MaskingObject object;
        object.first_member = static_cast<std::uint32_t>(members.size());
        append(members, plan.objects[o], plan.excitation_count);
        object.member_end = static_cast<std::uint32_t>(members.size());
        std::vector<std::uint32_t>& own = excused.emplace_back();
        append(own, plan.objects[o], plan.excitation_count);
        append(own, plan.relatives[o], plan.excitation_count);
        std::sort(own.begin(), own.end());
        own.erase(std::unique(own.begin(), own.end()), own.end());
        object.first_node = static_cast<std::uint32_t>(nodes.size());
        tree.add_others(own, nodes);
        object.node_end = static_cast<std::uint32_t>(nodes.size());
        objects.push_back(object);
    }
}

}  // namespace tutti::vulkan
