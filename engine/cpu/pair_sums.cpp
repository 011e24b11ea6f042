#include "engine/cpu/pair_sums.hpp"

#include <algorithm>
#include <numeric>

namespace tutti::cpu {

namespace {

constexpr int slices_at_once = 5;  ///< their excitations in a band group stay in the first-level cache

}  // namespace

std::vector<int> begins_of(const std::vector<int>& values, int count) {
    std::vector<int> begins;
    for (int value = 0; value <= count; ++value) {
        begins.push_back(
            static_cast<int>(std::lower_bound(values.begin(), values.end(), value) - values.begin()));
    }
    return begins;
}

PairSums::PairSums(const MaskingPlan& plan)
    : plan_(plan),
      kernels_(masking_kernels()),
      stride_(padded(plan.grid.band_hz.size())),
      masker_stride_(padded(plan.excitation_count)) {
    set_groups();
    const std::size_t slices = plan.tile_slices;
    const std::size_t hops = slices / plan.hop_slices;
    active_.resize(hops * plan.objects.size() * (stride_ / 16));
    weights_.resize(hops * groups_.size() * 2 * plan.objects.size() * row_floats());
    excitations_.resize(slices * 2 * masker_stride_ * stride_);
}

void PairSums::set_groups() {
    const int count = plan_.grid.group_count();
    const std::vector<int> first = begins_of(plan_.grid.band_groups, count);
    for (int group = 0; group < count; ++group) {
        groups_.push_back({first[group], first[group + 1] - first[group], 0});
        group_stride_ = std::max(group_stride_, padded(groups_.back().count));
    }
    for (int group = 0; group < count; ++group) {
        groups_[group].place = group * 2 * plan_.objects.size() * row_floats();
    }
}

PairSums::Workspace PairSums::make_workspace() const {
    constexpr std::size_t rows = 2 * targets_per_block;
    Workspace work;
    work.places.resize(stride_);
    work.sums.resize(rows * masker_stride_);
    work.a.resize(std::max(rows, masker_stride_));
    work.c.resize(rows);
    return work;
}

void PairSums::take_maskers(const CpuExcitations& tile, int slice, int ear, Workspace& work) {
    const int tile_segments = 2 * plan_.tile_slices;
    const int segment = 2 * slice + ear;
    for (const BandGroup& group : groups_) {
        const auto first = work.places.begin() + group.first;
        std::iota(first, first + group.count, tile_segments * group.first + segment * group.count);
    }
    // What is behind the last band goes behind everything.
    const int bands = plan_.grid.band_count();
    const int rest = static_cast<int>(stride_) - bands;
    std::iota(work.places.begin() + bands, work.places.end(), tile_segments * bands + segment * rest);

    const int panel = kernels_.product.panel_columns;
    for (int first = 0; first < static_cast<int>(masker_stride_); first += panel) {
        const int columns = std::min(panel, static_cast<int>(masker_stride_) - first);
        const int rows = std::min(columns, plan_.excitation_count - first);
        for (int i = 0; i < rows; ++i) work.a[i] = tile.bands(slice, ear, first + i);
        kernels_.cells.transpose(work.a.data(), rows, static_cast<int>(stride_), work.places.data(),
                                 excitations_.data() + tile_segments * stride_ * first, columns);
    }
}

void PairSums::take_weights(int slice, int object, const float* weights) {
    const int hop = slice / plan_.hop_slices;
    for (int row = 0; row < 4; ++row) {
        const int segment = 2 * (slice % plan_.hop_slices) + row % 2;
        kernels_.cells.spread(weights + row * stride_, groups_.data(), static_cast<int>(groups_.size()),
                              weights_.data() + weight_place(hop, object, row / 2) + segment * group_stride_);
    }
}

std::size_t PairSums::weight_bytes_per_slice() const {
    return 4 * groups_.size() * group_stride_ * sizeof(float);
}

/// Hop by hop, the weights of those that are active times the maskers' excitations.
std::uint64_t PairSums::add_up(int group, int block, int slice_count, MaskingTile& result,
                               Workspace& work) const {
    const int first = block * targets_per_block;
    const int end = std::min(first + targets_per_block, static_cast<int>(plan_.objects.size()));
    std::fill(work.sums.begin(), work.sums.end(), 0.0F);
    std::uint64_t floats = 0;
    for (int begin = 0; begin < slice_count; begin += plan_.hop_slices) {
        const int row_count = list_active(group, begin / plan_.hop_slices, first, end, work);
        if (row_count == 0) continue;
        const int hop_end = std::min(begin + plan_.hop_slices, slice_count);
        for (int slice = begin; slice < hop_end; slice += slices_at_once) {
            const int count = std::min(slices_at_once, hop_end - slice);
            multiply(group, slice, count, row_count, work);
            floats += 2 * count * (row_count * group_stride_ + groups_[group].count * masker_stride_);
        }
    }
    for (int object = first; object < end; ++object) {
        put(group, object, work.sums.data() + 2 * (object - first) * masker_stride_, result);
    }
    return floats * sizeof(float);
}

/// Both kinds of weights, and where their sums go, of the active among targets first ... end - 1; how many.
int PairSums::list_active(int group, int hop, int first, int end, Workspace& work) const {
    const BandGroup& bands = groups_[group];
    const int first_vector = bands.first / 16;
    const int end_vector = (bands.first + bands.count + 15) / 16;
    int count = 0;
    for (int object = first; object < end; ++object) {
        const char* const active = active_.data() + active_place(hop, object);
        if (std::find(active + first_vector, active + end_vector, 1) == active + end_vector) continue;
        for (int kind = 0; kind < 2; ++kind) {
            work.a[count] = weights_.data() + weight_place(hop, object, kind) + bands.place;
            work.c[count++] = work.sums.data() + (2 * (object - first) + kind) * masker_stride_;
        }
    }
    return count;
}

/// A few slices of a hop with all maskers; moves on in the weights.
void PairSums::multiply(int group, int slice, int slice_count, int row_count, Workspace& work) const {
    const BandGroup& bands = groups_[group];
    const auto columns = static_cast<int>(masker_stride_);
    const std::size_t tile_segments = 2 * plan_.tile_slices;
    MatrixProduct product;
    product.row_count = row_count;
    product.a = work.a.data();
    product.c = work.c.data();
    product.depth = bands.count;
    product.segment_count = 2 * slice_count;
    product.a_segment_stride = group_stride_;
    product.adds = true;
    for (int column = 0; column < columns; column += product.column_count) {
        product.column_count = std::min(kernels_.product.panel_columns, columns - column);
        product.b_segment_stride = static_cast<std::size_t>(bands.count) * product.column_count;
        product.b = excitations_.data() + tile_segments * stride_ * column +
                    tile_segments * bands.first * product.column_count + 2 * slice * product.b_segment_stride;
        kernels_.product.multiply(product);
        for (int row = 0; row < row_count; ++row) work.c[row] += product.column_count;
    }
    for (int row = 0; row < row_count; ++row) {
        work.c[row] -= columns;
        work.a[row] += product.segment_count * group_stride_;
    }
}

void PairSums::put(int group, int object, const float* sums, MaskingTile& result) const {
    const auto cell = static_cast<float>(plan_.slice_s * plan_.grid.band_step_cam);
    const std::size_t place =
        (static_cast<std::size_t>(group) * plan_.objects.size() + object) * plan_.excitation_count;
    float* const clash = result.clash.data() + place;
    float* const benefit = result.benefit.data() + place;
    for (int masker = 0; masker < plan_.excitation_count; ++masker) {
        clash[masker] = cell * sums[masker];
        benefit[masker] = cell * sums[masker_stride_ + masker];
    }
    for (const std::vector<int>* others : {&plan_.objects[object], &plan_.relatives[object]}) {
        for (const int masker : *others) clash[masker] = benefit[masker] = 0.0F;
    }
}

}  // namespace tutti::cpu
