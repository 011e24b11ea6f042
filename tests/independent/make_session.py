#!/usr/bin/env python3
"""Makes a session that uses everything linear, of the stems and impulse responses in a folder; seeded.

    tests/independent/make_session.py FOLDER [--seed N] [--tracks N] > FOLDER/linear.toml

FOLDER holds stems/*.wav (mono or stereo) and ir/*.wav (1, 2 and 4 channels) at 48 kHz. Every track gets an EQ,
a third of them linear phase, every shape in turn. Needs python3-soundfile.
"""

import argparse
import itertools
import pathlib
import random

import soundfile

SHAPES = ["bell", "low_shelf", "high_shelf", "highpass", "lowpass", "notch", "bandpass", "tilt"]
LAWS_DB = [0, -3, -4.5, -6]
FAMILIES = ["Drums", "Bass", "Guitars", "Keys", "Strings", "Others"]


def table(header, **keys):
    words = {True: "true", False: "false"}
    lines = [header]
    for key, value in keys.items():
        if isinstance(value, bool):
            value = words[value]
        elif isinstance(value, str) and not value.startswith("["):
            value = f'"{value}"'
        elif isinstance(value, float):
            value = f"{value:.4f}"
        lines.append(f"{key} = {value}")
    return "\n".join(lines) + "\n"


class Maker:
    def __init__(self, folder, seed):
        self.folder = folder
        self.random = random.Random(seed)
        self.shapes = itertools.cycle(SHAPES)
        self.responses = {1: [], 2: [], 4: []}
        for path in sorted((folder / "ir").glob("*.wav")):
            self.responses[soundfile.info(path).channels].append(path.relative_to(folder))

    def band(self, shape):
        pick = self.random
        if shape in ("highpass", "lowpass"):
            low_hz, high_hz = (25.0, 150.0) if shape == "highpass" else (6000.0, 20000.0)
            width = f"slope_db_per_oct = {pick.choice([6, 12, 18, 24, 30, 36, 42, 48])}"
        else:
            low_hz, high_hz = {
                "low_shelf": (60.0, 400.0),
                "high_shelf": (2000.0, 12000.0),
                "notch": (50.0, 3000.0),
                "bandpass": (300.0, 3000.0),
            }.get(shape, (50.0, 15000.0))
            narrow = {"bell": 8.0, "notch": 20.0}.get(shape, 1.2)
            width = f"q = {pick.uniform(0.3 if shape != 'notch' else 4.0, narrow):.3f}"
        freq_hz = low_hz * (high_hz / low_hz) ** pick.random()
        gain = f", gain_db = {pick.uniform(-9.0, 9.0):.2f}"
        keys = [f'shape = "{shape}"', f"freq_hz = {freq_hz:.2f}"] + ([width] if shape != "tilt" else [])
        has_gain = shape in ("bell", "low_shelf", "high_shelf", "tilt")
        return "{ " + ", ".join(keys) + (gain if has_gain else "") + " }"

    def eq(self, owner, phase):
        shapes = [next(self.shapes) for _ in range(self.random.randint(2, 4))]
        if "bandpass" in shapes and self.random.random() < 0.6:
            shapes.remove("bandpass")
        bands = "[ " + ", ".join(self.band(shape) for shape in shapes) + " ]"
        return table(f"  [[{owner}.insert]]", type="eq", phase=phase, bands=bands)

    def convolution(self, owner, channels, **keys):
        file = str(self.random.choice(self.responses[channels]))
        return table(f"  [[{owner}.insert]]", type="convolution", file=file, **keys)

    def strip(self):
        pick = self.random
        keys = {"gain_db": pick.uniform(-18.0, -4.0), "pan": pick.choice([0.0, pick.uniform(-1.0, 1.0)])}
        if pick.random() < 0.4:
            keys["pan_law_db"] = pick.choice(LAWS_DB)
        return keys

    def track(self, number, path, family):
        pick = self.random
        keys = {"name": path.stem, "file": str(path.relative_to(self.folder))}
        keys["trim_db"] = pick.uniform(-6.0, 6.0)
        if pick.random() < 0.3:
            keys["polarity"] = "inverted"
        if pick.random() < 0.3:
            keys["start_s"] = pick.uniform(0.0, 8.0)
        text = table("[[track]]", **keys, **self.strip(), output=family, group=family)
        text += self.eq("track", "linear" if number % 3 == 2 else "minimum")
        if number % 5 == 0:
            text += self.convolution("track", 1, normalize=pick.choice(["none", "energy"]),
                                     mix=pick.uniform(0.5, 1.0))
        if number % 16 == 7:
            text += self.convolution("track", pick.choice([2, 4]), predelay_ms=pick.uniform(0.0, 40.0),
                                     mix=pick.uniform(0.1, 0.4), normalize="energy", length_s=1.0,
                                     trim_start_ms=pick.uniform(0.0, 10.0))
        if number % 11 == 3:
            text += table("  [[track.insert]]", type="delay", delay_ms=pick.uniform(0.0, 30.0))
        if number % 13 == 4:
            text += table("  [[track.insert]]", type="gain", gain_db=pick.uniform(-6.0, 6.0),
                          polarity="inverted")
        if number % 17 == 5:
            text += table("  [[track.insert]]", type="gain", gain_db=40.0, bypass=True)
        for bus in ("Plate", "Hall"):
            if pick.random() < 0.5:
                text += table("  [[track.send]]", to=bus, gain_db=pick.uniform(-24.0, -9.0),
                              tap=pick.choice(["pre", "post"]),
                              pan=pick.choice([0.0, pick.uniform(-1.0, 1.0)]))
        if pick.random() < 0.2:
            text += table("  [[track.send]]", to="Spring", gain_db=pick.uniform(-24.0, -12.0),
                          tap=pick.choice(["pre", "post"]))
        return text

    def buses(self):
        text = ""
        for number, family in enumerate(FAMILIES):
            keys = self.strip()
            keys |= {"gain_db": self.random.uniform(-4.0, 0.0), "pan": self.random.uniform(-0.3, 0.3)}
            output = "Band" if number < 4 else "Master"
            text += table("[[bus]]", name=family, **keys, output=output) + self.eq("bus", "minimum")
            if number == 1:
                text += table("  [[bus.send]]", to="Plate", gain_db=-15.0, tap="pre", pan=0.25)
        text += table("[[bus]]", name="Band", gain_db=-1.5) + self.eq("bus", "linear")
        text += table("  [[bus.send]]", to="Hall", gain_db=-20.0)
        text += table("[[bus]]", name="Plate", gain_db=-3.0) + self.convolution("bus", 2, predelay_ms=12.0,
                                                                              normalize="energy")
        text += table("[[bus]]", name="Hall", gain_db=-4.0, pan=-0.1)
        text += self.convolution("bus", 4, normalize="energy")
        text += table("[[bus]]", name="Spring", channels=1, pan=0.4)
        return text + self.convolution("bus", 1, normalize="energy", predelay_ms=5.0)


def main():
    parser = argparse.ArgumentParser(description="Make a session of the files in a folder.")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tracks", type=int, default=128)
    arguments = parser.parse_args()
    maker = Maker(arguments.folder, arguments.seed)
    stems = sorted((arguments.folder / "stems").glob("*.wav"))[: arguments.tracks]
    print(table("[session]", name="Everything linear", sample_rate=48000))
    for number, path in enumerate(stems):
        print(maker.track(number, path, FAMILIES[number * len(FAMILIES) // len(stems)]))
    print(maker.buses())
    print(table("[master]", gain_db=-6.0) + maker.eq("master", "minimum"))


if __name__ == "__main__":
    main()
