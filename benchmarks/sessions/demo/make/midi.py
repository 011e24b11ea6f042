"""Parts of music and the bytes of a Standard MIDI File (MIDI 1.0, format 1)."""

import random
import re
import struct
from dataclasses import dataclass, field

TICKS_PER_BEAT = 480
_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def pitch(name):
    """The MIDI number of a note name: C4 is 60."""
    step, accidental, octave = re.fullmatch(r"([A-G])([#b]?)(-?\d)", name).groups()
    return _STEPS[step] + {"#": 1, "b": -1, "": 0}[accidental] + 12 * (int(octave) + 1)


@dataclass
class Note:
    beat: float
    length: float  # in beats
    pitch: int
    velocity: int


@dataclass
class Part:
    """What one player plays. `drums` is General MIDI's channel 10; `loose_ms` is how far the player is off the grid."""

    name: str
    program: int = 0  # General MIDI, counted from 0
    drums: bool = False
    loose_ms: float = 4.0
    notes: list = field(default_factory=list)
    controls: list = field(default_factory=list)  # (beat, controller, value)
    bends: list = field(default_factory=list)  # (beat, semitones), within +-2

    def play(self, bar, line, velocity=90, legato=0.95, transpose=0):
        """Adds a line of notes from the start of `bar` on: "D5:1.5 -:0.5 E5!110 F4,A4,C5:2" (pitch, beats, velocity;
        commas make chords, a dash is a rest, a length stays until the next). Returns the beat where it ends."""
        beat, length = 4.0 * bar, 1.0
        for token in line.split():
            if token == "|":
                continue
            names, length_text, loudness = re.fullmatch(r"([^:!]+)(?::([\d.]+))?(?:!(\d+))?", token).groups()
            length = float(length_text) if length_text else length
            if names != "-":
                for name in names.split(","):
                    self.notes.append(Note(beat, length * legato, pitch(name) + transpose, int(loudness or velocity)))
            beat += length
        return beat

    def hit(self, key, beats, velocity=100, length=1.0):
        """Adds drum strokes: beats are numbers, or pairs of a beat and its own velocity."""
        for stroke in beats:
            beat, loudness = stroke if isinstance(stroke, tuple) else (stroke, velocity)
            self.notes.append(Note(beat, length, key, loudness))

    def swell(self, controller, *points, step=0.125):
        """Moves a controller along straight lines through (beat, value) points."""
        for (beat, value), (next_beat, next_value) in zip(points, points[1:]):
            count = max(1, round((next_beat - beat) / step))
            for i in range(count):
                self.controls.append((beat + i * step, controller, round(value + (next_value - value) * i / count)))
        self.controls.append((points[-1][0], controller, points[-1][1]))

    def scoop(self, beat, semitones=-1.0, length=0.18):
        """Slides into a note from below (or above); bent a little before the beat, for the player may be early."""
        self.bends.append((beat - 0.06, semitones))
        for i in range(1, 9):
            self.bends.append((beat + length * i / 8, semitones * (1 - i / 8)))


def _variable_length(value):
    out = [value & 0x7F]
    while value := value >> 7:
        out.insert(0, (value & 0x7F) | 0x80)
    return bytes(out)


def _chunk(tag, body):
    return tag + struct.pack(">I", len(body)) + body


def _track(events, end_tick):
    """events: (tick, order, bytes). At one tick, controllers come before note ends, these before note starts."""
    body, now = b"", 0
    for tick, _, data in sorted(events, key=lambda event: event[:2]) + [(end_tick, 9, b"\xff\x2f\x00")]:
        body += _variable_length(tick - now) + data
        now = tick
    return _chunk(b"MTrk", body)


def _part_events(part, channel, bpm, end_tick):
    """Notes a little off the grid and not all alike, the same in every run: the dice are seeded by the part's name."""
    dice = random.Random(part.name)
    ticks_per_ms = TICKS_PER_BEAT * bpm / 60000.0
    events = [(0, 0, b"\xff\x03" + _variable_length(len(part.name)) + part.name.encode())]
    if not part.drums:
        events.append((0, 1, bytes([0xC0 | channel, part.program])))
    for beat, controller, value in part.controls:
        events.append((round(beat * TICKS_PER_BEAT), 2, bytes([0xB0 | channel, controller, value])))
    for beat, semitones in part.bends:
        bend = min(16383, max(0, 8192 + round(semitones / 2.0 * 8192)))
        events.append((round(beat * TICKS_PER_BEAT), 2, bytes([0xE0 | channel, bend & 0x7F, bend >> 7])))
    strokes = []
    for note in sorted(part.notes, key=lambda n: (n.beat, n.pitch)):
        shift = dice.gauss(0.0, part.loose_ms) * ticks_per_ms
        start = max(0, round(note.beat * TICKS_PER_BEAT + shift))
        velocity = min(127, max(1, round(note.velocity + dice.gauss(0.0, 4.0))))
        strokes.append((note.pitch, start, round(note.length * TICKS_PER_BEAT), velocity))
    strokes.sort()
    for stroke, after in zip(strokes, strokes[1:] + [None]):
        key, start, length, velocity = stroke
        if after and after[0] == key:  # a note's end must not cut the next one of the same pitch
            length = min(length, after[1] - start - 2)
        events.append((min(end_tick, start + max(1, length)), 3, bytes([0x80 | channel, key, 64])))
        events.append((start, 4, bytes([0x90 | channel, key, velocity])))
    return events


def midi_file(title, bpm, parts, length_beats):
    """A whole file. More than 16 parts are spread over MIDI ports, as sequencers do."""
    tempo = struct.pack(">I", round(60e6 / bpm))[1:]
    end_tick = round(length_beats * TICKS_PER_BEAT)
    conductor = [
        (0, 0, b"\xff\x03" + _variable_length(len(title)) + title.encode()),
        (0, 1, b"\xff\x51\x03" + tempo),
        (0, 1, b"\xff\x58\x04\x04\x02\x18\x08"),
    ]
    tracks = [_track(conductor, end_tick)]
    melodic = [channel for channel in range(16) if channel != 9]
    melodic_count = drums_count = 0
    for part in parts:
        if part.drums:
            port, channel = drums_count, 9
            drums_count += 1
        else:
            port, channel = divmod(melodic_count, len(melodic))
            channel = melodic[channel]
            melodic_count += 1
        events = _part_events(part, channel, bpm, end_tick)
        events.append((0, 0, b"\xff\x21\x01" + bytes([port])))
        tracks.append(_track(events, end_tick))
    header = struct.pack(">HHH", 1, len(tracks), TICKS_PER_BEAT)
    return _chunk(b"MThd", header) + b"".join(tracks)
