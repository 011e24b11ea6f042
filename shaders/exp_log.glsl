// Logarithms and powers that keep their digits where they are small, from sums, products and bits alone: Vulkan promises
// no more of log2() than 2^-21 near 1, and lets pow() be off by as much as it likes for sums that nearly cancel.

/// log2(1 + x), x >= 0: within 3e-7 relative.
float log2_1p(float x) {
    // 1 + x = 2^exponent (1 + f), f in [sqrt(1/2) - 1, sqrt(2) - 1)
    const uint bits = floatBitsToUint(1.0 + x);
    const int exponent = (int(bits) - 0x3f3504f3) >> 23;
    const float f = exponent == 0 ? x : uintBitsToFloat(bits - uint(exponent << 23)) - 1.0;
    // A minimax polynomial of log2(1 + f) / f: 2.6e-8 relative.
    float p = 1.258364455e-01 * f - 2.072694658e-01;
    p = p * f + 2.157156894e-01;
    p = p * f - 2.389448666e-01;
    p = p * f + 2.879162444e-01;
    p = p * f - 3.607036807e-01;
    p = p * f + 4.809106430e-01;
    p = p * f - 7.213473468e-01;
    p = p * f + 1.442695004;
    return float(exponent) + p * f;
}

/// 2^y - 1, -126 <= y <= 126: within 2e-7 relative.
float exp2_m1(float y) {
    const float whole = roundEven(y);
    const float t = y - whole;
    const float scale = uintBitsToFloat(uint(int(whole) + 127) << 23);
    // A minimax polynomial of (2^t - 1) / t, |t| <= 1/2.
    float p = 1.540351113e-04 * t + 1.339073547e-03;
    p = p * t + 9.618237499e-03;
    p = p * t + 5.550357434e-02;
    p = p * t + 2.402264979e-01;
    p = p * t + 6.931471879e-01;
    return scale * (p * t) + (scale - 1.0);
}
