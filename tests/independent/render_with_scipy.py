#!/usr/bin/env python3
"""Renders a session in double precision with SciPy and compares a mix that Tutti rendered with it.

    tutti render session.toml -o mix.wav --bits 32f
    tests/independent/render_with_scipy.py session.toml mix.wav

Shares no code with Tutti: written from host/SESSION.md and the headers it leads to (host/pan.hpp,
host/eq.hpp, host/eq_prototypes.hpp, host/impulse_response.hpp, host/kernel.hpp). Everything linear is rendered; sessions
with dynamics, soloed strips or files at another sample rate are refused. `normalize = "peak"` is promised
within 0.01 dB only, so such a session needs --limit-db -58.

Exit: 0 when the residual is at most the limit (-100 dB relative to the mix's RMS), 1 when it is more, 2
when the session cannot be rendered here.

Needs python3 (3.11), python3-numpy, python3-scipy, python3-soundfile.
"""

import argparse
import pathlib
import sys
import tomllib

import numpy as np
import soundfile
from scipy import signal

import eq_design
import impulse_response
import residual

# Frames around the mix that are rendered with it: linear-phase EQ reaches that far into past and future.
LEAD_FRAMES = 1 << 18

FADER = {"gain_db", "pan", "pan_law_db", "mute", "insert"}
ROUTING = FADER | {"name", "solo", "group", "output", "send"}
KEYS = {
    "document": {"session", "track", "bus", "master"},
    "session": {"name", "sample_rate", "tail_s", "pan_law_db"},
    "track": ROUTING | {"file", "start_s", "trim_db", "polarity"},
    "bus": ROUTING | {"channels"},
    "master": FADER,
    "send": {"to", "gain_db", "tap", "pan"},
    "eq": {"type", "bypass", "phase", "bands"},
    "band": {"shape", "freq_hz", "gain_db", "q", "slope_db_per_oct"},
    "convolution": {"type", "bypass", "file", "predelay_ms", "mix", "gain_db", "trim_start_ms", "length_s",
                    "normalize"},
    "delay": {"type", "bypass", "delay_ms"},
    "gain": {"type", "bypass", "gain_db", "polarity"},
}


def refuse(text):
    print(f"{pathlib.Path(sys.argv[0]).name}: {text}", file=sys.stderr)
    sys.exit(2)


def check(what, table):
    unknown = set(table) - KEYS[what]
    if unknown:
        refuse(f"keys of {what} that are not supported: {', '.join(sorted(unknown))}")


def check_session(session):
    check("document", session)
    check("session", session.get("session", {}))
    strips = [("track", s) for s in session["track"]] + [("bus", s) for s in session.get("bus", [])]
    for what, strip in strips + [("master", session.get("master", {}))]:
        check(what, strip)
        name = strip.get("name", "Master")
        if strip.get("solo", False):
            refuse(f"{name}: solo is not supported")
        for insert in strip.get("insert", []):
            if insert["type"] not in KEYS:
                if not insert.get("bypass", False):
                    refuse(f"{name}: {insert['type']} is not supported, only linear inserts are")
                continue
            check(insert["type"], insert)
            for band in insert.get("bands", []):
                check("band", band)
        for send in strip.get("send", []):
            check("send", send)


def gain_of(db):
    return 10.0 ** (db / 20.0)


def far_side(away):
    return np.cos(np.pi / 2.0 * max(away, 0.0))


def panned(rows, pan, law_db, channels):
    """A signal's rows as they reach a destination of that many channels."""
    if channels == 1:
        return rows if len(rows) == 1 else 0.5 * (rows[:1] + rows[1:])
    if len(rows) == 2:
        return rows * np.array([[far_side(pan)], [far_side(-pan)]])
    angle = (pan + 1.0) * np.pi / 4.0
    power = np.array([np.cos(angle), np.sin(angle)])
    linear = np.array([(1.0 - pan) / 2.0, (1.0 + pan) / 2.0])
    full = np.array([far_side(pan), far_side(-pan)])
    sides = {-3: power, -6: linear, -4.5: np.sqrt(power * linear), 0: full}
    return rows * sides[law_db][:, None]


