"""EQ bands as finite impulse responses, from what host/eq.hpp and host/eq_prototypes.hpp say about them.

Naive on purpose: the magnitude on one dense grid, its minimum phase from one long cepstrum.
"""

import numpy as np
from scipy import fft

GRID = 1 << 21  # points around the unit circle: 0.023 Hz apart at 48 kHz
STOP_BAND_FLOOR = 10.0 ** (-140.0 / 10.0)  # added to |H|^2 of a highpass or lowpass
CUT_ENERGY = 1e-17  # of a response's energy: what may be left out of it
LOWEST_CELLS = 32
POINTS_PER_CELL = 4096


def eased(freq_hz, rate_hz):
    """Where a prototype is read for a frequency up to Nyquist."""
    start, width = 0.45 * rate_hz, 0.05 * rate_hz
    rising = start + width * (2.0 / np.pi) * np.sin(np.pi / 2.0 * (freq_hz - start) / width)
    return np.where(freq_hz > start, rising, freq_hz)


def power(band, freq_hz):
    """|H|^2 of a band's analogue prototype, with the stop band's floor."""
    shape = band["shape"]
    w = freq_hz / band["freq_hz"]
    a = 10.0 ** (band.get("gain_db", 0.0) / 40.0)
    q = band.get("q", 0.7071)
    order = band.get("slope_db_per_oct", 12) // 6
    if shape == "highpass":
        return w ** (2 * order) / (1.0 + w ** (2 * order)) + STOP_BAND_FLOOR
    if shape == "lowpass":
        return 1.0 / (1.0 + w ** (2 * order)) + STOP_BAND_FLOOR
    s = 1j * w
    over, under = {
        "bell": lambda: (s * s + s * a / q + 1, s * s + s / (a * q) + 1),
        "low_shelf": lambda: (a * (s * s + s * np.sqrt(a) / q + a), a * s * s + s * np.sqrt(a) / q + 1),
        "high_shelf": lambda: (a * (a * s * s + s * np.sqrt(a) / q + 1), s * s + s * np.sqrt(a) / q + a),
        "notch": lambda: (s * s + 1, s * s + s / q + 1),
        "bandpass": lambda: (s / q, s * s + s / q + 1),
        "tilt": lambda: (a * s + 1, s + a),
    }[shape]()
    return np.abs(over / under) ** 2


def log_magnitude(band, freq_hz, rate_hz):
    with np.errstate(divide="ignore"):
        return 0.5 * np.log(power(band, eased(np.abs(freq_hz), rate_hz)))


def grid_hz(rate_hz):
    return np.arange(GRID // 2 + 1) * (rate_hz / GRID)


def mean_at_dc(band, rate_hz):
    """The means of ln |H| in the lowest cells of the grid: no single value stands for a zero's cell."""
    spacing = rate_hz / GRID
    offsets = ((np.arange(POINTS_PER_CELL) + 0.5) / POINTS_PER_CELL - 0.5) * spacing
    return [np.mean(log_magnitude(band, k * spacing + offsets, rate_hz)) for k in range(LOWEST_CELLS)]


def zeros_on_the_circle(band, rate_hz):
    """A notch's pair of zeros as a polynomial in 1/z, at every frequency of the grid; else 1."""
    start, width = 0.45 * rate_hz, 0.05 * rate_hz
    beyond = max(0.0, band["freq_hz"] - start) * np.pi / (2.0 * width)
    if band["shape"] != "notch" or beyond > 1.0:
        return 1.0
    zero_hz = start + width * 2.0 / np.pi * np.arcsin(beyond) if beyond else band["freq_hz"]
    delay = np.exp(-2j * np.pi * grid_hz(rate_hz) / rate_hz)
    return 1.0 - 2.0 * np.cos(2.0 * np.pi * zero_hz / rate_hz) * delay + delay**2


def least_phase(band, points, rate_hz):
    """The band's minimum phase: the Hilbert transform of ln |H|, a notch's zeros apart."""
    zeros = zeros_on_the_circle(band, rate_hz)
    with np.errstate(divide="ignore", invalid="ignore"):
        log = points - np.log(np.abs(zeros))
    hit = np.flatnonzero(~np.isfinite(log[1:])) + 1
    log[hit] = 0.5 * (log[hit - 1] + log[hit + 1])
    if band["shape"] in ("highpass", "bandpass"):
        log[:LOWEST_CELLS] = mean_at_dc(band, rate_hz)
    cepstrum = fft.irfft(log)
    cepstrum[1 : GRID // 2] *= 2.0
    cepstrum[GRID // 2 + 1 :] = 0.0
    return fft.rfft(cepstrum).imag + np.angle(zeros)


def cut(taps):
    """Taps without the end that holds next to no energy."""
    left = np.cumsum(taps[::-1] ** 2)[::-1]
    return taps[: max(1, int(np.count_nonzero(left > CUT_ENERGY * left[0])))]


def design(insert, rate_hz, longest_half):
    """(taps, index of the tap at the instant 0) of an eq insert."""
    log, phase = 0.0, 0.0
    for band in insert.get("bands", []):
        points = log_magnitude(band, grid_hz(rate_hz), rate_hz)
        log = log + points
        if insert.get("phase", "minimum") == "minimum":
            phase = phase + least_phase(band, points, rate_hz)
    if not np.any(log):
        return np.ones(1), 0
    response = fft.irfft(np.exp(log) * np.exp(1j * phase))
    if insert.get("phase", "minimum") == "minimum":
        # The slow end of a cepstrum that has a zero near DC folds at half the grid and leaves an echo there.
        return cut(response[: GRID // 4]), 0
    half = cut(response[: GRID // 2])[: longest_half + 1]
    return np.concatenate([half[:0:-1], half]), len(half) - 1
