"""The music: "Everyone at Once", fifteen bars in D minor at 112 beats a minute.

Two bars of introduction, four of verse, four of lift, four of chorus, and a last chord in D major. The saxophone's hook
falls through the chorus (A G F D), the horns answer it from below, the violins hold the other end.
"""

from midi import Part, pitch

TITLE = "Everyone at Once"
BPM = 112
BEAT_COUNT = 62  # fifteen bars and two beats to ring: 33.2 s
VERSE, LIFT, CHORUS, END = 2, 6, 10, 14  # bars

# (bar, beat, length, bass note, close voicing around middle C)
CHORDS = [
    (0, 0, 4, "D2", "F3,A3,C4,E4"),
    (1, 0, 2, "Bb1", "F3,A3,C4,D4"),
    (1, 2, 2, "C2", "F3,Bb3,C4,D4"),
    (2, 0, 4, "D2", "F3,A3,C4,E4"),
    (3, 0, 4, "G1", "F3,A3,B3,E4"),
    (4, 0, 4, "Bb1", "F3,A3,C4,D4"),
    (5, 0, 2, "A1", "E3,G3,B3,D4"),
    (5, 2, 2, "A1", "G3,Bb3,C#4,E4"),
    (6, 0, 4, "G1", "F3,A3,Bb3,D4"),
    (7, 0, 4, "C2", "E3,A3,Bb3,D4"),
    (8, 0, 4, "F1", "E3,G3,A3,C4"),
    (9, 0, 2, "Bb1", "F3,A3,Bb3,D4"),
    (9, 2, 2, "A1", "G3,A3,C#4,F4"),
    (10, 0, 4, "Bb1", "F3,A3,C4,D4"),
    (11, 0, 4, "C2", "E3,A3,D4,G4"),
    (12, 0, 2, "A1", "E3,G3,A3,C4"),
    (12, 2, 2, "D2", "F3,A3,C4,E4"),
    (13, 0, 2, "G1", "F3,A3,Bb3,D4"),
    (13, 2, 2, "A1", "G3,Bb3,C#4,E4"),
    (14, 0, 6, "D2", "F#3,A3,B3,E4"),
]


def chords(first_bar, last_bar=END + 1):
    """(beat, length, bass, voicing) of the chords in these bars, the last bar left out."""
    return [(4 * bar + beat, length, bass, names) for bar, beat, length, bass, names in CHORDS if first_bar <= bar < last_bar]


def strike(part, beat, length, names, velocity, transpose=0, strum=0.0):
    """One chord; `strum` beats from its lowest to its highest string."""
    names = names.split(",")
    for i, name in enumerate(names):
        delay = strum * i / max(1, len(names) - 1)
        part.play(0, f"-:{beat + delay} {name}:{length - delay}!{velocity}", transpose=transpose)


def comp(part, first_bar, last_bar, rhythm, velocity, transpose=0, strum=0.0):
    """Plays the chord of the moment in a rhythm of one bar: (beat, length) or (beat, length, velocity)."""
    for bar in range(first_bar, last_bar):
        for beat, length, *loudness in rhythm:
            names = [c[3] for c in chords(0) if c[0] <= 4 * bar + beat][-1]
            strike(part, 4 * bar + beat, length, names, loudness[0] if loudness else velocity, transpose, strum)


