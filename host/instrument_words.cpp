#include "host/instrument_words.hpp"

#include <array>

namespace tutti {

namespace {

// Plurals in -s are understood. Words run together ("kickin", "leadvox") are taken apart by the words in
// these lists.
constexpr std::array words{
    FamilyWords{
        Family::drums,
        "drum, drumkit, drum kit, drumset, drum set, drms, drm, drs, kit, kick, kik, kck, kickdrum, kick "
        "drum, "
        "bass drum, bassdrum, bd, bdrum, snare, snr, snaredrum, sn, sd, sidestick, side stick, cross stick, "
        "xstick, rim, rimshot, rim shot, hihat, hi hat, highhat, high hat, hat, hh, hht, tom, floor tom, "
        "rack tom, "
        "tomtom, overhead, over head, ovh, ovhd, ohs, cymbal, cym, cymb, crash, splash, ride, ride bell, "
        "china, "
        "chinese cymbal, drum room, drum machine, drum loop, drumloop, breakbeat, synth drum, schlagzeug, "
        "batterie, bateria, batteria",
        "oh, room, rm, rack, floor, beat, break, loop, brush, 707, 909, 606, ft, ambient mic"},
    FamilyWords{Family::bass,
                "bass, bss, bassline, bass guitar, bass gtr, bassgtr, bassguitar, bgtr, synth bass, bass "
                "synth, synthbass, "
                "sub bass, subbass, moog bass, bass moog, double bass, doublebass, upright bass, string "
                "bass, acoustic bass, "
                "electric bass, organ bass, bass pedal, basso, bajo, basse",
                "bs, sub, 808, di, fretless, slap, upright, low end"},
    FamilyWords{Family::guitars,
                "guitar, gtr, gt, gtar, guit, egtr, agtr, acgtr, acgt, elgtr, elgt, eg, ag, rgtr, lgtr, "
                "nylon guitar, "
                "lap steel, lapsteel, pedal steel, pedalsteel, steel guitar, dobro, resonator, banjo, "
                "mandolin, mando, ukulele, "
                "uke, 12 string, twelve string, 6 string, 7 string, strat, stratocaster, tele, telecaster, "
                "les paul, lespaul, "
                "sitar, oud, bouzouki, balalaika, lute, koto, shamisen, charango, ebow, vox amp, ac30, "
                "gitarre, guitare, "
                "guitarra, chitarra",
                "acoustic, electric, elec, acous, nylon, slide, strum, rhythm, rhy, rhtm, power chord, riff, "
                "lick, amp"},
    FamilyWords{Family::keys,
                "piano, pno, pf, pianoforte, grand piano, e piano, epiano, el piano, elec piano, electric "
                "piano, upright piano, "
                "toy piano, rhodes, rhds, wurlitzer, wurli, wurly, wurl, organ, org, hammond, b3, farfisa, "
                "vox continental, "
                "vox organ, keys, keyboard, kbd, kybd, kbs, clavinet, clavi, clav, harpsichord, harpsi, "
                "cembalo, celesta, "
                "celeste, mellotron, accordion, accordeon, akkordeon, harmonium, melodica, bandoneon, music "
                "box, cp70, cp80, "
                "klavier, orgel, orgue, teclado, tasti",
                "key, ep, grand, kb, leslie, nord"},
    FamilyWords{
        Family::strings,
        "string, strgs, strng, stgs, strs, violin, vln, vn, vl, vlns, viola, vla, vlas, cello, celli, vlc, "
        "vcl, vc, "
        "violoncello, contrabass, kontrabass, basses, fiddle, harp, erhu, string section, string quartet, "
        "streicher, geige, bratsche, cordes, cuerdas, archi",
        "str, quartet, orchestra, orch, ensemble, pizz, pizzicato, spiccato, legato, tremolo, arco, cb"},
    FamilyWords{Family::brass,
                "trumpet, trumpets, tpt, trp, trpt, tpts, trmp, trombone, tbn, tbns, trb, trbn, tromb, bone, "
                "bass trombone, "
                "horn, hrn, hrns, french horn, fr horn, fhorn, horn section, flugelhorn, flugel, cornet, "
                "tuba, sousaphone, "
                "euphonium, brass, brs, trompete, posaune, blech, trompette, cuivres",
                "hn, hns"},
    FamilyWords{
        Family::winds,
        "sax, saxophone, saxes, asax, tsax, bsax, ssax, alto sax, tenor sax, bari sax, bass sax, flute, flt, "
        "flts, "
        "fl, bass flute, alto flute, piccolo, picc, clarinet, clar, clrnt, bass clarinet, oboe, bassoon, "
        "bsn, "
        "contrabassoon, english horn, cor anglais, recorder, woodwind, ww, winds, whistle, tin whistle, "
        "harmonica, "
        "blues harp, mouth organ, bagpipe, pan flute, panflute, duduk, ney, shakuhachi, ocarina, didgeridoo, "
        "floete, klarinette, fagott",
        "cl, ob, pic, reed"},
    FamilyWords{
        Family::synths,
        "synth, synthesizer, synthesiser, syn, synt, moog, minimoog, juno, jupiter, prophet, oberheim, "
        "supersaw, "
        "super saw, synth string, string synth, synth brass, synth choir, synth vox, synth voice, synth pad, "
        "synth lead, synth pluck, tb303, theremin, wavetable",
        "pad, lead, ld, arp, arpeggio, arpeggiator, pluck, saw, seq, sequence, sequencer, stab, chord, poly, "
        "303, "
        "acid, drone, bleep, blip, analog, analogue, dx7, chiptune"},
    FamilyWords{
        Family::percussion,
        "percussion, perc, prc, perk, conga, bongo, djembe, cajon, timbale, tabla, taiko, bodhran, hand "
        "drum, "
        "frame drum, talking drum, steel drum, steeldrum, steel pan, tambourine, tamb, tambo, tmb, shaker, "
        "shkr, shk, "
        "egg shaker, maraca, clave, cowbell, cow bell, agogo, guiro, cabasa, triangle, woodblock, wood "
        "block, "
        "temple block, castanet, vibraslap, ratchet, windchime, wind chime, mark tree, chime, bell tree, "
        "bell, "
        "tubular bell, sleigh bell, jingle bell, church bell, gong, clap, handclap, hand clap, snap, finger "
        "snap, "
        "stomp, surdo, cuica, udu, kalimba, mbira, marimba, xylophone, xylo, vibraphone, vibes, vibe, "
        "glockenspiel, "
        "glock, mallet, crotale, dulcimer, hammered dulcimer, timpani, timp, timpano, beatbox, perc loop",
        "top loop, block, jingle"},
    FamilyWords{
        Family::effects,
        "sfx, efx, riser, uplifter, downlifter, impact, whoosh, swoosh, woosh, foley, atmos, atmo, "
        "atmosphere, "
        "ambience, soundscape, vinyl, crackle, bass drop, sub drop, sound effect, sound fx, reverse cymbal, "
        "rev cymbal, thunder, rain, siren, gunshot, footstep, white noise, click track, metronome",
        "fx, effect, rise, sweep, noise, hit, boom, boomer, drop, downer, transition, texture, glitch, "
        "scratch, "
        "reverse, rev, wind, crowd, reverb, verb, delay, dly, echo, return, rtn, send, click, amb, ambient"},
    FamilyWords{
        Family::vocals,
        "vocal, vox, voc, vocs, vx, vxs, vo, voice, vcls, leadvox, lead vox, lead vocal, ldvox, lv, lvox, "
        "lvx, bv, bvs, bvx, "
        "bvox, bgv, bgvs, bgvox, bkv, bkgv, back vox, gang vox, bass vox, bass vocal, bass voice, choir, "
        "chor, "
        "choral, adlib, ad lib, ooh, aah, singer, singing, rap, rapper, spoken, spoken word, speech, dialog, "
        "dialogue, narration, narrator, soprano, mezzo, falsetto, whisper, chant, vocoder, talkbox, talk "
        "box, "
        "acapella, a cappella, stimme, gesang, voix, voz, voce",
        "backing, background, harmony, harmonies, harm, harms, chorus, alto, tenor, baritone, ah, oo, aa, "
        "hook, verse"},
};

}  // namespace

std::span<const FamilyWords> family_words() { return words; }

std::string_view neutral_words() {
    return "in, out, inside, outside, top, bot, btm, bottom, under, up, down, left, right, l, r, m, s, c, "
           "mono, stereo, "
           "dbl, double, doubled, dub, close, far, near, front, back, side, hi, high, lo, low, mid, main, "
           "mic, clean, "
           "dirty, crunch, dist, wet, dry, intro, outro, bridge, pre, post, solo, alt, oct, new, old, comp, "
           "edit, take, "
           "bus, grp, group, sum, all, mix, stem, print, verse, big, small, soft, loud, short, long";
}

}  // namespace tutti
