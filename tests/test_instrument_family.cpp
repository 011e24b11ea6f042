#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "host/instrument_family.hpp"

using namespace tutti;

namespace {

const std::vector<std::pair<Family, std::vector<std::string>>> names{
    {Family::drums,
     {"001_kick_b.wav",
      "002_snare.wav",
      "003_hihat_pedal.wav",
      "004_hihat_open.wav",
      "005_tom_hi_floor.wav",
      "006_tom_lo.wav",
      "007_tom_lomid.wav",
      "008_tom_himid.wav",
      "009_crash.wav",
      "010_splash.wav",
      "012_crash_b.wav",
      "017_overheads.wav",
      "018_drum_room.wav",
      "037_kick_b_room.wav",
      "038_snare_room.wav",
      "039_hihat_pedal_room.wav",
      "062_kick_b_sub.wav",
      "063_snare_sub.wav",
      "080_kick_b_alt.wav",
      "Kick In.wav",
      "kick out.wav",
      "KickSub_01.wav",
      "kickin.wav",
      "01Kik.wav",
      "BD.wav",
      "01_Kick_dbl.wav",
      "Bass Drum.wav",
      "bassdrum_close.flac",
      "SnrTop.wav",
      "snare-bottom.wav",
      "SD_Bot.aif",
      "snaretop.wav",
      "Snare Verb.wav",
      "HH.wav",
      "Hat.wav",
      "HiHat_L.wav",
      "Hi-Hats.wav",
      "OH L.wav",
      "OHR.wav",
      "Overhead_Left.wav",
      "Room Mono.wav",
      "DrumRoom.wav",
      "Tom1.wav",
      "Rack Tom 2.wav",
      "FloorTom.wav",
      "Ride.wav",
      "ride bell.wav",
      "Cym Swell.wav",
      "China.wav",
      "Drums_Bus.wav",
      "Drum Loop 120bpm.wav",
      "808 Kick.wav",
      "Sidestick.wav",
      "Drums/03.wav",
      "Schlagzeug.wav"}},
    {Family::bass,
     {"022_slap-bass-1.wav",
      "023_pick-bass.wav",
      "057_finger-bass.wav",
      "093_fretless-bass_oct.wav",
      "074_slap-bass-1_dbl.wav",
      "Bass.wav",
      "Bass DI.wav",
      "BassDI.wav",
      "bass amp.wav",
      "Bass_Mic.wav",
      "synth bass.wav",
      "Bass Synth 2.wav",
      "Sub.wav",
      "SubBass.wav",
      "808.wav",
      "Acoustic Bass.wav",
      "Upright Bass.wav",
      "Bass Guitar.wav",
      "E-Bass.wav",
      "Moog Bass.wav",
      "Double Bass.wav",
      "DI.wav"}},
    {Family::guitars,
     {"020_distortion-guitar.wav",
      "029_jazz-guitar.wav",
      "054_overdrive-guitar.wav",
      "107_nylon-guitar.wav",
      "072_distortion-guitar_dbl.wav",
      "125_jazz-guitar_oct.wav",
      "127_sitar_oct.wav",
      "Gtr1.wav",
      "ElecGtr_L.wav",
      "AcGtr.wav",
      "acgtr_dbl.wav",
      "EGtr Lead.wav",
      "Lead Guitar.wav",
      "Gtr DI.wav",
      "GTR_AMP_57.wav",
      "Acoustic.wav",
      "12 String.wav",
      "Banjo.wav",
      "Mandolin.wav",
      "Uke.wav",
      "Pedal Steel.wav",
      "Rhythm L.wav",
      "bari gtr.wav",
      "Guitar Room.wav",
      "Guitare.wav",
      "leadgtr.wav"}},
    {Family::keys,
     {"019_grand-piano.wav",
      "028_bright-piano.wav",
      "053_e-piano-1.wav",
      "060_church-organ.wav",
      "089_harpsichord_oct.wav",
      "109_clavinet.wav",
      "071_grand-piano_dbl.wav",
      "Pno L.wav",
      "Piano_Hi.wav",
      "PianoRoom.wav",
      "Rhodes.wav",
      "Wurli.wav",
      "Hammond B3.wav",
      "Organ Leslie.wav",
      "Keys 1.wav",
      "EP.wav",
      "Vox Organ.wav",
      "Upright Piano.wav",
      "Mellotron.wav",
      "Klavier.wav"}},
    {Family::strings,
     {"024_strings-2.wav", "026_strings-1.wav", "034_cello.wav", "059_viola.wav", "035_tremolo-strings.wav",
      "095_tremolo-strings_oct.wav", "103_cello.wav", "Vln 1.wav", "1st Violins.wav", "VLA.wav", "Vlc.wav",
      "Contrabass.wav", "String Quartet.wav", "Harp.wav", "Fiddle.wav", "Pizz.wav"}},
    {Family::brass,
     {"058_french-horn.wav", "Trumpet 1.wav", "Tpt_2.wav", "Tbn.wav", "Bass Trombone.wav", "Horns.wav",
      "Fr Horn.wav", "Flugelhorn.wav", "Tuba.wav", "Brass Section.wav"}},
    {Family::winds,
     {"031_baritone-sax.wav", "036_clarinet.wav", "061_flute.wav", "096_clarinet_oct.wav", "Alto Sax.wav",
      "TenorSax.wav", "Bass Clarinet.wav", "Oboe.wav", "English Horn.wav", "Bassoon.wav", "Harmonica.wav",
      "Fl 1.wav", "Woodwinds.wav"}},
    {Family::synths,
     {"Synth 1.wav", "Lead Synth.wav", "Pad.wav", "Arp.wav", "Pluck.wav", "Juno Pad.wav", "Synth Strings.wav",
      "SynthBrass.wav", "Lead.wav", "supersaw.wav", "Stabs.wav", "Moog.wav"}},
    {Family::percussion,
     {"011_cowbell.wav",
      "013_agogo_hi.wav",
      "014_agogo_lo.wav",
      "015_maracas.wav",
      "016_claves.wav",
      "047_cowbell_room.wav",
      "049_agogo_hi_room.wav",
      "051_maracas_room.wav",
      "066_cowbell_sub.wav",
      "091_dulcimer_oct.wav",
      "Perc.wav",
      "Congas_L.wav",
      "Tamb.wav",
      "Shaker.wav",
      "Steel Drums.wav",
      "Claps.wav",
      "Bongo Hi.wav",
      "Timpani.wav",
      "Glockenspiel.wav",
      "Vibes.wav",
      "Hand Drums.wav"}},
    {Family::effects,
     {"FX.wav", "SFX_02.wav", "Riser.wav", "Impact 3.wav", "WhiteNoise Sweep.wav", "Bass Drop.wav",
      "Atmos.wav", "Foley.wav", "Downlifter.wav", "Reverb Return.wav"}},
    {Family::vocals,
     {"033_voice-oohs.wav",
      "097_choir-aahs_oct.wav",
      "106_choir-aahs.wav",
      "Lead Vox.wav",
      "LeadVox_DT.wav",
      "Vocal.wav",
      "07_lead-vox_dbl.wav",
      "BV1.wav",
      "BVs L.wav",
      "BGV_High.wav",
      "LV.wav",
      "Vox FX.wav",
      "Vox Room.wav",
      "Backing.wav",
      "Harmony 2.wav",
      "Rap Adlibs.wav",
      "Soprano.wav",
      "Bass Vox.wav",
      "bgvox.wav",
      "Choir.wav",
      "Vocals/Lead.wav",
      "Vocoder.wav",
      "Gesang.wav",
      "\xC3\x89mile Voc.wav"}},
    {Family::other, {"Audio 1.wav", "03.wav", "untitled.wav", "Track_07.wav", "xyzzy.wav"}},
};

}  // namespace

