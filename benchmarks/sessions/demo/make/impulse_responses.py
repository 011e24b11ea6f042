"""Impulse responses of two spaces that were never built: a shoebox room and a steel plate.

The room: image sources (Allen & Berkley, "Image method for efficiently simulating small-room acoustics", JASA 65, 1979)
for what can be heard one by one, then noise of the same energy density where reflections run together.
The plate: the sum of its bending modes, struck at one point and picked up at two (Arcas & Chaigne, "On the quality of
plate reverberation", Applied Acoustics 71, 2010). Its echo density and its dispersion come from the physics: high
frequencies travel faster and arrive first.
"""

import numpy as np

SAMPLE_RATE_HZ = 48000
SPEED_OF_SOUND = 343.0  # m/s
OCTAVES_HZ = np.array([63, 125, 250, 500, 1000, 2000, 4000, 8000, 16000], dtype=float)

ROOM_RT60_S = np.array([0.72, 0.70, 0.66, 0.62, 0.60, 0.55, 0.48, 0.38, 0.27])
PLATE_RT60_S = np.array([2.5, 2.45, 2.3, 2.1, 2.0, 1.75, 1.3, 0.85, 0.45])


def at_frequency(by_octave, freq_hz):
    """A value given per octave band, read between the bands (linear over the logarithm of frequency)."""
    return np.interp(np.log2(np.maximum(freq_hz, 1.0)), np.log2(OCTAVES_HZ), by_octave)


def _octave_windows(bin_count):
    """[octave][bin]: zero-phase bands that add up to one everywhere."""
    freq_hz = np.arange(bin_count) * SAMPLE_RATE_HZ / (2.0 * (bin_count - 1))
    edges = np.eye(len(OCTAVES_HZ))
    position = np.stack([at_frequency(row, freq_hz) for row in edges])
    return np.sin(0.5 * np.pi * position) ** 2


def _images(size_m, source_m, microphone_m, reach_m):
    """Distances and directions of a source's mirror images as seen by the microphone; the first is the source itself."""
    axes = []
    for length, source in zip(size_m, source_m):
        order = np.arange(-int(reach_m / (2 * length)) - 1, int(reach_m / (2 * length)) + 2)
        axes.append(np.concatenate([2 * order * length + source, 2 * order * length - source]))
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3) - np.asarray(microphone_m)
    distance = np.linalg.norm(grid, axis=1)
    nearest = np.argsort(distance)
    nearest = nearest[distance[nearest] < reach_m]
    return distance[nearest], grid[nearest] / distance[nearest, None]


