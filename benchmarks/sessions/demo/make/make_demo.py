#!/usr/bin/env python3
"""Makes everything in this session that is not text: the MIDI file, the stems, the impulse responses.

    make/make_demo.py            # into the folder above this one

Needs python3-numpy, fluidsynth, fluid-soundfont-gm, flac and vorbis-tools. Same versions, same bytes.
"""

import argparse
from pathlib import Path

import audio
import impulse_responses
import kit
import score
from midi import midi_file

STEREO = {"overheads", "room", "piano", "pad", "violins", "choir", "harp"}
# Lossless where that is small; Vorbis where it is not.
FLAC = {"claps", "bass_synth", "pizzicato"}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--soundfont", type=Path, default=Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"))
    options.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent)
    options.add_argument("--only", help="one part (or 'kit', or 'irs') instead of everything")
    args = options.parse_args()
    for folder in ("stems", "irs"):
        (args.out / folder).mkdir(parents=True, exist_ok=True)

    pieces, parts = score.kit(), score.parts()
    whole = midi_file(score.TITLE, score.BPM, [*pieces.values(), *parts], score.BEAT_COUNT)
    (args.out / "everyone_at_once.mid").write_bytes(whole)
    frame_count = round(score.BEAT_COUNT * 60.0 / score.BPM * audio.SAMPLE_RATE_HZ)

    def play(part):
        print(part.name, flush=True)
        return audio.play(midi_file(part.name, score.BPM, [part], score.BEAT_COUNT), args.soundfont, frame_count)

    def write_stem(name, signal):
        suffix = ".flac" if name in FLAC else ".ogg"
        audio.write(args.out / "stems" / (name + suffix), audio.to_peak(signal, -6.0))

    if args.only in (None, "irs"):
        for name, response in (("room", impulse_responses.demo_room()), ("plate", impulse_responses.demo_plate())):
            audio.write(args.out / "irs" / f"{name}.flac", audio.to_peak(response, -6.0), bits=24)
    if args.only in (None, "kit"):
        played = {name: audio.to_mono(play(part)) for name, part in pieces.items()}
        for name, signal in kit.stems(played, impulse_responses.studio()).items():
            write_stem(name, signal)
    for part in parts:
        if args.only in (None, part.name):
            signal = play(part)
            write_stem(part.name, signal if part.name in STEREO else audio.to_mono(signal))


if __name__ == "__main__":
    main()