TEST_CASE("A stem's name tells its family") {
    for (const auto& [family, files] : names) {
        for (const std::string& file : files) {
            CAPTURE(file);
            CHECK(family_name(family_of(file)) == family_name(family));
        }
    }
}

TEST_CASE("File names become names that people read") {
    const std::vector<std::pair<std::string, std::string>> table{
        {"07_lead-vox_dbl", "Lead Vox Dbl"},
        {"001_kick_b", "Kick B"},
        {"024_strings-2", "Strings 2"},
        {"KickIn", "Kick In"},
        {"BASS_DI", "Bass DI"},
        {"oh l", "OH L"},
        {"Gtr2", "Gtr2"},
        {"808 kick", "808 Kick"},
        {"12 string", "12 String"},
        {"03", "03"},
        {"01. Snare (top)", "Snare (top)"},
        {"__", "Track"},
        {"\xC3\x89mile_vox", "\xC3\x89mile Vox"},
    };
    for (const auto& [file, name] : table) CHECK(readable_name(file) == name);
}

TEST_CASE("The last word of a name tells its side, the rest what it is a side of") {
    for (const char* left : {"03 OH L", "oh_left", "ohl", "OH-L"}) {
        CHECK(sided_name(left).side == -1);
        CHECK(sided_name(left).rest == "oh");
    }
    for (const char* right : {"04 OH R", "oh_right", "ohr", "OH.R"}) {
        CHECK(sided_name(right).side == 1);
        CHECK(sided_name(right).rest == "oh");
    }
    for (const char* none : {"Vocal", "L", "Bell", "Left Hand Piano", "Guitar"})
        CHECK(sided_name(none).side == 0);
}

TEST_CASE("Names are ordered as people order them") {
    std::vector<std::string> found{"track 10", "Track 2", "track 1", "b", "A", "track 02b", "track"};
    std::sort(found.begin(), found.end(), natural_less);
    CHECK(found ==
          std::vector<std::string>{"A", "b", "track", "track 1", "Track 2", "track 02b", "track 10"});
}