def room(size_m, source_m, microphones_m, aims, rt60_s, length_s, seed, with_direct=False):
    """[frame][microphone]. Cardioid microphones along `aims`; frame 0 is when the direct sound arrives at the nearest."""
    frame_count = int(length_s * SAMPLE_RATE_HZ)
    fft_size = 2 * frame_count
    windows = _octave_windows(fft_size // 2 + 1)
    time_s = np.arange(frame_count) / SAMPLE_RATE_HZ
    mixing_s, done_s = 0.012, 0.060  # single reflections fade into noise between these
    fade = np.clip((time_s - mixing_s) / (done_s - mixing_s), 0.0, 1.0)
    dice = np.random.default_rng(seed)
    nearest_m = min(np.linalg.norm(np.subtract(m, source_m)) for m in microphones_m)
    density = 4.0 * np.pi * SPEED_OF_SOUND / (np.prod(size_m) * SAMPLE_RATE_HZ)  # energy per frame of all images, at 1/r
    cardioid_diffuse = 1.0 / 3.0  # energy a cardioid takes from all around

    out = np.zeros((frame_count, len(microphones_m)))
    for channel, (microphone, aim) in enumerate(zip(microphones_m, aims)):
        distance, direction = _images(size_m, source_m, microphone, SPEED_OF_SOUND * done_s + nearest_m)
        aim = np.asarray(aim) / np.linalg.norm(aim)
        gain = 0.5 * (1.0 + direction @ aim) / distance
        if not with_direct:
            gain[0] = 0.0
        # A hand's breadth of scatter: walls of a studio are not mirrors.
        arrival_s = (distance - nearest_m) / SPEED_OF_SOUND
        arrival_s[1:] += np.abs(dice.normal(0.0, 0.0004, len(distance) - 1))
        frame = np.round(arrival_s * SAMPLE_RATE_HZ).astype(int)
        inside = frame < frame_count
        spectrum = np.zeros(fft_size // 2 + 1, dtype=complex)
        for window, rt60 in zip(windows, rt60_s):
            early = np.bincount(frame[inside], gain[inside] * 10.0 ** (-3.0 * arrival_s[inside] / rt60), frame_count)
            late = dice.normal(0.0, np.sqrt(density * cardioid_diffuse), frame_count) * 10.0 ** (-3.0 * time_s / rt60)
            both = early * np.cos(0.5 * np.pi * fade) + late * np.sin(0.5 * np.pi * fade)
            spectrum += window * np.fft.rfft(both, fft_size)
        out[:, channel] = np.fft.irfft(spectrum * _highpass(35.0, fft_size), fft_size)[:frame_count]
    return _ease_out(out, 0.02)


def _highpass(freq_hz, fft_size):
    """Second-order Butterworth, on the bins of a real FFT."""
    s = 1j * np.fft.rfftfreq(fft_size, 1.0 / SAMPLE_RATE_HZ) / freq_hz
    return s**2 / (s**2 + np.sqrt(2.0) * s + 1.0)


def _ease_out(response, fade_s):
    count = int(fade_s * SAMPLE_RATE_HZ)
    response[-count:] *= (0.5 + 0.5 * np.cos(np.pi * np.arange(count) / count))[:, None]
    return response


def plate(length_s, seed):
    """[frame][pick-up] of a steel plate, 2.03 m by 0.97 m and half a millimetre thick."""
    width_m, height_m, thickness_m = 2.03, 0.97, 0.0005
    young_pa, density_kg_m3, poisson = 2.0e11, 7850.0, 0.3
    stiffness = thickness_m * np.sqrt(young_pa / (12.0 * density_kg_m3 * (1.0 - poisson**2)))  # m^2/s
    driver_m = (0.37 * width_m, 0.59 * height_m)
    pickups_m = [(0.113 * width_m, 0.31 * height_m), (0.827 * width_m, 0.71 * height_m)]

    # Simply supported edges (Leissa, Vibration of Plates, NASA SP-160, eq. 4.20).
    m, n = np.meshgrid(np.arange(1, 420), np.arange(1, 210), indexing="ij")
    freq_hz = 0.5 * np.pi * stiffness * ((m / width_m) ** 2 + (n / height_m) ** 2)
    heard = (freq_hz > 40.0) & (freq_hz < 20000.0)
    m, n, freq_hz = m[heard], n[heard], freq_hz[heard]
    # The modes of a perfect rectangle are squares on a grid and would all meet again (an echo); springs and seams of a
    # real one move each a little.
    freq_hz = freq_hz + np.random.default_rng(seed).normal(0.0, 2.0 + 4e-4 * freq_hz)

    def shape(point_m):
        return np.sin(m * np.pi * point_m[0] / width_m) * np.sin(n * np.pi * point_m[1] / height_m)

    roll_off = 1.0 / (1.0 + (freq_hz / 14000.0) ** 8)
    amplitude = np.stack([shape(driver_m) * shape(point) * roll_off for point in pickups_m])
    pole = -np.log(1000.0) / at_frequency(PLATE_RT60_S, freq_hz) + 2j * np.pi * freq_hz

    # Velocity after a blow: a cosine per mode, summed block by block as a matrix product.
    block = 480
    turn = np.exp(pole[:, None] * np.arange(block) / SAMPLE_RATE_HZ)
    blocks = [((amplitude * np.exp(pole * start / SAMPLE_RATE_HZ)) @ turn).real
              for start in range(0, int(length_s * SAMPLE_RATE_HZ), block)]
    response = np.concatenate(blocks, axis=1).T
    fft_size = 2 * len(response)
    spectrum = np.fft.rfft(response, fft_size, axis=0) * _highpass(60.0, fft_size)[:, None]
    return _ease_out(np.fft.irfft(spectrum, fft_size, axis=0)[: len(response)], 0.15)


def demo_room():
    """Where the session's short reverb stands: two microphones, 60 cm apart, in a room for a string quartet."""
    return room(size_m=(7.3, 5.4, 3.3), source_m=(2.9, 1.4, 1.3), microphones_m=[(3.2, 4.1, 1.9), (3.8, 4.1, 1.9)],
                aims=[(-1.0, -1.0, 0.1), (1.0, -1.0, 0.1)], rt60_s=ROOM_RT60_S, length_s=0.8, seed=1)


def demo_plate():
    return plate(length_s=2.6, seed=2)


def studio():
    """The live room that the drum kit stands in, heard by its pair of room microphones, direct sound and all."""
    return room(size_m=(8.6, 6.3, 3.7), source_m=(4.1, 1.3, 0.8), microphones_m=[(2.6, 4.4, 1.7), (5.7, 4.3, 1.7)],
                aims=[(0.3, -1.0, 0.0), (-0.3, -1.0, 0.0)], rt60_s=0.75 * ROOM_RT60_S, length_s=0.6, seed=3, with_direct=True)