def kit():
    """The drummer, one part per piece: (name, part). General MIDI keys; which microphone hears what is in kit.py."""
    pieces = {name: Part(name, drums=True, loose_ms=2.5)
              for name in ("kick", "snare", "hihat", "tom_high", "tom_mid", "tom_floor", "ride", "crash_left", "crash_right")}
    kick, snare, hihat, ride = (pieces[name] for name in ("kick", "snare", "hihat", "ride"))

    for bar in (0, 1):  # a cross stick on four, the foot on the hi-hat
        hihat.hit(44, [4 * bar + 1, 4 * bar + 3], 70)
    snare.hit(37, [3, 5], 82)
    ride.hit(51, [0, (1, 50), (1.5, 62), 2, (3, 50), (3.5, 62), 4, (5, 50), (5.5, 60)], 68)
    pieces["tom_high"].hit(50, [6, (6.25, 82)], 96)
    pieces["tom_mid"].hit(47, [6.5, (6.75, 86)], 100)
    pieces["tom_floor"].hit(43, [7, (7.25, 92)], 108)
    snare.hit(38, [7.5, (7.75, 112)], 100)

    for bar in range(VERSE, LIFT):
        at = 4 * bar
        kick.hit(36, [at, (at + 0.75, 84), at + 2.5] + ([(at + 3.75, 78)] if bar % 2 else [(at + 1.75, 76)]), 108)
        snare.hit(38, [at + 1, at + 3], 108)
        snare.hit(38, [at + 1.75, (at + 2.25, 38), (at + 3.75, 42)], 34)
        hihat.hit(42, [(at + i / 4, (96, 46, 74, 50)[i % 4]) for i in range(16) if i != 14])
        hihat.hit(46, [at + 3.5], 86)
    snare.hit(38, [23.5, (23.75, 96)], 84)
    pieces["tom_mid"].hit(47, [23.25], 92)

    for bar in range(LIFT, CHORUS):  # floor tom and kick walk, the snare comes closer
        at = 4 * bar
        kick.hit(36, [at, at + 1.5, at + 2, at + 3.5], 104)
        snare.hit(38, [at + 2] if bar < 8 else [at + 1, at + 2, at + 3], 104)
        if bar < 9:
            pieces["tom_floor"].hit(43, [at + 0.5, (at + 1, 78), at + 2.5, (at + 3, 80)], 92)
        ride.hit(51, [(at + i / 2, 88 if i % 2 == 0 else 66) for i in range(8)])
        ride.hit(53, [at], 80)
    snare.hit(38, [(38 + i / 4, 78 + 5 * i) for i in range(4)])
    pieces["tom_high"].hit(50, [39, (39.25, 92)], 108)
    pieces["tom_mid"].hit(47, [39.5], 112)
    pieces["tom_floor"].hit(43, [39.75], 116)

    for bar in range(CHORUS, END):
        at = 4 * bar
        kick.hit(36, [at, at + 1, at + 2, at + 3] + [at + 1.5, (at + 2.75, 88)], 114)
        snare.hit(38, [at + 1, at + 3] if bar < 13 else [at + 1], 118)
        snare.hit(38, [at + 1.75, at + 2.25], 40)
        ride.hit(51, [(at + i / 2, 100 if i % 2 == 0 else 76) for i in range(8)])
        hihat.hit(44, [at + 1, at + 3], 80)
    snare.hit(38, [(54.5 + i / 4, 92 + 5 * i) for i in range(3)])
    pieces["tom_high"].hit(50, [55.25], 112)
    pieces["tom_mid"].hit(47, [55.5], 116)
    pieces["tom_floor"].hit(43, [55.75], 120)

    kick.hit(36, [56], 122)
    snare.hit(38, [56], 118)
    pieces["crash_left"].hit(49, [(8, 92), (24, 86), 40, 56], 112, length=6)
    pieces["crash_right"].hit(57, [48, 56], 106, length=6)
    return pieces


