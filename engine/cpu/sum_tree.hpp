#pragma once

#include <cstddef>
#include <vector>

#include "engine/cpu/masking_cells.hpp"
#include "engine/masking.hpp"

namespace tutti::cpu {

/// Sums of any rows of many without a subtraction, which would cancel in float32: sums of 2, 4, 8 ...
/// neighbouring rows are made once, and every wanted sum is put together from few of them.
class SumTree {
  public:
    explicit SumTree(int row_count);

    /// Sums of several rows each, beside the rows themselves.
    int node_count() const { return static_cast<int>(nodes_.size()); }

    /// What adds up to all rows but `left_out` (ascending): rows, and nodes counted from row_count on.
    std::vector<int> all_but(const std::vector<int>& left_out) const;

    /// Makes the nodes' sums from rows[i * stride]. `nodes`: [node][stride].
    void add_up(const float* rows, std::size_t stride, float* nodes, const MaskingCellKernels& kernels) const;

  private:
    /// Rows first ... end - 1.
    struct Node {
        int first, end;
        int left, right;  ///< rows, and nodes counted from row_count on
    };
    int add_node(int first, int end);
    void collect(int which, const std::vector<int>& left_out, std::vector<int>& terms) const;

    int row_count_;
    std::vector<Node> nodes_;  ///< children before their parents
};

/// [object]: what adds up to all that may mask it: every excitation but its own and its relatives'.
std::vector<std::vector<int>> masker_terms(const SumTree& tree, const MaskingPlan& plan);

}  // namespace tutti::cpu
