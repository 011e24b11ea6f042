"""How far a mix is from its reference, and whether a delay or a gain explains it."""

import numpy as np
from scipy import fft


def rms(x):
    return float(np.sqrt(np.mean(np.square(x))))


def ratio_db(x, reference):
    return 20.0 * np.log10(max(rms(x), 1e-300) / max(rms(reference), 1e-300))


def fit(mix, reference):
    """(gain, delay in frames) for which gain * reference, delayed, comes nearest to the mix."""
    count = mix.shape[1]
    size = fft.next_fast_len(2 * count, real=True)
    angles = 2.0 * np.pi * np.arange(size // 2 + 1) / size
    of_mix, of_reference = fft.rfft(mix, size), fft.rfft(reference, size)
    correlation = fft.irfft(np.sum(of_mix * np.conj(of_reference), axis=0), size)
    whole = int(np.argmax(np.abs(correlation)))
    whole -= size if whole > size // 2 else 0
    # Around the whole delay: mix = gain * (reference - rest * its derivative), by least squares.
    shifted = of_reference * np.exp(-1j * angles * whole)
    moved = fft.irfft(shifted, size)[:, :count].ravel()
    slope = fft.irfft(1j * angles * shifted, size)[:, :count].ravel()
    (gain, moving), *_ = np.linalg.lstsq(np.stack([moved, slope], axis=1), mix.ravel(), rcond=None)
    return gain, whole - moving / gain, ratio_db(mix.ravel() - gain * moved - moving * slope, mix)


def by_octave(mix, reference, rate_hz):
    """(lower edge in Hz, residual relative to the whole mix in dB) of every octave."""
    difference = np.abs(fft.rfft(mix - reference)) ** 2
    whole = np.sum(np.abs(fft.rfft(mix)) ** 2)
    freq_hz = np.arange(difference.shape[1]) * rate_hz / mix.shape[1]
    edges = [0.0] + [rate_hz / 2.0**k for k in range(11, 0, -1)]
    for low, high in zip(edges, edges[1:]):
        inside = (freq_hz >= low) & (freq_hz < high)
        yield low, 10.0 * np.log10(max(np.sum(difference[:, inside]) / max(whole, 1e-300), 1e-40))