def percussion():
    shaker, tambourine = Part("shaker", drums=True, loose_ms=5), Part("tambourine", drums=True, loose_ms=4)
    congas, claps = Part("congas", drums=True, loose_ms=6), Part("claps", drums=True, loose_ms=7)
    shaker.hit(70, [(i / 4, (88, 46, 66, 52)[i % 4]) for i in range(4 * 4 * CHORUS)])
    tambourine.hit(54, [(40 + i / 4, (64, 44, 100, 52)[i % 4]) for i in range(64)] + [(56, 100)])
    for bar in range(VERSE, CHORUS):
        at = 4 * bar
        congas.hit(62, [at + 0.5, (at + 1.25, 60), at + 3.25], 84)  # mute
        congas.hit(63, [(at + 1.5, 72), at + 2.5, at + 2.75], 92)  # open high
        congas.hit(64, [at + 3.5, (at + 3.75, 100)], 92)  # low
    congas.hit(63, [5.5, 6.25, 6.75], 80)
    claps.hit(39, [4 * bar + beat for bar in range(CHORUS, END) for beat in (1, 3)], 104)
    timpani = Part("timpani", 47)
    timpani.play(9, "D2:0.125!60", legato=0.9)
    for i in range(15):
        timpani.play(9, f"-:{2 + i / 8} A2:0.125!{44 + 4 * i}", legato=0.9)
    timpani.play(CHORUS, "Bb2:1!112 -:3 C3:1!108 -:3 A2:1!104 -:1 D3:1!108 -:1 G2:1!106 -:1 A2:0.5!96 A2 A2!106 A2!112 D3:6!122")
    return [shaker, tambourine, congas, claps, timpani]


def basses():
    bass, sub = Part("bass", 33, loose_ms=2.5), Part("bass_synth", 38, loose_ms=1)
    for bar, root, fifth, lead_in in ((2, "D2", "A2", "F#1"), (3, "G1", "D2", "A1"), (4, "Bb1", "F2", "G#1"), (5, "A1", "E2", "F#1")):
        octave = root[:-1] + str(int(root[-1]) + 1)
        bass.play(bar, f"{root}:0.75!110 {octave}:0.25!72 -:0.25 {root}:0.25!70 {fifth}:0.5!92 "
                       f"-:0.5 {root}:0.5!104 {fifth}:0.25!80 {root}:0.25!74 {lead_in}:0.5!96", legato=0.8)
    bass.play(1, "-:3 A1:0.5!92 C2:0.5!100", legato=0.9)
    bass.play(LIFT, "G1:0.5!100 G1 G1 D2 G1 G1 F2 D2 | C2 C2 C2 G1 C2 C2 Bb1 G1 | F1 F1 F1 C2 F1 F1 E2 C2 | Bb1 Bb1 F2 Bb1 A1 A1 C#2 E2",
              velocity=98, legato=0.85)
    bass.play(CHORUS, "Bb1:0.75!116 Bb2:0.25!84 F2:0.5!98 Bb1!104 -:0.5 Bb1!106 A1 Bb1 | C2:0.75!116 C3:0.25!84 G1:0.5!98 C2!104 -:0.5 C2!106 E2 G2 | "
                      "A1:0.75!114 A2:0.25!84 E2:0.5!98 G2 D2!112 D2 A1 F#1 | G1:0.75!114 G2:0.25!84 D2:0.5!98 F2 A1!112 A2 G2 E2 | D2:5!118",
              velocity=100, legato=0.85)
    for beat, length, name, _ in chords(LIFT):
        sub.play(0, f"-:{beat} {name}:{length}!{84 if beat < 40 else 100}", legato=0.97)
    return [bass, sub]


