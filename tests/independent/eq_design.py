"""EQ bands as finite impulse responses, from what host/eq.hpp and host/eq_prototypes.hpp say about them.

Naive on purpose: the magnitude on one dense grid, its minimum phase from one long cepstrum.
"""

import numpy as np
from scipy import fft

GRID = 1 << 21  # points around the unit circle: 0.023 Hz apart at 48 kHz
STOP_BAND_FLOOR = 10.0 ** (-140.0 / 10.0)  # added to |H|^2 of a highpass or lowpass
CUT_ENERGY = 1e-17  # of a response's energy: what may be left out of it
REFINED_CELLS = 32  # on each side of a zero of the magnitude
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


def log_magnitude(band, rate_hz):
    """ln |H| at GRID/2 + 1 frequencies from 0 to Nyquist.

    Next to a zero of |H| one value cannot stand for the whole grid cell: there it is the cell's mean, which
    keeps the phase that is derived from it right.
    """
    spacing = rate_hz / GRID
    freq_hz = np.arange(GRID // 2 + 1) * spacing
    with np.errstate(divide="ignore"):
        log = 0.5 * np.log(power(band, eased(freq_hz, rate_hz)))
    offsets = ((np.arange(POINTS_PER_CELL) + 0.5) / POINTS_PER_CELL - 0.5) * spacing
    lowest = int(np.argmin(log))
    for k in {*range(REFINED_CELLS), *range(lowest - REFINED_CELLS, lowest + REFINED_CELLS + 1)}:
        if 0 <= k < GRID // 2:
            log[k] = np.mean(0.5 * np.log(power(band, eased(np.abs(k * spacing + offsets), rate_hz))))
    return log


def minimum_phase(log):
    """The causal response whose log magnitude is `log` and whose phase is the least."""
    cepstrum = fft.irfft(log)
    cepstrum[1 : GRID // 2] *= 2.0
    cepstrum[GRID // 2 + 1 :] = 0.0
    taps = fft.irfft(np.exp(fft.rfft(cepstrum)))
    left = np.cumsum(taps[::-1] ** 2)[::-1]
    return taps[: max(1, int(np.count_nonzero(left > CUT_ENERGY * left[0])))]


def zero_phase(log, longest_half):
    """The symmetric response whose magnitude is exp(log); its middle is the instant 0."""
    half = fft.irfft(np.exp(log))[: GRID // 2]
    left = np.cumsum(half[::-1] ** 2)[::-1]
    count = min(longest_half, max(1, int(np.count_nonzero(left > CUT_ENERGY * left[0]))))
    return np.concatenate([half[count:0:-1], half[: count + 1]])


def design(insert, rate_hz, longest_half):
    """(taps, index of the tap at the instant 0) of an eq insert."""
    log = np.zeros(GRID // 2 + 1)
    for band in insert.get("bands", []):
        log += log_magnitude(band, rate_hz)
    if not log.any():
        return np.ones(1), 0
    if insert.get("phase", "minimum") == "minimum":
        return minimum_phase(log), 0
    taps = zero_phase(log, longest_half)
    return taps, len(taps) // 2
