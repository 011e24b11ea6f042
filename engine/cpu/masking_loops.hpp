// The loops of Masking; see lane_vector.hpp for how they are compiled.
#include "engine/cpu/lane_vector.hpp"
#include "engine/cpu/masking_cells.hpp"

namespace tutti::cpu::TUTTI_LEVEL {

namespace {

inline constexpr float natural_per_db = 0.230258509F;  // ln 10 / 10
inline constexpr float db_per_log2 = 3.01029996F;
inline constexpr float scale = 0.046871F;  // C of ANSI S3.4-2007, sone per Cam
inline constexpr float severe_range_db = 15.0F;
inline constexpr float loudest = 1e10F;
inline constexpr float least_masker = 1e-20F;  // less is nothing, so that one over it is a number

struct Band {
    Vector k, threshold, g, alpha, a, g_per_a, floor, at_threshold;
};

/// A target beside a masker in one ear.
struct Pair {
    Vector target, masker;
    Vector threshold;      ///< masked: K E_N + E_THRQ
    Vector per_threshold;  ///< one over it
    Vector ratio;          ///< target over threshold
};

/// What a pair comes to: sone per Cam.
struct Heard {
    Vector quiet, partial;
    Vector by_masker;  ///< derivative by the masker's excitation, at most 0
    Vector by_target;  ///< derivative by the target's, times the target's
};

TUTTI_INLINE Vector three_halves(Vector x) { return x * root(x); }

/// Moore, Glasberg & Baer (1997), equations 5-7 and 17-18, with derivatives. All of f(x) = (G x + A)^alpha is
/// taken relative to f(E_N), so that small differences of large numbers never are: f(E_N + x) = f(E_N) (1 +
/// d).
TUTTI_INLINE Heard heard(const Pair& e, const Band& band) {
    const Vector base = band.g * e.masker + band.a;
    const Vector per_base = per(base);
    const Vector f_masker = exp2(band.alpha * log2(base));
    const Vector total_more = band.g * e.target * per_base;
    const Vector edge_more = band.g * e.threshold * per_base;
    const Vector d_total = exp2_m1(band.alpha * log2_1p(total_more));
    const Vector d_edge = exp2_m1(band.alpha * log2_1p(edge_more));
    // Slopes of f, alpha G f(x) / (G x + A), relative to that at E_N.
    const Vector slope = band.alpha * band.g * per_base;  // over f(E_N)
    const Vector per_total = per(1.0F + total_more);
    const Vector total_slope = (1.0F + d_total) * per_total;
    const Vector edge_slope = (1.0F + band.k) * (1.0F + d_edge) * per(1.0F + edge_more);

    // Equation 17: over the masked threshold, (E_THRN / E_S)^0.3.
    const Power power = exp2_both(-0.3F * log2(e.ratio));
    const Vector faded = power.value;
    const Vector unfaded = -power.less_one;
    const Vector over =
        f_masker * (d_total - d_edge * faded + unfaded) + band.at_threshold * faded - band.floor * unfaded;
    const Vector masked = 0.3F * faded * (f_masker * (1.0F + d_edge) - band.floor - band.at_threshold);
    const Vector over_by_target = f_masker * slope * total_slope * e.target + masked;
    const Vector over_by_masker =
        f_masker * slope * (total_slope - edge_slope * faded) - masked * band.k * e.per_threshold;

    // Equation 18: under it.
    const Vector per_sum = per(e.target + e.threshold);
    const Vector per_edge = per(d_edge);
    const Vector factor = band.at_threshold * three_halves(2.0F * e.target * per_sum) * per_edge;
    const Vector under = factor * d_total;
    const Vector rolling = 1.5F * under * per_sum;
    const Vector under_by_target = factor * slope * total_slope * e.target + rolling * e.threshold;
    const Vector under_by_masker =
        factor * slope * ((d_total - total_more) * per_total - d_total * per_edge * (edge_slope - 1.0F)) -
        rolling * band.k;

    // In quiet.
    const Vector in_quiet = band.floor * exp2_m1(band.alpha * log2_1p(e.target * band.g_per_a));
    const Vector fading = three_halves(2.0F * e.target * per(e.target + band.threshold));

    const Integers is_over = e.ratio >= 1.0F;
    return {scale * in_quiet * select(e.target >= band.threshold, splat(1.0F), fading),
            scale * select(is_over, over, under),
            least(scale * select(is_over, over_by_masker, under_by_masker), Vector{}),
            scale * select(is_over, over_by_target, under_by_target)};
}

TUTTI_INLINE void add_to(float* sums, Vector more) { store(sums, load(sums) + more); }

/// The equations for over 100 dB, cell by cell: nobody listens that loud.
inline void hear_loud(const LoudnessCells& cells, int first_band, const Pair& e, Vector& partial) {
    for (int i = 0; i < width; ++i) {
        if (e.target[i] + e.masker[i] <= loudest) continue;
        float values[4];
        cells.loud(cells.context, first_band + i, e.target[i], e.masker[i], values);
        partial[i] = values[1];
    }
}
inline void hear_loud(const Cells& cells, int first_band, const Pair& e, Heard& in_ear) {
    for (int i = 0; i < width; ++i) {
        if (e.target[i] + e.masker[i] <= loudest) continue;
        float values[4];
        cells.loud(cells.context, first_band + i, e.target[i], e.masker[i], values);
        in_ear.quiet[i] = values[0];
        in_ear.partial[i] = values[1];
        in_ear.by_masker[i] = values[2];
        in_ear.by_target[i] = values[3];
    }
}

TUTTI_INLINE Heard hear(const Cells& cells, int first_band, const Pair& e, const Band& band) {
    Heard in_ear = heard(e, band);
    if (any(e.target + e.masker > loudest)) hear_loud(cells, first_band, e, in_ear);
    // What came of the logarithms where there is no target.
    const Integers is_there = e.target > 0.0F;
    return {keep(is_there, in_ear.quiet), keep(is_there, in_ear.partial), keep(is_there, in_ear.by_masker),
            keep(is_there, in_ear.by_target)};
}

TUTTI_INLINE void count_audibility(float* sums, int band_count, Integers active, Vector ratio, Vector quiet) {
    constexpr float partly_masked_from = 3.98107171F;  // 6 dB
    constexpr float clear_from = 31.6227766F;          // 15 dB
    const Integers heavily = ratio >= 1.0F;
    const Integers partly = ratio >= partly_masked_from;
    const Integers clear = ratio >= clear_from;
    add_to(sums, keep(active & ~heavily, quiet));
    add_to(sums + band_count, keep(active & heavily & ~partly, quiet));
    add_to(sums + 2 * band_count, keep(active & partly & ~clear, quiet));
    add_to(sums + 3 * band_count, keep(active & clear, quiet));
}

TUTTI_INLINE Band band_at(const CellConstants& c, int at) {
    return {load(c.k + at), load(c.threshold + at), load(c.g + at),     load(c.alpha + at),
            load(c.a + at), load(c.g_per_a + at),   load(c.floor + at), load(c.at_threshold + at)};
}

TUTTI_INLINE Pair pair_at(const float* target, const float* masker, const Band& band, int at) {
    Pair e;
    e.target = load(target + at);
    e.masker = load(masker + at);
    e.threshold = band.k * e.masker + band.threshold;
    e.per_threshold = per(e.threshold);
    e.ratio = e.target * e.per_threshold;
    return e;
}

TUTTI_INLINE void process_vector(const Cells& cells, int at) {
    const Band band = band_at(cells.constants, at);
    if (!any((load(cells.target[0] + at) > 0.0F) | (load(cells.target[1] + at) > 0.0F))) {
        for (int ear = 0; ear < 2; ++ear) {
            store(cells.clash[ear] + at, Vector{});
            store(cells.benefit[ear] + at, Vector{});
        }
        return;
    }
    Pair ears[2];
    Integers active{};
    Vector ratio{};
    for (int ear = 0; ear < 2; ++ear) {
        const Pair& e = ears[ear] = pair_at(cells.target[ear], cells.masker[ear], band, at);
        ratio = greatest(ratio, e.ratio);
        active |= (e.target > band.threshold) & (e.target >= cells.least_active);
    }
    const Vector margin_db = db_per_log2 * log2(greatest(ratio, splat(1e-30F)));
    const Vector severity =
        least(greatest(1.0F - margin_db * (1.0F / severe_range_db), Vector{}), splat(1.0F));
    float* const sums = cells.sums + at;
    const int rows = cells.band_count;
    Vector quiet{};
    for (int ear = 0; ear < 2; ++ear) {
        const Pair& e = ears[ear];
        const Heard in_ear = hear(cells, at, e, band);
        const Integers masked = active & (e.masker > least_masker);
        const Vector per_masker = per(greatest(e.masker, splat(least_masker)));
        store(cells.clash[ear] + at, keep(masked, severity * in_ear.quiet * per_masker));
        store(cells.benefit[ear] + at, keep(masked, -natural_per_db * in_ear.by_masker));
        add_to(sums + (HopSums::target + ear) * rows, keep(active, e.target));
        add_to(sums + (HopSums::threshold + ear) * rows, keep(active, e.threshold));
        add_to(sums + HopSums::partial * rows, in_ear.partial);
        add_to(sums + HopSums::self_cost * rows, natural_per_db * in_ear.by_target);
        quiet += in_ear.quiet;
    }
    count_audibility(sums + HopSums::audibility * rows, rows, active, ratio, quiet);
    if (any(active)) cells.is_active[at / 16] = 1;
}

inline void process_cells(const Cells& cells) {
    for (int at = 0; at < cells.band_count; at += width) process_vector(cells, at);
}

/// Derivatives and loudness in quiet are not asked for, so the compiler leaves them out.
inline void process_loudness(const LoudnessCells& cells) {
    for (int at = 0; at < cells.band_count; at += width) {
        if (!any((load(cells.target[0] + at) > 0.0F) | (load(cells.target[1] + at) > 0.0F))) continue;
        const Band band = band_at(cells.constants, at);
        for (int ear = 0; ear < 2; ++ear) {
            const Pair e = pair_at(cells.target[ear], cells.masker[ear], band, at);
            Vector partial = heard(e, band).partial;
            if (any(e.target + e.masker > loudest)) hear_loud(cells, at, e, partial);
            add_to(cells.partial + at, keep(e.target > 0.0F, partial));
        }
    }
}

inline void add_rows(const float* const* rows, int row_count, int band_count, float* out) {
    for (int at = 0; at < band_count; at += width) {
        Vector sum{};
        for (int i = 0; i < row_count; ++i) sum += load(rows[i] + at);
        store(out + at, sum);
    }
}

inline float greatest_of(const float* row, int count) {
    Vector all{};
    for (int at = 0; at < count; at += width) all = greatest(all, load(row + at));
    float most = 0.0F;
    for (int i = 0; i < width; ++i) most = all[i] > most ? all[i] : most;
    return most;
}

inline void transpose(const float* const* rows, int row_count, int band_count, const int* places, float* out,
                      int columns) {
    for (int first = 0; first < columns; first += width) {
        for (int at = 0; at < band_count; at += width) {
            Vector block[width] = {};
            for (int i = 0; i < width; ++i) {
                if (first + i < row_count) block[i] = load(rows[first + i] + at);
            }
            transpose(block);
            for (int i = 0; i < width; ++i) {
                store(out + static_cast<std::ptrdiff_t>(places[at + i]) * columns + first, block[i]);
            }
        }
    }
}

inline void spread(const float* row, const BandGroup* groups, int group_count, float* out) {
    for (const BandGroup* group = groups; group < groups + group_count; ++group) {
        for (int i = 0; i < group->count; i += 16) {
            for (int lane = i; lane < i + 16; lane += width) {
                store_past_cache(out + group->place + lane, load_anywhere(row + group->first + lane));
            }
        }
    }
}

inline constexpr MaskingCellKernels cells{
    process_cells, process_loudness, add_rows, greatest_of, transpose, spread, finish_stores_past_cache};

}  // namespace

}  // namespace tutti::cpu::TUTTI_LEVEL
