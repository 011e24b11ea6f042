#include "host/session_keys.hpp"

namespace tutti {

namespace {

const char* const pan_law_meaning =
    "What a mono signal in the centre is turned down by on each side, so that panning keeps its loudness.";

Range fader_range() { return {-144, 24, "dB"}; }

template <typename Owner>
void add_fader_keys(KeyTable<Owner>& table) {
    table.number("gain_db", &Owner::gain_db, fader_range(), "The fader, after the inserts.")
        .or_minus_infinity = true;
    table.number("pan", &Owner::pan, {-1, 1, ""},
                 "-1 left, 0 centre, +1 right; the balance of a stereo signal.");
    table.choice("pan_law_db", &Owner::pan_law_db, {0, -3, -4.5, -6}, "dB", pan_law_meaning).default_note =
        "`pan_law_db` of `[session]`";
    table.flag("mute", &Owner::mute, "Silences the strip.");
}

template <typename Owner>
void add_routing_keys(KeyTable<Owner>& table) {
    table.flag(
        "solo", &Owner::solo,
        "While any strip is soloed, only soloed strips, what feeds them and what they feed are heard.");
    table.text("group", &Owner::group, "A label that strips share; changes nothing in the mix.");
    table.strip("output", &Owner::output, "The bus that the strip feeds, or \"Master\".");
}

template <typename Owner>
KeyFacts& add_name(KeyTable<Owner>& table, const char* meaning) {
    KeyFacts& facts = table.text("name", &Owner::name, meaning);
    facts.required = true;
    return facts;
}

KeyTable<Session> make_document_keys() {
    KeyTable<Session> table("a session file");
    table.table("session", KeyType::table, "[session]", "What holds for the whole mix.");
    table.table("track", KeyType::tables, "[[track]]", "A stem with its channel strip; at least one.")
        .required = true;
    table.table("bus", KeyType::tables, "[[bus]]", "A strip fed by tracks, sends and other buses.");
    table.table("master", KeyType::table, "[master]",
                "The last bus, named \"Master\": what it puts out is the mix.");
    return table;
}

KeyTable<Session> make_session_keys() {
    KeyTable<Session> table("[session]");
    table.text("name", &Session::name, "The mix's name, for reports.");
    KeyFacts& rate =
        table.number("sample_rate", &Session::sample_rate_hz, {8000, 384000, "Hz"},
                     "Everything is rendered at this rate; stems at another are resampled.", KeyType::whole);
    rate.always_written = true;
    table.number("tail_s", &Session::tail_s, {0, 600, "s"}, "Rendered after the end of the last stem.")
        .default_note = "as long as the inserts ring";
    table.choice("pan_law_db", &Session::pan_law_db, {0, -3, -4.5, -6}, "dB",
                 "The pan law of strips that state none.");
    table
        .number("tempo_bpm", &Session::tempo_bpm, {10, 1000, "beats per minute"},
                "Lets an analysis name bars beside times; changes nothing in the mix.")
        .default_note = "no bars";
    table.number("beats_per_bar", &Session::beats_per_bar, {1, 64, ""}, "How many beats make a bar.",
                 KeyType::whole);
    return table;
}

KeyTable<Track> make_track_keys() {
    KeyTable<Track> table("a track");
    add_name(table, "Unique among tracks and buses; not \"Master\".");
    table.path("file", &Track::file, "The stem, mono or stereo; relative to the session file's folder.")
        .required = true;
    table.number("start_s", &Track::start_s, {0, 86400, "s"},
                 "When the stem begins on the session's time line.");
    table.number("trim_db", &Track::trim_db, {-60, 60, "dB"}, "Gain before the inserts.");
    table.word<bool>("polarity", &Track::invert_polarity, {{"normal", false}, {"inverted", true}},
                     "Inverted turns the stem upside down, before the inserts.");
    add_fader_keys(table);
    add_routing_keys(table);
    table.table("insert", KeyType::tables, "[[track.insert]]",
                "The chain of processors, in the order of the file.");
    table.table("send", KeyType::tables, "[[track.send]]", "Taps of the strip into buses.");
    return table;
}

void add_channels(KeyTable<Bus>& table) {
    table.choice("channels", &Bus::channels, {1, 2}, "", "1 for mono, 2 for stereo.").type = KeyType::whole;
}

KeyTable<Bus> make_bus_keys() {
    KeyTable<Bus> table("a bus");
    add_name(table, "Unique among tracks and buses; not \"Master\".");
    add_channels(table);
    add_fader_keys(table);
    add_routing_keys(table);
    table.table("insert", KeyType::tables, "[[bus.insert]]",
                "The chain of processors, in the order of the file.");
    table.table("send", KeyType::tables, "[[bus.send]]", "Taps of the strip into buses.");
    return table;
}

KeyTable<Bus> make_master_keys() {
    KeyTable<Bus> table("[master]");
    add_channels(table);
    add_fader_keys(table);
    table.table("insert", KeyType::tables, "[[master.insert]]",
                "The chain of processors, in the order of the file.");
    return table;
}

KeyTable<Send> make_send_keys() {
    KeyTable<Send> table("a send");
    table.strip("to", &Send::to, "A bus, or \"Master\".").required = true;
    table.number("gain_db", &Send::gain_db, fader_range(), "The level of the send.").or_minus_infinity = true;
    table.word<bool>("tap", &Send::pre_fader, {{"post", false}, {"pre", true}},
                     "After the strip's fader and pan, or before them.");
    table.number(
        "pan", &Send::pan, {-1, 1, ""},
        "-1 left, 0 centre, +1 right. Of a post-fader send a balance on what the strip's own pan made, of a "
        "pre-fader send the only pan, by the strip's pan law.");
    return table;
}

}  // namespace

const KeyTable<Session>& document_keys() {
    static const KeyTable<Session> table = make_document_keys();
    return table;
}

const KeyTable<Session>& session_keys() {
    static const KeyTable<Session> table = make_session_keys();
    return table;
}

const KeyTable<Track>& track_keys() {
    static const KeyTable<Track> table = make_track_keys();
    return table;
}

const KeyTable<Bus>& bus_keys() {
    static const KeyTable<Bus> table = make_bus_keys();
    return table;
}

const KeyTable<Bus>& master_keys() {
    static const KeyTable<Bus> table = make_master_keys();
    return table;
}

const KeyTable<Send>& send_keys() {
    static const KeyTable<Send> table = make_send_keys();
    return table;
}

}  // namespace tutti
