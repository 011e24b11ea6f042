// Loudness of one band of one ear (Moore, Glasberg & Baer, J. Audio Eng. Soc. 45 (1997) 224-240, equations 5-9 and
// 17-20), without the factor C that turns it into sone per Cam. Differences of f(x) = (g x + a)^alpha are taken as
// f(x + d) - f(x) = f(x) (2^(alpha log2(1 + g d / (g x + a))) - 1), so that they keep their digits.

const float loudest_excitation = 1e10;  // above it f(x) is 1.0707^-0.2 x^0.2
const float loud_scale = 0.98643038;

/// f() of a loud excitation, not below 1, without the scale.
float loud(float excitation) { return 1.0 + exp2_m1(0.2 * log2_1p(excitation - 1.0)); }

float specific_loudness(MaskingBand band, float excitation) {
    if (excitation > loudest_excitation) return loud_scale * loud(excitation);
    const float loudness = band.silence * exp2_m1(band.alpha * log2_1p(band.g * excitation / band.a));
    if (excitation >= band.threshold) return loudness;
    const float u = 2.0 * excitation / (excitation + band.threshold);
    return loudness * u * sqrt(u);
}

struct PartialLoudness {
    float loudness;
    float by_masker;        // derivative by the masker's excitation, not above 0
    float by_target_ratio;  // derivative by the logarithm of the target's
};

/// Equations 17 and 19: the target is over its masked threshold. None of the loudness's three terms is below 0.
PartialLoudness loudness_above(MaskingBand band, float target, float masker, float threshold, bool is_loud) {
    const float detectable = band.silence + band.detected;  // f(absolute threshold)
    float rise = detectable * exp2_m1(band.alpha * log2_1p(band.g * masker * (1.0 + band.k) /
                                                          (band.g * band.threshold + band.a)));
    float noise = detectable + rise;  // f(masker + threshold)
    if (is_loud) {
        band.g = 1.0;
        band.alpha = 0.2;
        band.a = 0.0;
        noise = loud(masker + threshold);
        rise = noise - band.detected;
    }
    const float base = band.g * (masker + threshold) + band.a;
    const float over = target - threshold;
    const float added = noise * exp2_m1(band.alpha * log2_1p(band.g * over / base));
    const float less = exp2_m1(-0.3 * log2_1p(over / threshold));  // (threshold / target)^0.3 - 1
    const float slope_of_all = band.alpha * band.g * (noise + added) / (base + band.g * over);
    const float slope_of_noise = band.alpha * band.g * noise / base;
    const float released = 0.3 * (1.0 + less) * rise;
    return PartialLoudness(added - less * rise + band.detected,
                           min(0.0, slope_of_all - (1.0 + band.k) * (1.0 + less) * slope_of_noise -
                                        band.k / threshold * released),
                           target * slope_of_all + released);
}

/// Equations 18 and 20: the target is under its masked threshold.
PartialLoudness loudness_below(MaskingBand band, float target, float masker, float threshold, bool is_loud) {
    if (is_loud) {
        band.g = 1.0;
        band.alpha = 0.2;
        band.a = 0.0;
    }
    const float base = band.g * masker + band.a;
    const float target_octaves = log2_1p(band.g * target / base);
    const float threshold_octaves = log2_1p(band.g * threshold / base);
    const float target_rise = exp2_m1(band.alpha * target_octaves);  // f(masker + target) / f(masker) - 1
    const float threshold_rise = exp2_m1(band.alpha * threshold_octaves);
    const float u = 2.0 * target / (target + threshold);
    const float loudness = u * sqrt(u) * band.detected * target_rise / threshold_rise;
    const float unit = band.alpha * band.g / base;
    // f'(masker + target) / f'(masker) - 1, and (1 + k) f'(masker + threshold) / f'(masker) - 1
    const float target_slope = exp2_m1((band.alpha - 1.0) * target_octaves);
    const float threshold_slope = exp2_m1(band.log2_1p_k + (band.alpha - 1.0) * threshold_octaves);
    const float by_masker = unit * (target_slope / target_rise - threshold_slope / threshold_rise) -
                            1.5 * band.k / (target + threshold);
    const float by_target =
        1.5 * threshold / (target + threshold) + target * unit * (1.0 + target_slope) / target_rise;
    return PartialLoudness(loudness, loudness * min(0.0, by_masker), loudness * by_target);
}

PartialLoudness partial_loudness(MaskingBand band, float target, float masker) {
    const float threshold = band.k * masker + band.threshold;
    if (target < 1e-20) return PartialLoudness(0.0, 0.0, 0.0);
    const bool is_loud = target + masker > loudest_excitation;
    if (target < threshold) return loudness_below(band, target, masker, threshold, is_loud);
    PartialLoudness partial = loudness_above(band, target, masker, threshold, is_loud);
    if (is_loud) {  // in equation 20 it stands above and below the line
        partial.loudness *= loud_scale;
        partial.by_masker *= loud_scale;
        partial.by_target_ratio *= loud_scale;
    }
    return partial;
}