def guitars():
    muted = Part("guitar_muted", 28, loose_ms=3)
    for bar in range(VERSE, LIFT):
        names = [c[3] for c in chords(bar, bar + 1)][0].split(",")
        low, high = names[1], names[3]
        muted.play(bar, f"{low}:0.25!96 {low}!60 {high}!88 {low}!58 -:0.25 {low}!90 {high}!76 {low}!60 {low}!94 -:0.25 {high}!92 {low}!60 {low}!84 {high}!90 {low}!62 {high}!80",
                   legato=0.6)
    left, right = Part("guitar_clean_left", 27, loose_ms=6), Part("guitar_clean_right", 27, loose_ms=7)
    comp(left, VERSE, LIFT, [(1, 0.4), (2.75, 0.2, 66), (3, 0.4)], 86, transpose=12, strum=0.04)
    comp(right, VERSE, LIFT, [(0.5, 0.3), (1.5, 0.3, 70), (2.5, 0.6)], 80, transpose=12, strum=0.05)
    comp(left, LIFT, CHORUS, [(0, 3.9)], 78, strum=0.12)
    acoustic = Part("guitar_acoustic", 25, loose_ms=6)
    strumming = [(0, 0.9, 92), (1, 0.45, 80), (1.5, 0.45, 66), (2.25, 0.4, 70), (2.5, 0.45, 84), (3, 0.4, 78), (3.5, 0.45, 68)]
    comp(acoustic, 0, 2, [(0, 2, 74), (2, 2, 70)], 74, strum=0.2)
    comp(acoustic, LIFT, END, strumming, 80, transpose=12, strum=0.06)
    comp(acoustic, END, END + 1, [(0, 5)], 92, strum=0.25)
    drive_left, drive_right = Part("guitar_drive_left", 29, loose_ms=8), Part("guitar_drive_right", 30, loose_ms=9)
    for part in (drive_left, drive_right):
        part.play(9, "-:2 A2,E3:1.9!84")
        part.play(CHORUS, "Bb2,F3,Bb3:2.4 Bb2,F3:0.5 -:0.1 A2,E3:1 | C3,G3,C4:2.4 C3,G3:0.5 -:0.1 C3,G3:1 | A2,E3,A3:1.9 -:0.1 D3,A3,D4:2 | "
                          "G2,D3,G3:1.9 -:0.1 A2,E3,A3:2 | D3,A3,D4:5.5", velocity=92)
    return [muted, left, right, acoustic, drive_left, drive_right]


def keys():
    rhodes, piano = Part("rhodes", 4, loose_ms=6), Part("piano", 0, loose_ms=5)
    organ, clavinet = Part("organ", 16, loose_ms=4), Part("clavinet", 7, loose_ms=3)
    comp(rhodes, 0, 2, [(0, 1.4, 84), (1.5, 0.4, 66), (2, 1.9, 76)], 76, strum=0.05)
    comp(rhodes, VERSE, LIFT, [(0, 1.2, 86), (1.75, 0.6, 70), (2.5, 1.3, 80)], 78, strum=0.02)
    comp(rhodes, LIFT, CHORUS, [(0, 1.9, 80), (2, 1.9, 76)], 78)
    comp(rhodes, END, END + 1, [(0, 5.5, 84)], 84, strum=0.2)
    comp(piano, CHORUS, END, [(0, 0.9, 104), (1, 0.4, 84), (1.5, 0.9, 98), (2.5, 0.4, 86), (3, 0.45, 96), (3.5, 0.45, 84)], 94, transpose=12)
    for beat, _, bass, _ in chords(CHORUS):
        strike(piano, beat, 1.8, bass, 96, transpose=12)
        strike(piano, beat, 1.8, bass, 92)
    comp(piano, END, END + 1, [(0, 5.5)], 108, transpose=12)
    for beat, length, _, names in chords(LIFT):
        strike(organ, beat, length * 0.98, names, 90, transpose=12 if beat >= 40 else 0)
    organ.swell(11, (24, 52), (39.5, 112), (40, 96), (60, 96))
    comp(clavinet, VERSE, LIFT, [(0.25, 0.15), (0.75, 0.2, 92), (1.5, 0.15, 70), (2, 0.15), (2.25, 0.2, 96), (3.25, 0.15, 78), (3.75, 0.15, 88)], 82)
    pad = Part("pad", 89, loose_ms=0)
    for beat, length, _, names in chords(0):
        strike(pad, beat, length, names, 84)
    pad.swell(11, (0, 60), (8, 88), (24, 84), (40, 104), (62, 104), step=0.5)
    glockenspiel = Part("glockenspiel", 9, loose_ms=5)
    glockenspiel.play(0, "-:2 E6:0.5!70 C6 A5 E5 | -:1 D6:0.5!72 A5 -:2", legato=2)
    glockenspiel.play(CHORUS, HOOK, velocity=74, transpose=12)
    return [rhodes, piano, organ, clavinet, pad, glockenspiel]


