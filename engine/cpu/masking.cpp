#include "engine/cpu/masking.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/cpu/operations.hpp"
#include "engine/errors.hpp"
#include "engine/threads.hpp"

namespace tutti::cpu {

namespace {

constexpr int objects_per_block = 32;
constexpr int targets_per_block = 64;
constexpr int slices_at_once = 5;      ///< their excitations in a band group stay in the first-level cache
constexpr float active_range = 1e-6F;  ///< 60 dB

int blocks_of(int count, int size) { return (count + size - 1) / size; }

/// Where each value of an ascending list begins, and its end.
std::vector<int> begins(const std::vector<int>& values, int count) {
    std::vector<int> all;
    for (int value = 0; value <= count; ++value) {
        all.push_back(
            static_cast<int>(std::lower_bound(values.begin(), values.end(), value) - values.begin()));
    }
    return all;
}

float sum(const float* values, int first, int end) {
    float all = 0.0F;
    for (int i = first; i < end; ++i) all += values[i];
    return all;
}

}  // namespace

CpuMasking::CpuMasking(const MaskingPlan& plan)
    : plan_(plan),
      kernels_(masking_kernels()),
      stride_(padded(plan.grid.band_hz.size())),
      masker_stride_(padded(plan.excitation_count)),
      tree_(plan.excitation_count),
      display_begin_(begins(plan.grid.display_bands, plan.grid.display_band_count())),
      greatest_(plan.objects.size(), 0.0F) {
    TUTTI_CHECK(plan.excitation_count > 0 && plan.objects.size() == plan.relatives.size());
    TUTTI_CHECK(plan.tile_slices > 0 && plan.tile_slices % plan.hop_slices == 0);
    for (std::size_t i = 0; i < plan.objects.size(); ++i) {
        std::vector<int> left_out = plan.objects[i];
        left_out.insert(left_out.end(), plan.relatives[i].begin(), plan.relatives[i].end());
        std::sort(left_out.begin(), left_out.end());
        masker_terms_.push_back(tree_.all_but(left_out));
    }
    set_constants();
    set_groups();
    const std::size_t slices = plan.tile_slices;
    const std::size_t hops = slices / plan.hop_slices;
    const std::size_t objects = plan.objects.size();
    greatest_in_hop_.resize(hops * 2 * objects);
    is_active_.resize(hops * objects * (stride_ / 16));
    group_sums_.resize(hops * objects * plan.grid.group_count());
    weights_.resize(hops * groups_.size() * 2 * objects * row_floats());
    turned_.resize(slices * 2 * masker_stride_ * stride_);
    add_workspaces();
}

void CpuMasking::set_constants() {
    constexpr std::size_t row_count = 8;
    constants_.resize(row_count * stride_, 1.0F);
    for (const double hz : plan_.grid.band_hz) bands_.push_back(band_constants(hz));
    for (std::size_t i = 0; i < bands_.size(); ++i) {
        const BandConstants& band = bands_[i];
        const double floor = std::pow(band.a, band.alpha);
        const double at_threshold = std::pow(band.g * band.threshold + band.a, band.alpha) - floor;
        const double values[row_count] = {band.k, band.threshold,  band.g, band.alpha,
                                          band.a, band.g / band.a, floor,  at_threshold};
        for (std::size_t row = 0; row < row_count; ++row) {
            constants_[row * stride_ + i] = static_cast<float>(values[row]);
        }
    }
}

void CpuMasking::set_groups() {
    const int count = plan_.grid.group_count();
    const std::vector<int> first = begins(plan_.grid.band_groups, count);
    for (int group = 0; group < count; ++group) {
        groups_.push_back({first[group], first[group + 1] - first[group], 0});
        group_stride_ = std::max(group_stride_, padded(groups_.back().count));
    }
    for (int group = 0; group < count; ++group) {
        groups_[group].place = group * 2 * plan_.objects.size() * row_floats();
    }
}

void CpuMasking::add_workspaces() {
    std::size_t most_rows = 2 * targets_per_block;
    for (const auto& terms : masker_terms_) most_rows = std::max(most_rows, terms.size());
    for (const auto& object : plan_.objects) most_rows = std::max(most_rows, object.size());
    for (int thread = 0; thread < thread_count(); ++thread) {
        Workspace& work = workspaces_.emplace_back();
        work.nodes.resize(2 * tree_.node_count() * stride_);
        work.target.resize(2 * stride_);
        work.masker.resize(2 * stride_);
        work.weights.resize(4 * stride_ + 32);
        work.places.resize(stride_);
        work.sums.resize(objects_per_block * HopSums::row_count * stride_);
        work.pairs.resize(2 * targets_per_block * masker_stride_);
        work.a.resize(std::max(most_rows, masker_stride_));
        work.c.resize(2 * targets_per_block);
    }
}

CpuMasking::Slices CpuMasking::slices_of(int hop) const {
    return {hop * plan_.hop_slices, std::min((hop + 1) * plan_.hop_slices, slice_count_)};
}

void CpuMasking::process(const Excitations& tile, int slice_count, MaskingTile& result) {
    const CpuExcitations& excitations = cpu_excitations(tile);
    TUTTI_CHECK(excitations.shape().object_count == plan_.excitation_count);
    TUTTI_CHECK(excitations.shape().band_count == plan_.grid.band_count());
    TUTTI_CHECK(slice_count > 0 && slice_count <= plan_.tile_slices);
    slice_count_ = slice_count;
    const int hops = blocks_of(slice_count, plan_.hop_slices);
    result.hop_count = hops;

    parallel_for(2 * hops, [&](int unit) { survey(excitations, unit / 2, unit % 2, result); });
    for (std::size_t i = 0; i < static_cast<std::size_t>(2) * hops * object_count(); ++i) {
        float& greatest = greatest_[i % object_count()];
        greatest = std::max(greatest, greatest_in_hop_[i]);
    }
    const int blocks = blocks_of(object_count(), objects_per_block);
    parallel_for(hops * blocks, [&](int unit) { hear(excitations, unit / blocks, unit % blocks, result); });
    const int target_blocks = blocks_of(object_count(), targets_per_block);
    parallel_for(plan_.grid.group_count() * target_blocks,
                 [&](int unit) { pair_up(unit / target_blocks, unit % target_blocks, result); });
    parallel_for(object_count(), [&](int object) { put_sums(object, result); });
}

/// An object's excitation: its only one, or the sum in `scratch`.
const float* CpuMasking::excitation_of(const CpuExcitations& tile, int slice, int ear, int object,
                                       float* scratch, Workspace& work) const {
    const std::vector<int>& members = plan_.objects[object];
    if (members.size() == 1) return tile.bands(slice, ear, members.front());
    for (std::size_t i = 0; i < members.size(); ++i) work.a[i] = tile.bands(slice, ear, members[i]);
    kernels_.cells.add_rows(work.a.data(), static_cast<int>(members.size()), static_cast<int>(stride_),
                            scratch);
    return scratch;
}

/// One ear of a hop: greatest excitations, means for the display, and all of it turned round.
void CpuMasking::survey(const CpuExcitations& tile, int hop, int ear, MaskingTile& result) {
    Workspace& work = workspaces_[thread_number()];
    const Slices slices = slices_of(hop);
    const int maskers = plan_.excitation_count;
    const auto stride = static_cast<int>(stride_);
    for (int object = 0; object < object_count(); ++object) {
        float greatest = 0.0F;
        for (int slice = slices.first; slice < slices.end; ++slice) {
            const float* const bands = excitation_of(tile, slice, ear, object, work.target.data(), work);
            greatest = std::max(greatest, *std::max_element(bands, bands + stride_));
        }
        greatest_in_hop_[(static_cast<std::size_t>(hop) * 2 + ear) * object_count() + object] = greatest;
    }
    const int display_count = plan_.grid.display_band_count();
    float* means =
        result.excitation.data() + (static_cast<std::size_t>(hop) * 2 + ear) * maskers * display_count;
    for (int masker = 0; masker < maskers; ++masker) {
        float* const bands = work.target.data();
        std::fill_n(bands, stride_, 0.0F);
        for (int slice = slices.first; slice < slices.end; ++slice) {
            const float* const rows[] = {bands, tile.bands(slice, ear, masker)};
            kernels_.cells.add_rows(rows, 2, stride, bands);
        }
        for (int shown = 0; shown < display_count; ++shown) {
            const int first = display_begin_[shown];
            const int end = display_begin_[shown + 1];
            const int count = (end - first) * (slices.end - slices.first);
            *means++ = sum(bands, first, end) / static_cast<float>(count);
        }
    }
    for (int slice = slices.first; slice < slices.end; ++slice) turn(tile, slice, ear, work);
}

/// Objects of all panels, columns of the products to come.
void CpuMasking::turn(const CpuExcitations& tile, int slice, int ear, Workspace& work) {
    const int tile_segments = 2 * plan_.tile_slices;
    const int segment = 2 * slice + ear;
    const int bands = plan_.grid.band_count();
    const int rest = static_cast<int>(stride_) - bands;
    std::iota(work.places.begin() + bands, work.places.end(), tile_segments * bands + segment * rest);
    for (const BandGroup& group : groups_) {
        const auto first = work.places.begin() + group.first;
        std::iota(first, first + group.count, tile_segments * group.first + segment * group.count);
    }
    const int panel = kernels_.product.panel_columns;
    for (int first = 0; first < static_cast<int>(masker_stride_); first += panel) {
        const int columns = std::min(panel, static_cast<int>(masker_stride_) - first);
        const int rows = std::min(columns, plan_.excitation_count - first);
        for (int i = 0; i < rows; ++i) work.a[i] = tile.bands(slice, ear, first + i);
        kernels_.cells.transpose(work.a.data(), rows, static_cast<int>(stride_), work.places.data(),
                                 turned(first), columns);
    }
}

/// A block of objects in a hop.
void CpuMasking::hear(const CpuExcitations& tile, int hop, int block, MaskingTile& result) {
    Workspace& work = workspaces_[thread_number()];
    const int first = block * objects_per_block;
    const int end = std::min(first + objects_per_block, object_count());
    const std::size_t vectors = stride_ / 16;
    std::fill(work.sums.begin(), work.sums.end(), 0.0F);
    char* const active = is_active_.data() + static_cast<std::size_t>(hop) * object_count() * vectors;
    std::fill(active + first * vectors, active + end * vectors, 0);
    const Slices slices = slices_of(hop);
    for (int slice = slices.first; slice < slices.end; ++slice) {
        for (int ear = 0; ear < 2; ++ear) {
            tree_.add_up(tile.bands(slice, ear, 0), stride_,
                         work.nodes.data() + ear * tree_.node_count() * stride_, kernels_.cells);
        }
        for (int object = first; object < end; ++object) {
            float* const sums = work.sums.data() + (object - first) * HopSums::row_count * stride_;
            hear_object(tile, slice, object, sums, active + object * vectors, work);
        }
    }
    kernels_.cells.finish_spreading();
    for (int object = first; object < end; ++object) {
        show(work.sums.data() + (object - first) * HopSums::row_count * stride_, hop, object, result);
    }
}

void CpuMasking::hear_object(const CpuExcitations& tile, int slice, int object, float* sums, char* is_active,
                             Workspace& work) {
    const float* const c = constants_.data();
    Cells cells;
    cells.band_count = static_cast<int>(stride_);
    cells.constants = {c,
                       c + stride_,
                       c + 2 * stride_,
                       c + 3 * stride_,
                       c + 4 * stride_,
                       c + 5 * stride_,
                       c + 6 * stride_,
                       c + 7 * stride_};
    for (int ear = 0; ear < 2; ++ear) {
        cells.target[ear] = excitation_of(tile, slice, ear, object, work.target.data() + ear * stride_, work);
        const std::vector<int>& terms = masker_terms_[object];
        const float* const nodes = work.nodes.data() + ear * tree_.node_count() * stride_;
        for (std::size_t i = 0; i < terms.size(); ++i) {
            work.a[i] = terms[i] < plan_.excitation_count
                            ? tile.bands(slice, ear, terms[i])
                            : nodes + (terms[i] - plan_.excitation_count) * stride_;
        }
        float* const masker = work.masker.data() + ear * stride_;
        kernels_.cells.add_rows(work.a.data(), static_cast<int>(terms.size()), cells.band_count, masker);
        cells.masker[ear] = masker;
        cells.clash[ear] = work.weights.data() + ear * stride_;
        cells.benefit[ear] = work.weights.data() + (2 + ear) * stride_;
    }
    cells.least_active = active_range * greatest_[object];
    cells.sums = sums;
    cells.is_active = is_active;
    cells.loud = &hear_loud;
    cells.context = bands_.data();
    kernels_.cells.process(cells);
    const int hop = slice / plan_.hop_slices;
    for (int row = 0; row < 4; ++row) {
        const int segment = 2 * (slice % plan_.hop_slices) + row % 2;
        kernels_.cells.spread(work.weights.data() + row * stride_, groups_.data(),
                              static_cast<int>(groups_.size()),
                              weights(hop, object, row / 2) + segment * group_stride_);
    }
}

/// Cells over 100 dB, by the model itself.
void CpuMasking::hear_loud(const void* context, int band, float target, float masker, float* values) {
    const BandConstants& constants = static_cast<const BandConstants*>(context)[band];
    values[0] = static_cast<float>(specific_loudness(target, constants));
    values[1] = static_cast<float>(partial_loudness(target, masker, constants));
    values[2] = static_cast<float>(partial_loudness_by_masker(target, masker, constants));
    values[3] = static_cast<float>(target * partial_loudness_by_target(target, masker, constants));
}

/// A hop's sums over slices as display bands and band groups.
void CpuMasking::show(const float* sums, int hop, int object, MaskingTile& result) {
    const auto row = [&](int which) { return sums + which * stride_; };
    const Slices slices = slices_of(hop);
    const int display_count = plan_.grid.display_band_count();
    const std::size_t place = (static_cast<std::size_t>(hop) * object_count() + object) * display_count;
    const auto step = static_cast<float>(plan_.grid.band_step_cam);
    for (int shown = 0; shown < display_count; ++shown) {
        const int first = display_begin_[shown];
        const int end = display_begin_[shown + 1];
        float greatest = std::numeric_limits<float>::quiet_NaN();
        for (int ear = 0; ear < 2; ++ear) {
            const float threshold = sum(row(HopSums::threshold + ear), first, end);
            if (threshold == 0.0F) continue;
            greatest = std::fmax(greatest, sum(row(HopSums::target + ear), first, end) / threshold);
        }
        result.margin_db[place + shown] = 10.0F * std::log10(greatest);
        result.loudness[place + shown] =
            sum(row(HopSums::partial), first, end) * step / static_cast<float>(slices.end - slices.first);
    }
    const int groups = plan_.grid.group_count();
    GroupSums* const mine =
        group_sums_.data() + (static_cast<std::size_t>(hop) * object_count() + object) * groups;
    for (int group = 0; group < groups; ++group) {
        const int first = groups_[group].first;
        const int end = first + groups_[group].count;
        mine[group].partial = sum(row(HopSums::partial), first, end);
        mine[group].self_cost = sum(row(HopSums::self_cost), first, end);
        for (int i = 0; i < audibility_count; ++i) {
            mine[group].audibility[i] = sum(row(HopSums::audibility + i), first, end);
        }
    }
}

/// All maskers of a block of targets in a band group: hop by hop, the weights of those that are active times
/// the maskers' excitations.
void CpuMasking::pair_up(int group, int block, MaskingTile& result) {
    Workspace& work = workspaces_[thread_number()];
    const int first = block * targets_per_block;
    const int end = std::min(first + targets_per_block, object_count());
    const int band = groups_[group].first;
    const int panel = kernels_.product.panel_columns;
    const auto columns = static_cast<int>(masker_stride_);
    const std::size_t vectors = stride_ / 16;
    std::fill(work.pairs.begin(), work.pairs.end(), 0.0F);
    MatrixProduct product;
    product.a = work.a.data();
    product.c = work.c.data();
    product.depth = groups_[group].count;
    product.a_segment_stride = group_stride_;
    product.adds = true;
    for (int hop = 0; hop < result.hop_count; ++hop) {
        const Slices slices = slices_of(hop);
        const char* const active =
            is_active_.data() + static_cast<std::size_t>(hop) * object_count() * vectors;
        product.row_count = 0;
        for (int object = first; object < end; ++object) {
            const char* const mine = active + object * vectors;
            if (std::find(mine + band / 16, mine + (band + product.depth + 15) / 16, 1) ==
                mine + (band + product.depth + 15) / 16) {
                continue;
            }
            for (int kind = 0; kind < 2; ++kind) {
                work.a[product.row_count] = weights(hop, object, kind) + groups_[group].place;
                work.c[product.row_count++] =
                    work.pairs.data() + (2 * (object - first) + kind) * masker_stride_;
            }
        }
        if (product.row_count == 0) continue;
        for (int slice = slices.first; slice < slices.end; slice += slices_at_once) {
            product.segment_count = 2 * std::min(slices_at_once, slices.end - slice);
            for (int column = 0; column < columns; column += panel) {
                product.column_count = std::min(panel, columns - column);
                product.b_segment_stride = static_cast<std::size_t>(product.depth) * product.column_count;
                product.b = turned(column) +
                            2 * static_cast<std::size_t>(plan_.tile_slices) * band * product.column_count +
                            2 * slice * product.b_segment_stride;
                kernels_.product.multiply(product);
                for (int row = 0; row < product.row_count; ++row) work.c[row] += product.column_count;
            }
            for (int row = 0; row < product.row_count; ++row) {
                work.c[row] -= columns;
                work.a[row] += product.segment_count * product.a_segment_stride;
            }
        }
    }
    for (int object = first; object < end; ++object) {
        put_pairs(group, object, work.pairs.data() + 2 * (object - first) * masker_stride_, result);
    }
}

void CpuMasking::put_pairs(int group, int object, const float* pairs, MaskingTile& result) const {
    const auto cell = static_cast<float>(plan_.slice_s * plan_.grid.band_step_cam);
    const std::size_t place =
        (static_cast<std::size_t>(group) * object_count() + object) * plan_.excitation_count;
    float* const clash = result.clash.data() + place;
    float* const benefit = result.benefit.data() + place;
    for (int masker = 0; masker < plan_.excitation_count; ++masker) {
        clash[masker] = cell * pairs[masker];
        benefit[masker] = cell * pairs[masker_stride_ + masker];
    }
    for (const std::vector<int>* others : {&plan_.objects[object], &plan_.relatives[object]}) {
        for (const int masker : *others) clash[masker] = benefit[masker] = 0.0F;
    }
}

/// An object's sums over the tile, hop after hop.
void CpuMasking::put_sums(int object, MaskingTile& result) const {
    const auto cell = static_cast<float>(plan_.slice_s * plan_.grid.band_step_cam);
    const int groups = plan_.grid.group_count();
    for (int group = 0; group < groups; ++group) {
        GroupSums all;
        for (int hop = 0; hop < result.hop_count; ++hop) {
            const GroupSums& some =
                group_sums_[(static_cast<std::size_t>(hop) * object_count() + object) * groups + group];
            all.partial += some.partial;
            all.self_cost += some.self_cost;
            for (int i = 0; i < audibility_count; ++i) all.audibility[i] += some.audibility[i];
        }
        const std::size_t place = static_cast<std::size_t>(group) * object_count() + object;
        result.partial[place] = cell * all.partial;
        result.self_cost[place] = cell * all.self_cost;
        for (int i = 0; i < audibility_count; ++i) {
            result.audibility[place * audibility_count + i] = cell * all.audibility[i];
        }
    }
}

std::unique_ptr<Masking> make_masking(const MaskingPlan& plan) { return std::make_unique<CpuMasking>(plan); }

}  // namespace tutti::cpu
