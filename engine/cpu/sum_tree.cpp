#include "engine/cpu/sum_tree.hpp"

#include <algorithm>

namespace tutti::cpu {

SumTree::SumTree(int row_count) : row_count_(row_count) {
    if (row_count > 1) add_node(0, row_count);
}

/// The sum of rows first ... end - 1 and all it is made of.
int SumTree::add_node(int first, int end) {
    if (end - first == 1) return first;
    const int middle = (first + end) / 2;
    const int left = add_node(first, middle);
    const int right = add_node(middle, end);
    nodes_.push_back({first, end, left, right});
    return row_count_ + node_count() - 1;
}

std::vector<int> SumTree::all_but(const std::vector<int>& left_out) const {
    std::vector<int> terms;
    collect(row_count_ == 1 ? 0 : row_count_ + node_count() - 1, left_out, terms);
    return terms;
}

void SumTree::collect(int which, const std::vector<int>& left_out, std::vector<int>& terms) const {
    const bool is_row = which < row_count_;
    const int first = is_row ? which : nodes_[which - row_count_].first;
    const int end = is_row ? which + 1 : nodes_[which - row_count_].end;
    const auto inside = std::lower_bound(left_out.begin(), left_out.end(), first);
    if (inside == left_out.end() || *inside >= end) {
        terms.push_back(which);
    } else if (!is_row) {
        collect(nodes_[which - row_count_].left, left_out, terms);
        collect(nodes_[which - row_count_].right, left_out, terms);
    }
}

void SumTree::add_up(const float* rows, std::size_t stride, float* nodes,
                     const MaskingCellKernels& kernels) const {
    const auto at = [&](int which) {
        return which < row_count_ ? rows + which * stride : nodes + (which - row_count_) * stride;
    };
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
        const float* const both[] = {at(nodes_[n].left), at(nodes_[n].right)};
        kernels.add_rows(both, 2, static_cast<int>(stride), nodes + n * stride);
    }
}

std::vector<std::vector<int>> masker_terms(const SumTree& tree, const MaskingPlan& plan) {
    std::vector<std::vector<int>> terms;
    for (std::size_t i = 0; i < plan.objects.size(); ++i) {
        std::vector<int> left_out = plan.objects[i];
        left_out.insert(left_out.end(), plan.relatives[i].begin(), plan.relatives[i].end());
        std::sort(left_out.begin(), left_out.end());
        terms.push_back(tree.all_but(left_out));
    }
    return terms;
}

}  // namespace tutti::cpu
