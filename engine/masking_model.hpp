#pragma once

namespace tutti {

/// The model of hearing behind excitation, partial loudness and masking: formulas and published constants, in
/// double. Sources: Glasberg & Moore, Hear. Res. 47 (1990) 103-138 (ERB, roex); Moore, Glasberg & Baer, J.
/// Audio Eng. Soc. 45 (1997) 224-240 (loudness, partial loudness); ANSI S3.4-2007 (ear transfer, constants).
/// All excitations are linear powers relative to that of a 1 kHz tone at 0 dB SPL in a free field.

/// Number of auditory filters (ERBs) below a frequency: 21.366 lg(0.004368 f + 1).
double hz_to_cam(double hz);
double cam_to_hz(double cam);

/// Equivalent rectangular bandwidth of the filter at a frequency, in Hz: 24.673 (0.004368 f + 1).
double erb_hz(double hz);

/// How the sound reaches the ears: from the front in a free field, from everywhere, or measured at the
/// eardrum.
enum class SoundField { free, diffuse, eardrum };

/// Outer and middle ear together, in dB, at a frequency: linear in dB over Hz between the tabulated points.
double ear_transfer_db(SoundField field, double hz);

/// The upper slope of the roex filter centred at a frequency, 4 fc / ERB(fc): for components at and above fc.
double roex_upper_slope(double centre_hz);

/// The lower slope, for components below the centre: falls as the component's level per ERB rises; never
/// under 0.1.
double roex_lower_slope(double centre_hz, double level_db);

/// Relative distances g = |f - fc| / fc beyond this are outside the filter.
inline constexpr double roex_reach = 2.0;

/// (1 + p g) exp(-p g): the filter's power weight at relative distance g.
double roex_weight(double slope, double g);

/// Sone per Cam of one ear; both ears add.
inline constexpr double loudness_scale = 0.046871;

/// One auditory band's constants.
struct BandConstants {
    double threshold = 0.0;  ///< E_THRQ: excitation at the absolute threshold
    double k = 0.0;          ///< K: signal-to-masker ratio at the masked threshold
    double g = 0.0;          ///< low-level gain of the cochlear amplifier, relative to that at 500 Hz
    double alpha = 0.0;
    double a = 0.0;
};
BandConstants band_constants(double centre_hz);

/// Specific loudness in quiet, sone per Cam (MGB equations 5-9).
double specific_loudness(double excitation, const BandConstants& band);

/// Specific loudness of a target beside a masker, sone per Cam (MGB equations 17-20).
double partial_loudness(double target, double masker, const BandConstants& band);

/// What partial_loudness() gains per unit of masker excitation: its derivative, not above 0.
double partial_loudness_by_masker(double target, double masker, const BandConstants& band);

/// What partial_loudness() gains per unit of the target's own excitation, the masker's staying.
double partial_loudness_by_target(double target, double masker, const BandConstants& band);

/// E / (K E_masker + E_THRQ): below 1 the target is under its masked threshold.
double audibility(double target, double masker, const BandConstants& band);

/// Loudness level in phon of a loudness in sone (ANSI S3.4-2007: by the loudness of a 1 kHz tone), and back.
/// Both are over 0 phon; less is 0 phon.
double sone_to_phon(double sone);
double phon_to_sone(double phon);

}  // namespace tutti
