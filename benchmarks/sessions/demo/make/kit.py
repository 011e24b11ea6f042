"""A drum kit and the microphones around it.

Pieces and microphones are points; a microphone hears every piece later with distance, softer with distance and off its
axis (a cardioid). So the stems leak into each other as those of a real session do, and the times between them are true.
"""

from dataclasses import dataclass

import numpy as np

from audio import SAMPLE_RATE_HZ, convolve, high_shelf, highpass, lowpass, shape

SPEED_OF_SOUND = 343.0

# Metres, seen by the audience: x to the right, y towards the audience, z up. The drummer sits at the back.
PIECES = {
    "kick": (0.00, 0.35, 0.30),
    "snare": (0.25, 0.00, 0.65),
    "hihat": (0.62, 0.05, 0.90),
    "tom_high": (0.20, 0.42, 0.95),
    "tom_mid": (-0.20, 0.42, 0.93),
    "tom_floor": (-0.60, 0.00, 0.62),
    "ride": (-0.70, 0.45, 1.10),
    "crash_left": (-0.95, 0.55, 1.40),
    "crash_right": (0.80, 0.55, 1.35),
}


@dataclass
class Microphone:
    place: tuple
    aim: str  # the piece it points at
    shell_db: float = 0.0  # inside a drum: how much softer everything else comes
    inverted: bool = False  # sees the skin move the other way
    tone: tuple = ()


CLOSE = {
    "kick_in": Microphone((0.00, 0.45, 0.32), "kick", -14, tone=(high_shelf(3000, 8), highpass(30))),
    "kick_out": Microphone((0.05, 0.95, 0.30), "kick", -3, tone=(lowpass(3500), high_shelf(150, -6))),
    "snare_top": Microphone((0.33, 0.10, 0.73), "snare"),
    "snare_bottom": Microphone((0.30, 0.04, 0.52), "snare", -2, inverted=True, tone=(highpass(280), high_shelf(4000, 9))),
    "hihat": Microphone((0.72, 0.02, 1.05), "hihat", tone=(highpass(150),)),
    "tom_high": Microphone((0.22, 0.50, 1.03), "tom_high"),
    "tom_mid": Microphone((-0.22, 0.50, 1.01), "tom_mid"),
    "tom_floor": Microphone((-0.64, 0.09, 0.71), "tom_floor"),
}
OVERHEADS = (Microphone((-0.75, 0.15, 1.95), "ride"), Microphone((0.75, 0.15, 1.95), "hihat"))


def hear(microphone, pieces):
    """pieces: name -> mono signal. What this microphone picks up, mono."""
    out = np.zeros(len(next(iter(pieces.values()))))
    place = np.array(microphone.place)
    axis = np.array(PIECES[microphone.aim]) - place
    axis /= np.linalg.norm(axis)
    for name, signal in pieces.items():
        way = np.array(PIECES[name]) - place
        distance = np.linalg.norm(way)
        gain = 0.5 * (1.0 + way @ axis / distance) / max(distance, 0.1)
        if name != microphone.aim:
            gain *= 10.0 ** (microphone.shell_db / 20.0)
        delay = round(distance / SPEED_OF_SOUND * SAMPLE_RATE_HZ)
        out[delay:] += gain * signal[: len(signal) - delay]
    for response in microphone.tone:
        out = shape(out, response)
    return -out if microphone.inverted else out


def stems(pieces, studio):
    """name -> signal of every close microphone, of the overheads and of the room (pairs); studio: the room's response."""
    out = {name: hear(microphone, pieces) for name, microphone in CLOSE.items()}
    out["overheads"] = np.stack([hear(microphone, pieces) for microphone in OVERHEADS], axis=1)
    out["room"] = convolve(sum(pieces.values()), studio)
    return out
