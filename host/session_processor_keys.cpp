#include <array>

#include "host/session_keys.hpp"

namespace tutti {

namespace {

constexpr double lowest_hz = 10.0;

struct NamedProcessor {
    const char* name;
    Processor fresh;
};

/// In the order of Processor's alternatives.
const std::array<NamedProcessor, std::variant_size_v<Processor>>& processors() {
    static const std::array<NamedProcessor, std::variant_size_v<Processor>> all{
        {{"eq", EqInsert{}},
         {"convolution", ConvolutionInsert{}},
         {"delay", DelayInsert{}},
         {"gain", GainInsert{}},
         {"compressor", CompressorInsert{}},
         {"limiter", LimiterInsert{}},
         {"gate", GateInsert{}}}};
    return all;
}

KeyTable<Insert> make_insert_keys() {
    KeyTable<Insert> table("an insert");
    KeyFacts type{"type", KeyType::word, "Which processor it is; says which other keys there are."};
    type.required = true;
    for (const NamedProcessor& processor : processors()) type.words.emplace_back(processor.name);
    table.add(
        std::move(type),
        [](const Insert& insert) -> KeyValue { return processors().at(insert.processor.index()).name; },
        [](Insert& insert, const KeyValue& value) {
            for (const NamedProcessor& processor : processors()) {
                if (std::get<std::string>(value) == processor.name) insert.processor = processor.fresh;
            }
        });
    table.flag("bypass", &Insert::bypass, "Leaves the processor out of the chain.");
    return table;
}

KeyTable<EqBand> make_band_keys() {
    KeyTable<EqBand> table("an eq band");
    table
        .word<EqShape>(
            "shape", &EqBand::shape,
            {{"bell", EqShape::bell},
             {"low_shelf", EqShape::low_shelf},
             {"high_shelf", EqShape::high_shelf},
             {"highpass", EqShape::highpass},
             {"lowpass", EqShape::lowpass},
             {"notch", EqShape::notch},
             {"bandpass", EqShape::bandpass},
             {"tilt", EqShape::tilt}},
            "The magnitude response: R. Bristow-Johnson's analogue prototypes; Butterworth for highpass and "
            "lowpass; tilt goes from half of gain_db below the pivot, negated, to half of it above.")
        .required = true;
    table.frequency("freq_hz", &EqBand::freq_hz, lowest_hz, "Centre, corner or pivot.").required = true;
    KeyFacts& gain = table.number("gain_db", &EqBand::gain_db, {-40, 40, "dB"}, "Boost or cut.");
    gain.only_with_key = "shape";
    gain.only_with = {"bell", "low_shelf", "high_shelf", "tilt"};
    KeyFacts& q = table.number("q", &EqBand::q, {0.1, 40, ""}, "Centre frequency over bandwidth.");
    q.only_with_key = "shape";
    q.only_with = {"bell", "low_shelf", "high_shelf", "notch", "bandpass"};
    KeyFacts& slope =
        table.choice("slope_db_per_oct", &EqBand::slope_db_per_oct, {6, 12, 18, 24, 30, 36, 42, 48}, "dB/oct",
                     "Steepness of the Butterworth filter.");
    slope.type = KeyType::whole;
    slope.only_with_key = "shape";
    slope.only_with = {"highpass", "lowpass"};
    return table;
}

KeyTable<EqInsert> make_eq_keys() {
    KeyTable<EqInsert> table("an eq");
    table.word<EqPhase>("phase", &EqInsert::phase,
                        {{"minimum", EqPhase::minimum}, {"linear", EqPhase::linear}},
                        "Linear delays all frequencies alike; its latency is compensated.");
    table.table("bands", KeyType::tables, "bands = [ { … } ]",
                "The bands; all of them act one after the other.");
    return table;
}

KeyTable<ConvolutionInsert> make_convolution_keys() {
    using Insert = ConvolutionInsert;
    KeyTable<Insert> table("a convolution");
    table
        .path(
            "file", &Insert::file,
            "The impulse response; relative to the session file's folder. One channel acts on each channel, "
            "two are left and right, four are true stereo: left to left, left to right, right to left, right "
            "to right. Two or four make a mono signal stereo: by left and right, or by the means of the "
            "pairs.")
        .required = true;
    table.number("predelay_ms", &Insert::predelay_ms, {0, 5000, "ms"},
                 "Silence before the response; the dry part stays where it is.");
    table.number("mix", &Insert::mix, {0, 1, ""}, "0 dry … 1 wet: 1 - mix of the dry part, mix of the wet.");
    table.number("gain_db", &Insert::gain_db, {-144, 60, "dB"}, "Gain of the wet part.");
    table.number("trim_start_ms", &Insert::trim_start_ms, {0, 60000, "ms"},
                 "Left out at the start of the response.");
    table.number("length_s", &Insert::length_s, {0, 600, "s"},
                 "Kept of the response, its last 5 ms under half a raised cosine; 0 keeps all.");
    table.word<IrNormalize>(
        "normalize", &Insert::normalize,
        {{"none", IrNormalize::none}, {"energy", IrNormalize::energy}, {"peak", IrNormalize::peak}},
        "The level of what is kept, by its loudest channel, before gain_db: as in the file, to unit energy, "
        "or to a magnitude response of at most 0 dB.");
    return table;
}

KeyTable<DelayInsert> make_delay_keys() {
    KeyTable<DelayInsert> table("a delay");
    table.number("delay_ms", &DelayInsert::delay_ms, {0, 60000, "ms"},
                 "A fixed delay, rounded to whole frames.");
    return table;
}

KeyTable<GainInsert> make_gain_keys() {
    KeyTable<GainInsert> table("a gain");
    table.number("gain_db", &GainInsert::gain_db, {-144, 60, "dB"}, "The gain.");
    table.word<bool>("polarity", &GainInsert::invert_polarity, {{"normal", false}, {"inverted", true}},
                     "Inverted turns the signal upside down.");
    return table;
}

/// What compressor and gate share: how the level is read and from where.
template <typename Insert>
void add_detector_keys(KeyTable<Insert>& table) {
    table.template word<Detector>("detector", &Insert::detector,
                                  {{"peak", Detector::peak}, {"rms", Detector::rms}},
                                  "What the level is read as.");
    KeyFacts& window = table.number("rms_window_ms", &Insert::rms_window_ms, {0.1, 1000, "ms"},
                                    "Time constant of the mean square.");
    window.only_with_key = "detector";
    window.only_with = {"rms"};
    table.flag("stereo_link", &Insert::stereo_link, "Both channels get the gain of the louder one.");
    table
        .strip(
            "sidechain", [](auto& insert) -> auto& { return insert.key.sidechain; },
            "The track or bus that is listened to.")
        .default_note = "the insert's own input";
    table
        .frequency(
            "key_highpass_hz", [](auto& insert) -> auto& { return insert.key.highpass_hz; }, lowest_hz,
            "Highpass on what is listened to, 12 dB/oct.")
        .default_note = "none";
    table
        .frequency(
            "key_lowpass_hz", [](auto& insert) -> auto& { return insert.key.lowpass_hz; }, lowest_hz,
            "Lowpass on what is listened to, 12 dB/oct.")
        .default_note = "none";
}

KeyTable<CompressorInsert> make_compressor_keys() {
    using Insert = CompressorInsert;
    KeyTable<Insert> table("a compressor");
    table.number("threshold_db", &Insert::threshold_db, {-100, 20, "dBFS"},
                 "Above it the level is turned down.");
    table.number("ratio", &Insert::ratio, {1, 1000, ""}, "dB in per dB out above the threshold.");
    table.number("attack_ms", &Insert::attack_ms, {0, 1000, "ms"},
                 "In this time 63 % of a gain reduction is reached. The reduction is averaged over 2 ms, as "
                 "much before as "
                 "after, so that none is steeper than that.");
    table.number("release_ms", &Insert::release_ms, {1, 10000, "ms"},
                 "In this time 63 % of it is given back.");
    table.number("hold_ms", &Insert::hold_ms, {0, 5000, "ms"}, "The release waits for this long.");
    table.number("knee_db", &Insert::knee_db, {0, 48, "dB"},
                 "Width of the bend around the threshold; 0 is hard.");
    table.number("lookahead_ms", &Insert::lookahead_ms, {0, 100, "ms"},
                 "The gain acts this much early; compensated.");
    table.number("makeup_db", &Insert::makeup_db, {-60, 60, "dB"}, "Gain after the compressor.");
    table.number("mix", &Insert::mix, {0, 1, ""}, "0 dry … 1 compressed.");
    add_detector_keys(table);
    return table;
}

KeyTable<LimiterInsert> make_limiter_keys() {
    using Insert = LimiterInsert;
    KeyTable<Insert> table("a limiter");
    table.number("ceiling_dbtp", &Insert::ceiling_dbtp, {-60, 0, "dBTP"},
                 "No true peak (ITU-R BS.1770) goes over it.");
    table.number("gain_db", &Insert::gain_db, {-60, 60, "dB"}, "Gain before the limiter.");
    table.number("release_ms", &Insert::release_ms, {1, 10000, "ms"},
                 "In this time 63 % of a reduction is given back.");
    table.number("lookahead_ms", &Insert::lookahead_ms, {0.5, 100, "ms"},
                 "The gain acts this much early; compensated.");
    table.flag("stereo_link", &Insert::stereo_link, "Both channels get the gain of the louder one.");
    return table;
}

KeyTable<GateInsert> make_gate_keys() {
    using Insert = GateInsert;
    KeyTable<Insert> table("a gate");
    table.number("threshold_db", &Insert::threshold_db, {-144, 20, "dBFS"}, "Opens at this level.");
    table.number("hysteresis_db", &Insert::hysteresis_db, {0, 40, "dB"},
                 "Closes this much under the threshold.");
    table.number("range_db", &Insert::range_db, {0, 144, "dB"}, "Attenuation when closed.");
    table.number("attack_ms", &Insert::attack_ms, {0, 1000, "ms"}, "How fast it opens.");
    table.number("hold_ms", &Insert::hold_ms, {0, 5000, "ms"}, "Stays open for this long.");
    table.number("release_ms", &Insert::release_ms, {1, 10000, "ms"}, "How fast it closes.");
    table.number("lookahead_ms", &Insert::lookahead_ms, {0, 100, "ms"},
                 "The gain acts this much early; compensated.");
    add_detector_keys(table);
    return table;
}

}  // namespace

const KeyTable<Insert>& insert_keys() {
    static const KeyTable<Insert> table = make_insert_keys();
    return table;
}

const KeyTable<EqBand>& band_keys() {
    static const KeyTable<EqBand> table = make_band_keys();
    return table;
}

const KeyTable<EqInsert>& processor_keys(const EqInsert&) {
    static const KeyTable<EqInsert> table = make_eq_keys();
    return table;
}

const KeyTable<ConvolutionInsert>& processor_keys(const ConvolutionInsert&) {
    static const KeyTable<ConvolutionInsert> table = make_convolution_keys();
    return table;
}

const KeyTable<DelayInsert>& processor_keys(const DelayInsert&) {
    static const KeyTable<DelayInsert> table = make_delay_keys();
    return table;
}

const KeyTable<GainInsert>& processor_keys(const GainInsert&) {
    static const KeyTable<GainInsert> table = make_gain_keys();
    return table;
}

const KeyTable<CompressorInsert>& processor_keys(const CompressorInsert&) {
    static const KeyTable<CompressorInsert> table = make_compressor_keys();
    return table;
}

const KeyTable<LimiterInsert>& processor_keys(const LimiterInsert&) {
    static const KeyTable<LimiterInsert> table = make_limiter_keys();
    return table;
}

const KeyTable<GateInsert>& processor_keys(const GateInsert&) {
    static const KeyTable<GateInsert> table = make_gate_keys();
    return table;
}

}  // namespace tutti