HOOK = "A5:1.5 G5:0.5 F5:1 D5 | G5:1.5 F5:0.5 E5:1 C5 | E5:1.5 G5:0.5 F5:1.5 A5:0.5 | A5:1 F5:0.5 D5 E5:1 C#5 | F#5:5"


def strings():
    violins, violas = Part("violins", 48, loose_ms=7), Part("violas", 48, loose_ms=8)
    cellos, pizzicato, harp = Part("cellos", 42, loose_ms=6), Part("pizzicato", 45, loose_ms=6), Part("harp", 46, loose_ms=5)
    violins.play(LIFT, "D5:2 F5 | E5 G5 | G5 A5 | A5 G5:1 E5 | D6:2 C6:1 A5 | C6:2 A5:1 G5 | C6:2 A5:1 C6 | Bb5:2 C#6:1 E6 | F#5,D6:5.5", velocity=92)
    violas.play(LIFT, "Bb4:2 D5 | Bb4 D5 | C5 E5 | D5 C#5 | F5 D5 | E5 D5 | E5 F5 | D5 E5 | A4,F#4:5.5", velocity=90)
    cellos.play(LIFT, "G2:1.5 Bb2:0.5 D3:2 | C3:1.5 E3:0.5 G3:2 | F3:1.5 A3:0.5 C4:2 | D4:2 C#4", velocity=92)
    cellos.play(CHORUS, "Bb2:0.5!104 F3!84 D3 F3 Bb2!98 F3 D3 F3 | C3!104 G3 E3 G3 C3!98 G3 E3 G3 | A2!104 E3 C3 E3 D3!104 A3 F3 A3 | "
                        "G2!104 D3 Bb2 D3 A2!106 E3 C#3 E3 | D3:5.5!100", velocity=84, legato=0.85)
    for part, floor in ((violins, 60), (violas, 58), (cellos, 70)):
        part.swell(11, (24, floor), (32, floor + 22), (39.5, 118), (40, 104), (52, 108), (55.5, 122), (56, 112), (60, 100), (62, 60))
    pizzicato.play(VERSE, "-:0.5 A4 E5 -:1 C5:0.5 A4 -:0.5 | -:0.5 B4 E5 -:1 F5:0.5 D5 B4 | -:0.5 A4 D5 -:1 C5:0.5 F5 -:0.5 | -:0.5 B4 D5 -:0.5 C#5 E5 G5 Bb5",
                   velocity=94, legato=0.6)
    harp.play(1, "-:2 " + " ".join(f"{name}:0.125" for name in "C4 D4 E4 F4 G4 A4 Bb4 C5 D5 E5 F5 G5 A5 Bb5 C6 D6".split()), velocity=72, legato=3)
    harp.play(9, "-:2 " + " ".join(f"{name}:0.125" for name in "A3 Bb3 C#4 E4 F4 G4 A4 Bb4 C#5 E5 F5 G5 A5 Bb5 C#6 E6".split()), velocity=88, legato=3)
    harp.play(END, "D3:0.25 A3 D4 F#4 A4 B4 E5 F#5 A5 D6:3", velocity=86, legato=4)
    return [violins, violas, cellos, pizzicato, harp]


