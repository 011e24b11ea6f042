#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/masking_grid.hpp"

namespace tutti {

class Rows;

/// Something heard as one: a track as it reaches the master, or a return. Left and right row are the ears; a
/// row named twice is analysed once.
struct ExcitationObject {
    std::array<int, 2> rows{-1, -1};
    /// [ear][component]: factors on the power, for what lies behind the rows (pan, a bus's EQ); empty: 1.
    std::array<std::vector<float>, 2> weights;
};

struct ExcitationPlan {
    int sample_rate_hz = 0;
    MaskingGrid grid;
    /// [component]: power at the cochlea, relative to 20 uPa squared, of a mean square of 1: calibration and
    /// outer and middle ear in one.
    std::vector<double> cochlea_gains;
    std::vector<ExcitationObject> objects;
    int most_slices = 0;  ///< that one process() is given
};

struct ExcitationsShape {
    int slice_count = 0;
    int object_count = 0;
    int band_count = 0;
};

/// Excitations of a tile of slices on a backend: [slice][ear][object][band], relative to that of a 1 kHz tone
/// at 0 dB SPL. Zero when made.
class Excitations {
  public:
    virtual ~Excitations() = default;
    virtual const ExcitationsShape& shape() const = 0;

    /// Slices first_slice, first_slice + 1, ... `values`: [slice][ear][object][band].
    virtual void write(int first_slice, std::span<const float> values) = 0;
    virtual void read(int first_slice, std::span<float> values) const = 0;
};

/// Excitation patterns of all objects. The filters' shapes follow the level of everything together, per slice
/// and ear, so that excitations add.
class Excitation {
  public:
    virtual ~Excitation() = default;

    /// Slices first_slice ... of the tile, from the windows centred at `centres`, frames of the rows' chunk
    /// (negative: the past). Every window has to lie inside history and chunk.
    virtual void process(const Rows& rows, std::span<const int> centres, Excitations& tile,
                         int first_slice) = 0;

    /// The same from powers at the cochlea, [slice][ear][object][component]; neither gains nor weights apply.
    virtual void process_powers(std::span<const float> powers, Excitations& tile, int first_slice) = 0;
};

/// Classes of audibility, by the margin over the masked threshold: below 0 dB, to 6, to 15, above.
enum class Audibility { inaudible, heavily_masked, partly_masked, clear };
inline constexpr int audibility_count = 4;

/// What of a MaskingTile is filled in.
enum class MaskingWork {
    everything,
    loudness,  ///< `loudness` and `partial` alone, in a third of the time; the other vectors are empty
};

struct MaskingPlan {
    MaskingGrid grid;
    int excitation_count = 0;  ///< objects of the Excitations it is given
    /// [object]: the excitations that add up to it, ascending: one each for tracks, several for groups of
    /// them.
    std::vector<std::vector<int>> objects;
    /// [object]: excitations that never mask it, ascending, besides its own: its returns, its sources.
    std::vector<std::vector<int>> relatives;
    double slice_s = 0.01;
    int hop_slices = 10;  ///< slices of one display hop
    int tile_slices = 0;  ///< of the Excitations; a multiple of hop_slices
    MaskingWork work = MaskingWork::everything;
};

/// What masking does in one tile, in host memory. Sums over slices are taken over both ears, times slice_s
/// and band_step_cam. A band of an object is "active" in a slice when, in at least one ear, it is over its
/// absolute threshold and at most 60 dB under the greatest excitation that the object has had so far in any
/// band and ear, this tile included. Its margin is 10 lg audibility(), in the ear where that is greater.
struct MaskingTile {
    int hop_count = 0;  ///< filled: the tile's, or fewer at the end; the last may have fewer slices
    /// [hop][object][display band]: 10 lg(sum E / sum(K E_masker + E_THRQ)) over active bands and slices, in
    /// the ear where that is greater; NaN where nothing is active.
    std::vector<float> margin_db;
    /// [hop][object][display band]: partial loudness of both ears, sone, mean over slices
    std::vector<float> loudness;
    std::vector<float> excitation;  ///< [hop][ear][excitation][display band]: mean over slices and bands
    /// [band group][target][masker excitation]: severity * specific loudness in quiet * the masker's share of
    /// E_masker, in sone seconds; share and loudness are each ear's own. Severity is 1 up to a margin of 0
    /// dB, 0 from 15 dB, and falls evenly in between. Active bands only. 0 for own excitations and relatives.
    std::vector<float> clash;
    /// [band group][target][masker excitation]: partial loudness gained per dB of cut on the masker, in sone
    /// seconds: -(ln 10 / 10) E_j dN'/dE_masker. Active bands only.
    std::vector<float> benefit;
    /// [band group][object]: partial loudness lost per dB of cut on itself: (ln 10 / 10) E dN'/dE. All bands.
    std::vector<float> self_cost;
    std::vector<float> partial;  ///< [band group][object]: partial loudness, sone seconds, all bands
    /// [band group][object][Audibility]: active bands and slices by margin, each counted by its specific
    /// loudness in quiet, sone seconds, so that what hardly sounds hardly counts.
    std::vector<float> audibility;

    MaskingTile() = default;
    explicit MaskingTile(const MaskingPlan& plan);
};

/// Who masks whom: excitations in, margins and sums out. Keeps the objects' greatest excitations between
/// tiles.
class Masking {
  public:
    virtual ~Masking() = default;

    /// The first `slice_count` slices of the tile; fewer than tile_slices only at the end.
    virtual void process(const Excitations& tile, int slice_count, MaskingTile& result) = 0;
};

/// Takes tiles as they are made, in order.
class MaskingSink {
  public:
    virtual ~MaskingSink() = default;
    virtual void take(const MaskingTile& tile) = 0;
};

/// Takes excitations of single slices, in order.
class SliceSink {
  public:
    virtual ~SliceSink() = default;
    /// [ear][object][band], see Excitations.
    virtual void take(std::span<const float> excitation) = 0;
};

}  // namespace tutti
