"""Sound in and out: the sampler, simple filters, and audio files. Signals are float64, [frame] or [frame][channel]."""

import subprocess
import tempfile
from pathlib import Path

import numpy as np

SAMPLE_RATE_HZ = 48000


def play(midi_bytes, soundfont, frame_count):
    """[frame][2]: a MIDI file played by FluidSynth, with no reverb and no chorus."""
    with tempfile.TemporaryDirectory() as folder:
        score, sound = Path(folder, "part.mid"), Path(folder, "part.raw")
        score.write_bytes(midi_bytes)
        subprocess.run(["fluidsynth", "--quiet", "--no-shell", "--reverb=0", "--chorus=0", "--gain=1.0",
                        f"--sample-rate={SAMPLE_RATE_HZ}", "--audio-file-type=raw", "--audio-file-format=float",
                        "--audio-file-endian=little", f"--fast-render={sound}", str(soundfont), str(score)],
                       check=True, stdout=subprocess.DEVNULL)
        stereo = np.fromfile(sound, dtype="<f4").reshape(-1, 2).astype(float)[:frame_count]
    stereo = np.pad(stereo, ((0, frame_count - len(stereo)), (0, 0)))
    return shape(stereo, highpass(12.0))  # some samples of the set carry a constant offset



def to_mono(stereo):
    return stereo.mean(axis=1)


def shape(signal, response):
    """Filters by a frequency response: a function of the analogue frequency s/(2 pi), which is imaginary, in Hz."""
    fft_size = 1 << (len(signal) + SAMPLE_RATE_HZ).bit_length()
    s_hz = 1j * np.fft.rfftfreq(fft_size, 1.0 / SAMPLE_RATE_HZ)
    gain = response(s_hz) if signal.ndim == 1 else response(s_hz)[:, None]
    return np.fft.irfft(np.fft.rfft(signal, fft_size, axis=0) * gain, fft_size, axis=0)[: len(signal)]


def highpass(freq_hz):
    return lambda s: (s / freq_hz) ** 2 / ((s / freq_hz) ** 2 + np.sqrt(2.0) * s / freq_hz + 1.0)


def lowpass(freq_hz):
    return lambda s: 1.0 / ((s / freq_hz) ** 2 + np.sqrt(2.0) * s / freq_hz + 1.0)


def high_shelf(freq_hz, gain_db):
    root = 10.0 ** (gain_db / 40.0)  # first order, half the decibels at freq_hz
    return lambda s: (1.0 + s * root / freq_hz) / (1.0 + s / (root * freq_hz))


def convolve(mono, response):
    """[frame][channel]: every column of `response`, cut to the length of `mono`."""
    fft_size = 1 << (len(mono) + len(response) - 1).bit_length()
    product = np.fft.rfft(mono, fft_size)[:, None] * np.fft.rfft(response, fft_size, axis=0)
    return np.fft.irfft(product, fft_size, axis=0)[: len(mono)]


def to_peak(signal, peak_dbfs):
    return signal * (10.0 ** (peak_dbfs / 20.0) / np.max(np.abs(signal)))


def write(file, signal, bits=16):
    """Encodes by the file's name: .flac (rounded to `bits`, no dither, so that silence costs nothing) or .ogg (Vorbis)."""
    signal = signal.reshape(len(signal), -1)
    steps = np.round(signal * 2.0 ** (bits - 1)).astype("<i4")
    if np.max(np.abs(steps)) >= 2 ** (bits - 1):
        raise ValueError(f"{file.name}: over full scale")
    frames = steps.reshape(-1, 1).view("u1").reshape(-1, 4)[:, : bits // 8].tobytes()
    channels = str(signal.shape[1])
    if file.suffix == ".flac":
        command = ["flac", "--silent", "--best", "--force", f"--output-name={file}", "--force-raw-format", "--endian=little",
                   "--sign=signed", f"--bps={bits}", f"--channels={channels}", f"--sample-rate={SAMPLE_RATE_HZ}", "-"]
    else:  # a fixed serial number: the same bytes in every run
        command = ["oggenc", "--quiet", "--quality=5", "--serial=1", f"--output={file}", "--raw", f"--raw-bits={bits}",
                   f"--raw-chan={channels}", f"--raw-rate={SAMPLE_RATE_HZ}", "-"]
    subprocess.run(command, input=frames, check=True)
