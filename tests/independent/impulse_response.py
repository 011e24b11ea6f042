"""A convolution insert's impulse response, from what host/SESSION.md and host/impulse_response.hpp say."""

import numpy as np
import soundfile
from scipy import fft, optimize

FADE_S = 0.005


def peak_magnitude(taps):
    """The greatest magnitude: the highest bins of a padded FFT, then a search around them."""
    size = 1 << int(np.ceil(np.log2(8 * len(taps))))
    grid = np.abs(fft.rfft(taps, size))
    frames = np.arange(len(taps))

    def magnitude(angle):
        return np.abs(np.sum(taps * np.exp(-1j * angle * frames)))

    best = grid.max()
    for k in np.flatnonzero(grid > 0.98 * best)[:64]:
        angles = np.array([k - 1, k + 1]) * 2.0 * np.pi / size
        found = optimize.minimize_scalar(lambda w: -magnitude(w), bounds=angles, method="bounded",
                                         options={"xatol": 1e-6 * 2.0 * np.pi / size})
        best = max(best, -found.fun)
    return best


def read(insert, folder, rate_hz):
    """[channel][frame], 1, 2 or 4 channels, with the insert's trim, length, level and gain."""
    path = folder / insert["file"]
    samples, file_rate_hz = soundfile.read(path, dtype="float64", always_2d=True)
    if file_rate_hz != rate_hz:
        raise ValueError(f"{path}: at {file_rate_hz} Hz; a rate other than the session's is not supported")
    response = samples.T[:, round(insert.get("trim_start_ms", 0.0) * 1e-3 * rate_hz) :].copy()
    length = round(insert.get("length_s", 0.0) * rate_hz)
    if 0 < length < response.shape[1]:
        response = response[:, :length]
        fade = min(length, round(FADE_S * rate_hz))
        response[:, length - fade :] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(1, fade + 1) / (fade + 1))
    size = {
        "none": lambda: 1.0,
        "energy": lambda: max(np.sqrt(np.sum(channel**2)) for channel in response),
        "peak": lambda: max(peak_magnitude(channel) for channel in response),
    }[insert.get("normalize", "none")]()
    return response * 10.0 ** (insert.get("gain_db", 0.0) / 20.0) / size
