#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tutti {

/// Where something stands in the session file; both count from 1. Where a thing stands is no part of what it
/// is: all places compare equal, so that sessions compare by what they say.
struct Place {
    int line = 0;
    int column = 0;
    bool operator==(const Place&) const { return true; }
};

enum class EqShape { bell, low_shelf, high_shelf, highpass, lowpass, notch, bandpass, tilt };
enum class EqPhase { minimum, linear };

/// One EQ band, an analogue prototype (see host/eq.hpp for the transfer functions).
struct EqBand {
    EqShape shape = EqShape::bell;
    double freq_hz = 1000.0;
    double gain_db = 0.0;       ///< bell, shelves, tilt
    double q = 0.7071;          ///< bell, shelves, notch, bandpass
    int slope_db_per_oct = 12;  ///< highpass, lowpass: 6, 12, ... 48 (Butterworth)
    bool operator==(const EqBand&) const = default;
};

struct EqInsert {
    EqPhase phase = EqPhase::minimum;
    std::vector<EqBand> bands;
    bool operator==(const EqInsert&) const = default;
};

/// How an impulse response's level is set: as in the file; to unit energy of its loudest path; to a greatest
/// magnitude response of 1 (0 dB) of its loudest path, so that no frequency is amplified.
enum class IrNormalize { none, energy, peak };

struct ConvolutionInsert {
    std::filesystem::path file;  ///< absolute or relative to the working directory, ready to open
    double predelay_ms = 0.0;
    double mix = 1.0;            ///< 0 dry ... 1 wet: (1 - mix) dry + mix wet
    double gain_db = 0.0;        ///< of the wet part
    double trim_start_ms = 0.0;  ///< left out at the start of the response
    double length_s = 0.0;       ///< kept of it, with a 5 ms fade; 0: all
    IrNormalize normalize = IrNormalize::none;
    bool operator==(const ConvolutionInsert&) const = default;
};

struct DelayInsert {
    double delay_ms = 0.0;  ///< rounded to whole frames
    bool operator==(const DelayInsert&) const = default;
};

struct GainInsert {
    double gain_db = 0.0;
    bool invert_polarity = false;
    bool operator==(const GainInsert&) const = default;
};

enum class Detector { peak, rms };

/// The key of a dynamics insert: which signal the detector hears.
struct Key {
    std::string sidechain;              ///< a strip's name, or empty: the insert's own input
    std::optional<double> highpass_hz;  ///< 12 dB/oct Butterworth on the key
    std::optional<double> lowpass_hz;
    bool operator==(const Key&) const = default;
};

struct CompressorInsert {
    double threshold_db = -18.0;
    double ratio = 4.0;
    double attack_ms = 5.0;
    double release_ms = 80.0;
    double hold_ms = 0.0;
    double knee_db = 6.0;
    double lookahead_ms = 0.0;
    double makeup_db = 0.0;
    double mix = 1.0;  ///< 0 dry ... 1 compressed
    Detector detector = Detector::peak;
    double rms_window_ms = 10.0;  ///< time constant of the mean square, detector rms only
    bool stereo_link = true;
    Key key;
    bool operator==(const CompressorInsert&) const = default;
};

struct LimiterInsert {
    double ceiling_dbtp = -1.0;
    double gain_db = 0.0;  ///< before the limiter
    double release_ms = 100.0;
    double lookahead_ms = 3.0;
    bool stereo_link = true;
    bool operator==(const LimiterInsert&) const = default;
};

struct GateInsert {
    double threshold_db = -50.0;
    double hysteresis_db = 4.0;  ///< closes this much under the threshold
    double range_db = 80.0;      ///< attenuation when closed
    double attack_ms = 1.0;
    double hold_ms = 20.0;
    double release_ms = 100.0;
    double lookahead_ms = 0.0;
    Detector detector = Detector::peak;
    double rms_window_ms = 10.0;
    bool stereo_link = true;
    Key key;
    bool operator==(const GateInsert&) const = default;
};

using Processor = std::variant<EqInsert, ConvolutionInsert, DelayInsert, GainInsert, CompressorInsert,
                               LimiterInsert, GateInsert>;

struct Insert {
    Processor processor;
    bool bypass = false;
    Place place;
    bool operator==(const Insert&) const = default;
};

struct Send {
    std::string to;
    double gain_db = 0.0;
    bool pre_fader = false;
    /// Of a post-fader send: a balance on what fader and pan made. Of a pre-fader send: the only pan, by the
    /// strip's pan law.
    double pan = 0.0;
    Place place;
    bool operator==(const Send&) const = default;
};

/// A channel strip: inserts, then sends tapped before the fader, fader, pan, then sends tapped after it,
/// output.
struct Strip {
    std::string name;
    std::string group;
    double gain_db = 0.0;  ///< the fader
    double pan = 0.0;      ///< -1 left ... +1 right; balance on a stereo strip
    double pan_law_db = -3.0;
    bool mute = false;
    bool solo = false;
    std::string output = "Master";  ///< empty on the master itself
    std::vector<Insert> inserts;
    std::vector<Send> sends;
    Place place;
    bool operator==(const Strip&) const = default;
};

struct Track : Strip {
    std::filesystem::path file;  ///< ready to open
    double start_s = 0.0;        ///< where on the session's time line the file begins
    double trim_db = 0.0;        ///< before the inserts
    bool invert_polarity = false;
    Place file_place;
    bool operator==(const Track&) const = default;
};

struct Bus : Strip {
    int channels = 2;  ///< 1 or 2
    bool operator==(const Bus&) const = default;
};

/// A master that changes nothing: named "Master", without an output.
Bus neutral_master();

struct Session {
    std::filesystem::path path;  ///< of the session file, for messages
    std::string name;
    int sample_rate_hz = 48000;
    double pan_law_db = -3.0;         ///< of strips that state none
    std::optional<double> tail_s;     ///< after the last stem's end; absent: as long as the kernels ring
    std::optional<double> tempo_bpm;  ///< of the whole session; for bars in analyses only
    int beats_per_bar = 4;
    std::vector<Track> tracks;
    std::vector<Bus> buses;
    Bus master = neutral_master();
    bool operator==(const Session&) const = default;
};

/// A session file's text. Throws InputError.
std::string read_session_text(const std::filesystem::path& file);

/// Reads a session file. Paths in it become ready to open (relative ones are relative to the file's folder).
/// Throws InputError with every problem of the file, one line each: "FILE:LINE:COLUMN: what was found, what
/// is allowed". Checks everything the file alone can tell (keys, types, ranges, names, routing and side-chain
/// cycles) and that the files named in it exist; does not open them.
Session read_session(const std::filesystem::path& file);

/// The same from text, as if it stood in `file`. With check_files off nothing is looked up on disk.
Session parse_session(const std::string& text, const std::filesystem::path& file, bool check_files = true);

/// The reference of every key, with unit, range and default, as Markdown: from the table the parser uses.
std::string session_reference();

}  // namespace tutti