def filtered(rows, taps, zero=0):
    """Rows through a filter whose tap at index `zero` is the instant 0, as long as they were."""
    return signal.oaconvolve(rows, taps[None, :], axes=1)[:, zero : zero + rows.shape[1]]


def delayed(rows, frames):
    return np.pad(rows, ((0, 0), (frames, 0)))[:, : rows.shape[1]]


class Session:
    def __init__(self, path, frame_count):
        with open(path, "rb") as file:
            self.toml = tomllib.load(file)
        check_session(self.toml)
        head = self.toml.get("session", {})
        self.folder = pathlib.Path(path).parent
        self.rate_hz = head.get("sample_rate", 48000)
        self.law_db = head.get("pan_law_db", -3)
        self.rings_out = "tail_s" not in head
        self.frame_count = frame_count
        self.width = frame_count + 2 * LEAD_FRAMES
        self.buses = {"Master": {**self.toml.get("master", {}), "name": "Master"}}
        self.buses |= {bus["name"]: bus for bus in self.toml.get("bus", [])}
        self.sums = {name: np.zeros((bus.get("channels", 2), self.width)) for name, bus in self.buses.items()}

    def frames(self, seconds):
        return round(seconds * self.rate_hz)

    def stem(self, track):
        """The stem's rows on the session's time line, whose frame 0 is at LEAD_FRAMES."""
        path = self.folder / track["file"]
        samples, rate_hz = soundfile.read(path, dtype="float64", always_2d=True)
        if rate_hz != self.rate_hz:
            refuse(f"{path}: at {rate_hz} Hz; a rate other than the session's is not supported")
        rows = np.zeros((samples.shape[1], self.width))
        start = LEAD_FRAMES + self.frames(track.get("start_s", 0.0))
        count = max(0, min(len(samples), self.width - start))
        rows[:, start : start + count] = samples[:count].T
        sign = -1.0 if track.get("polarity", "normal") == "inverted" else 1.0
        return rows * sign * gain_of(track.get("trim_db", 0.0))

    def convolved(self, rows, insert):
        paths = impulse_response.read(insert, self.folder, self.rate_hz)
        if len(paths) == 4 and len(rows) == 2:
            left, right = rows[:1], rows[1:]
            wet = np.concatenate([filtered(left, paths[0]) + filtered(right, paths[2]),
                                  filtered(left, paths[1]) + filtered(right, paths[3])])
        else:
            if len(paths) == 4:
                paths = 0.5 * (paths[:2] + paths[2:])
            if len(paths) == 2 and len(rows) == 1:
                rows = np.repeat(rows, 2, axis=0)
            wet = np.concatenate([filtered(rows[c : c + 1], paths[c % len(paths)]) for c in range(len(rows))])
        mix = insert.get("mix", 1.0)
        return (1.0 - mix) * rows + mix * delayed(wet, self.frames(insert.get("predelay_ms", 0.0) * 1e-3))

    def inserted(self, rows, insert):
        kind = insert["type"]
        if kind == "eq":
            return filtered(rows, *eq_design.design(insert, self.rate_hz, LEAD_FRAMES))
        if kind == "convolution":
            return self.convolved(rows, insert)
        if kind == "delay":
            return delayed(rows, self.frames(insert.get("delay_ms", 0.0) * 1e-3))
        sign = -1.0 if insert.get("polarity", "normal") == "inverted" else 1.0
        return rows * sign * gain_of(insert.get("gain_db", 0.0))

    def add(self, target, rows):
        self.sums[target] += rows

    def run_strip(self, strip, rows):
        """Inserts, sends before the fader, fader and pan, sends after them, output."""
        if strip.get("mute", False):
            return
        for insert in strip.get("insert", []):
            if not insert.get("bypass", False):
                rows = self.inserted(rows, insert)
        law_db = strip.get("pan_law_db", self.law_db)
        fader, pan = gain_of(strip.get("gain_db", 0.0)), strip.get("pan", 0.0)
        for send in strip.get("send", []):
            channels = len(self.sums[send["to"]])
            if send.get("tap", "post") == "pre":
                sent = panned(rows, send.get("pan", 0.0), law_db, channels)
            else:
                placed = fader * panned(rows, pan, law_db, channels)
                sent = panned(placed, send.get("pan", 0.0), law_db, channels)
            self.add(send["to"], sent * gain_of(send.get("gain_db", 0.0)))
        if strip["name"] == "Master":
            self.mix = fader * panned(rows, pan, law_db, 2)
            return
        output = strip.get("output", "Master")
        self.add(output, fader * panned(rows, pan, law_db, len(self.sums[output])))

    def buses_in_order(self):
        """Every bus after all that feed it."""
        waiting, ordered = dict(self.buses), []
        while waiting:
            fed = {"Master"} if len(waiting) > 1 else set()
            for bus in waiting.values():
                if bus["name"] != "Master":
                    fed |= {bus.get("output", "Master"), *(send["to"] for send in bus.get("send", []))}
            ready = [name for name in waiting if name not in fed]
            ordered += [waiting.pop(name) for name in ready]
        return ordered

    def render(self):
        self.mix = np.zeros((2, self.width))
        for number, track in enumerate(self.toml["track"], 1):
            print(f"\r{number}/{len(self.toml['track'])} tracks", end="", file=sys.stderr, flush=True)
            self.run_strip(track, self.stem(track))
        print(file=sys.stderr)
        for bus in self.buses_in_order():
            self.run_strip(bus, self.sums.pop(bus["name"]))
        end = LEAD_FRAMES + self.frame_count
        return self.mix[:, LEAD_FRAMES:end], self.mix[:, end:]