def brass():
    trumpets, trombones, horns = Part("trumpets", 56, loose_ms=6), Part("trombones", 57, loose_ms=7), Part("horns", 60, loose_ms=8)
    stabs = [("A4,C5,D5", "F3,Bb3"), ("A4,D5,E5", "G3,C4"), ("G4,A4,C5", "E3,A3"), ("A4,Bb4,D5", "F3,G3")]
    for i, (high, low) in enumerate(stabs):
        rhythm = "{0}:0.4!116 -:0.1 -:1 {0}:0.25!104 -:1.25 {0}:0.25!100 {0}:0.5!116 -:0.25"
        trumpets.play(CHORUS + i, rhythm.format(high), legato=1.0)
        trombones.play(CHORUS + i, rhythm.format(low), legato=1.0)
    trumpets.play(5, "-:3 G4,C#5:0.4!92 -:0.1 E4,Bb4:0.3!98")
    trombones.play(5, "-:3 G3,C#4:0.4!92 -:0.1 E3,G3:0.3!98")
    for part, names in ((trumpets, "G4,C#5,F5"), (trombones, "A2,G3,C#4")):
        part.play(9, f"-:2 {names}:1.9!112")
        part.swell(11, (0, 112), (37.9, 112), (38, 44), (39.8, 127), (40, 116), step=0.0625)
    trumpets.play(END, "F#4,A4,D5:4.5!118")
    trombones.play(END, "D3,A3:4.5!118")
    horns.play(LIFT, "Bb3:4 | C4:2 Bb3 | A3 C4 | D4 C#4 | D4:1 F4:2 D4:1 | E4 G4:2 E4:1 | C4:2 D4:1 F4 | Bb3:2 A3:1 G3 | F#3,D4:5", velocity=100)
    horns.swell(11, (24, 70), (39.5, 112), (40, 108), (56, 118), (61, 84))
    return [trumpets, trombones, horns]


def winds_and_voices():
    sax, flute, choir = Part("lead_sax", 65, loose_ms=9), Part("flute", 73, loose_ms=7), Part("choir", 52, loose_ms=8)
    sax.play(1, "-:3 A4:0.5!88 C5", velocity=88)
    sax.play(VERSE, "D5:1.5!102 C5:0.5 A4:1 -:0.5 G4 | B4:1.5!100 A4:0.5 G4 A4:1.5 | -:0.5 F4 A4 C5 D5:1!100 F5!106 | E5:1.5!106 D5:0.5 C#5:1 Bb4:0.5 A4", velocity=94)
    sax.play(LIFT, "D5:0.75 Bb4 D5:0.5 F5:2!108 | E5:0.75 C5 E5:0.5 G5:2!110 | F5:0.75 C5 F5:0.5 A5:1.5!114 G5:0.5 | F5:1 D5 C#5 E5:0.5 G5", velocity=100)
    sax.play(CHORUS, HOOK, velocity=112)
    for beat in (8, 12, 18, 20, 26, 30, 34, 40, 44, 48, 52, 56):
        sax.scoop(beat)
    for beat in (26.5, 30.5, 34.5, 40.7, 44.7, 49.0, 56.8):  # vibrato comes late on long notes
        sax.swell(1, (beat, 0), (beat + 0.5, 52), (beat + 1.0, 52), (beat + 1.1, 0))
    flute.play(4, "-:2 A5:0.5 C6 D6:1 | B5:1 A5:0.5 G5 E5:1 C#5", velocity=84)
    flute.play(LIFT, "-:2 Bb5:0.5 C6 D6 F6 | -:2 C6:0.5 D6 E6 G6 | -:2 A5:0.5 C6 E6 F6 | D6:1 F6 E6 C#6:0.5 E6", velocity=92)
    flute.play(CHORUS, "F6:2 D6:1 F6 | E6:2 D6:1 C6 | C6:2 F6:1 E6 | D6:2 E6:1 G6 | A5,D6:5", velocity=94)
    for beat, length, _, names in chords(LIFT):
        strike(choir, beat, length * 0.98, names, 92)
        if beat >= 40:
            strike(choir, beat, length * 0.98, names.split(",")[-1], 92, transpose=12)
    choir.swell(11, (24, 48), (39.5, 116), (40, 104), (55.5, 118), (56, 120), (60.5, 80))
    return [sax, flute, choir]


def parts():
    """Everybody but the drummer, whose kit() goes through microphones first."""
    return percussion() + basses() + guitars() + keys() + strings() + brass() + winds_and_voices()
