#include "benchmarks/standard_session.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iomanip>
#include <sstream>

#include "engine/errors.hpp"
#include "host/instrument_family.hpp"
#include "host/stem_reader.hpp"
#include "host/stem_survey.hpp"

namespace tutti::bench {

namespace {

namespace fs = std::filesystem;

constexpr double hall_s = 2.0;
constexpr int bus_count = 8;

/// Numbers of one track, in the order they are asked for: splitmix64 (Steele, Lea, Flood, Fast splittable
/// pseudorandom number generators, OOPSLA 2014).
class TrackNumbers {
  public:
    TrackNumbers(std::uint64_t seed, int track)
        : state_(seed * 0x2545F4914F6CDD1DULL + static_cast<std::uint64_t>(track) * 0xD1342543DE82EF95ULL) {}

    /// Between the two, to three digits behind the point: what a session file holds is what was drawn.
    double between(double low, double high) {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        z ^= z >> 31U;
        const double unit = static_cast<double>(z >> 11U) * 0x1p-53;
        return std::round(1000.0 * (low + (high - low) * unit)) / 1000.0;
    }

  private:
    std::uint64_t state_;
};

/// The eight buses of a desk that has no more.
const char* bus_of(Family family) {
    switch (family) {
        case Family::drums:
            return "Drums";
        case Family::percussion:
        case Family::effects:
            return "Percussion";
        case Family::bass:
            return "Bass";
        case Family::guitars:
            return "Guitars";
        case Family::keys:
        case Family::synths:
            return "Keys";
        case Family::strings:
            return "Strings";
        case Family::brass:
        case Family::winds:
            return "Winds";
        case Family::vocals:
        case Family::other:
            break;
    }
    return "Vocals";
}

Insert eq(TrackNumbers& numbers, double most_db) {
    const auto gain = [&] { return numbers.between(-most_db, most_db); };
    EqInsert eq;
    eq.bands = {{EqShape::low_shelf, numbers.between(60.0, 150.0), gain()},
                {EqShape::bell, numbers.between(200.0, 600.0), gain(), numbers.between(0.7, 1.5)},
                {EqShape::bell, numbers.between(1000.0, 4000.0), gain(), numbers.between(0.7, 1.5)},
                {EqShape::high_shelf, numbers.between(5000.0, 8000.0), gain()}};
    return {eq, false, {}};
}

Insert compressor(TrackNumbers& numbers, double threshold_db, double ratio, double makeup_db) {
    CompressorInsert compressor;
    compressor.threshold_db = threshold_db;
    compressor.ratio = ratio;
    compressor.makeup_db = makeup_db;
    compressor.attack_ms = numbers.between(5.0, 20.0);
    compressor.release_ms = numbers.between(80.0, 200.0);
    return {compressor, false, {}};
}

Insert reverb(const fs::path& file, double mix) {
    ConvolutionInsert convolution;
    convolution.file = file;
    convolution.mix = mix;
    return {convolution, false, {}};
}

std::string numbered(int i) {
    std::ostringstream text;
    text << std::setfill('0') << std::setw(4) << i + 1;
    return text.str();
}

/// Independent signals add in power.
double power_gain_db(double count) { return std::round(-10000.0 * std::log10(count)) / 1000.0; }

Track make_track(const std::string& name, Family family, const fs::path& folder, TrackNumbers& numbers,
                 double fader_db) {
    Track track;
    track.name = name;
    track.group = bus_of(family);
    track.output = bus_of(family);
    track.trim_db = numbers.between(-3.0, 3.0);
    track.gain_db = fader_db + numbers.between(-6.0, 0.0);
    track.pan = numbers.between(-0.8, 0.8);
    track.inserts = {eq(numbers, 4.0)};
    if (family == Family::drums) track.inserts.push_back(reverb(folder / "irs" / (name + ".wav"), 0.15));
    track.inserts.push_back(compressor(numbers, -24.0, 4.0, 6.0));
    for (const char* reverb : {"Hall", "Plate"}) {
        Send send;
        send.to = reverb;
        send.gain_db = numbers.between(-20.0, -12.0);
        track.sends.push_back(send);
    }
    return track;
}

/// The fed buses, in the order of a desk, then the reverbs and the master.
void add_buses(Session& session, const fs::path& folder, std::uint64_t seed) {
    TrackNumbers numbers(seed, -1);
    for (const char* name :
         {"Drums", "Percussion", "Bass", "Guitars", "Keys", "Strings", "Winds", "Vocals"}) {
        Bus bus;
        bus.name = name;
        bus.inserts = {compressor(numbers, -20.0, 2.0, 0.0)};
        const auto feeds = [&](const Track& track) { return track.output == name; };
        if (std::any_of(session.tracks.begin(), session.tracks.end(), feeds)) session.buses.push_back(bus);
    }
    for (const auto& [name, file] : {std::pair{"Hall", "hall.wav"}, std::pair{"Plate", "plate.wav"}}) {
        Bus bus;
        bus.name = name;
        bus.inserts = {reverb(folder / "irs" / file, 1.0)};
        session.buses.push_back(bus);
    }
    session.master.inserts = {
        eq(numbers, 1.5), compressor(numbers, -18.0, 2.0, 3.0), {LimiterInsert{}, false, {}}};
}

}  // namespace

StandardMix standard_mix(const StandardRecipe& recipe, const fs::path& folder) {
    const std::vector<fs::path> sources = find_audio_files(recipe.stems);
    if (sources.empty()) throw InputError(recipe.stems.string() + " holds no audio files");
    StandardMix mix;
    Session& session = mix.session;
    session.path = folder / "session.toml";
    session.name = "Standard session";
    session.sample_rate_hz = read_audio_info(sources.front()).sample_rate_hz;
    session.tail_s = hall_s;
    const double fader_db = power_gain_db(std::max(1.0, static_cast<double>(recipe.track_count) / bus_count));
    for (int i = 0; i < recipe.track_count; ++i) {
        const fs::path& source = sources[static_cast<std::size_t>(i) % sources.size()];
        const std::string name = numbered(i) + "_" + source.stem().string();
        TrackNumbers numbers(recipe.seed, i);
        StandardTrack made{source, name + ".wav", numbers.between(0.0, 3600.0), numbers.between(0.001, 0.02),
                           numbers.between(0.7, 1.0)};
        Track track = make_track(name, family_of(source), folder, numbers, fader_db);
        track.file = folder / "stems" / made.file_name;
        session.tracks.push_back(std::move(track));
        mix.tracks.push_back(std::move(made));
    }
    add_buses(session, folder, recipe.seed);
    return mix;
}

}  // namespace tutti::bench