def report(mix, reference, after, session, arguments):
    off_db = residual.ratio_db(mix - reference, mix)
    gain, delay_frames, left_db = residual.fit(mix, reference)
    print(f"mix: {mix.shape[1]} frames, {20 * np.log10(max(residual.rms(mix), 1e-300)):.1f} dBFS RMS")
    print(f"residual: {off_db:.1f} dB relative to the mix, allowed {arguments.limit_db:g} dB")
    print(f"of it a delay of {delay_frames:+.2e} frames and a gain of {20 * np.log10(abs(gain)):+.2e} dB; "
          f"without them {left_db:.1f} dB")
    octaves = residual.by_octave(mix, reference, session.rate_hz)
    print("from Hz: dB  " + "  ".join(f"{low:.0f}: {db:.1f}" for low, db in octaves))
    ok = off_db <= arguments.limit_db
    if session.rings_out and arguments.from_s == 0.0 and not arguments.excerpt:
        second = after[:, : session.rate_hz]
        rest_db = residual.ratio_db(second, mix)
        print(f"rings on after the mix's end: {rest_db:.1f} dB in the next second")
        ok = ok and rest_db <= arguments.limit_db
    return ok


def main():
    parser = argparse.ArgumentParser(description="Compare a mix with a rendering by SciPy.")
    parser.add_argument("session", type=pathlib.Path)
    parser.add_argument("mix", type=pathlib.Path, help="rendered by tutti with --bits 32f")
    parser.add_argument("--limit-db", type=float, default=-100.0, help="greatest residual (%(default)s)")
    parser.add_argument("--from-s", type=float, default=0.0, help="the mix was rendered with this --from")
    parser.add_argument("--excerpt", action="store_true", help="the mix was rendered with a --to")
    parser.add_argument("--save", type=pathlib.Path, help="write the rendering to this WAV file")
    arguments = parser.parse_args()
    samples, rate_hz = soundfile.read(arguments.mix, dtype="float64", always_2d=True)
    first = round(arguments.from_s * rate_hz)
    session = Session(arguments.session, first + len(samples))
    if rate_hz != session.rate_hz or samples.shape[1] != 2:
        refuse(f"{arguments.mix}: {samples.shape[1]} channels at {rate_hz} Hz, not 2 at {session.rate_hz} Hz")
    try:
        reference, after = session.render()
    except ValueError as problem:
        refuse(problem)
    if arguments.save:
        soundfile.write(arguments.save, reference.T, rate_hz, subtype="DOUBLE")
    sys.exit(0 if report(samples.T, reference[:, first:], after, session, arguments) else 1)


if __name__ == "__main__":
    main()
