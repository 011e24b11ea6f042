#include <algorithm>
#include <cmath>
#include <iomanip>
#include <map>
#include <sstream>

#include "benchmarks/ardour_plugins.hpp"
#include "benchmarks/ardour_responses.hpp"
#include "benchmarks/ardour_session.hpp"
#include "engine/errors.hpp"
#include "host/pan.hpp"
#include "host/stem_reader.hpp"

namespace tutti::bench {

namespace {

namespace fs = std::filesystem;

constexpr const char* opening = R"lua(AudioEngine:set_backend("None (Dummy)", "", "")
local keep = PBD.GroupControlDisposition.NoGroup
local last = ARDOUR.PresentationInfo.max_order
local function bus(name)
  local route = session:new_audio_route(2, 2, nil, 1, name, ARDOUR.PresentationInfo.Flag.AudioBus, last):front()
  route:set_name(name)
  return route
end
local function track(name)
  local list = session:new_audio_track(2, 2, nil, 1, name, last, ARDOUR.TrackMode.Normal, true)
  local route = list:front()
  route:set_name(name)
  return route
end
local function plugin(route, position, uri, preset, parameters)
  local processor = ARDOUR.LuaAPI.new_plugin(session, uri, ARDOUR.PluginType.LV2, "")
  assert(not processor:isnil(), uri .. " is not installed")
  assert(route:add_processor_by_index(processor, position, nil, true) == 0, uri .. " cannot be added")
  if preset ~= "" then
    local loaded = processor:to_insert():plugin(0)
    assert(loaded:load_preset(loaded:preset_by_label(preset)), preset .. " cannot be loaded")
  end
  for port, value in pairs(parameters) do
    assert(ARDOUR.LuaAPI.set_processor_param(processor, port, value), uri .. " takes no such value")
  end
end
local function strip(route, trim, fader, balance, output)
  route:trim_control():set_value(trim, keep)
  route:gain_control():set_value(fader, keep)
  route:pan_azimuth_control():set_value(balance, keep)
  route:output():disconnect_all(nil)
  for channel = 0, 1 do
    route:output():audio(channel):connect(output:input():audio(channel):name())
  end
end
local function send(route, number, to, gain)
  local one = ARDOUR.RouteListPtr()
  one:push_back(route)
  session:add_internal_sends(to, ARDOUR.Placement.PostFader, one)
  route:nth_send(number):to_send():gain_control():set_value(gain, keep)
end
)lua";

constexpr const char* closing = R"lua(session:save_state("", false, false, false, false, false)
close_session()
quit()
)lua";

class ScriptWriter {
  public:
    ScriptWriter(const OpenedSession& opened, const fs::path& folder)
        : session_(opened.session), channels_(opened.channels), folder_(folder) {
        out_ << std::setprecision(9);
    }

    std::string write() {
        out_ << opening << "session = create_session([[" << (folder_ / "session").string()
             << "]], \"session\", " << session_.sample_rate_hz
             << ")\nassert(session)\nlocal strips = {}\nlocal master = session:master_out()\n";
        variables_["Master"] = "master";
        for (std::size_t i = 0; i < session_.buses.size(); ++i) {
            declare(session_.buses[i], "bus", i);
        }
        for (const Bus& bus : session_.buses) {
            if (bus.channels != 2) refuse(bus, "a mono bus");
            write_strip(bus, 1.0);
        }
        for (std::size_t i = 0; i < session_.tracks.size(); ++i) write_track(i);
        write_inserts(session_.master, "master");
        out_ << "master:gain_control():set_value(" << db_to_gain(session_.master.gain_db) << ", keep)\n"
             << closing;
        return out_.str();
    }

  private:
    [[noreturn]] void refuse(const Strip& strip, const std::string& what) const {
        throw InputError(session_.path.string() + ":" + std::to_string(strip.place.line) + ": \"" +
                         strip.name + "\" uses " + what +
                         ", which Ardour has no like of here; leave it out of --against");
    }

    void declare(const Strip& strip, const char* kind, std::size_t i) {
        const std::string name = std::string(kind) + " " + std::to_string(i + 1);
        variables_[strip.name] = "strips[\"" + name + "\"]";
        out_ << "strips[\"" << name << "\"] = " << kind << "(\"" << name << "\")\n";
    }

    void write_track(std::size_t i) {
        const Track& track = session_.tracks[i];
        if (channels_[i] != 2) refuse(track, "a mono stem");
        if (read_audio_info(track.file).sample_rate_hz != session_.sample_rate_hz) {
            refuse(track, "a stem at another sample rate");
        }
        if (track.start_s > 0.0 || track.invert_polarity || track.solo) {
            refuse(track, "a start, an inverted polarity or solo");
        }
        declare(track, "track", i);
        write_strip(track, db_to_gain(track.trim_db));
    }

    void write_strip(const Strip& strip, double trim) {
        if (strip.mute) refuse(strip, "mute");
        const std::string& route = variables_.at(strip.name);
        write_inserts(strip, route);
        out_ << "strip(" << route << ", " << trim << ", " << db_to_gain(strip.gain_db) << ", "
             << ardour_balance(strip.pan) << ", " << variables_.at(strip.output) << ")\n";
        for (std::size_t i = 0; i < strip.sends.size(); ++i) {
            const Send& send = strip.sends[i];
            if (send.pre_fader || send.pan != 0.0) refuse(strip, "a pre-fader or panned send");
            out_ << "send(" << route << ", " << i << ", " << variables_.at(send.to) << ", "
                 << db_to_gain(send.gain_db) << ")\n";
        }
    }

    void write_inserts(const Strip& strip, const std::string& route) {
        int position = 0;
        for (const Insert& insert : strip.inserts) {
            if (insert.bypass) continue;
            try {
                const auto* const convolution = std::get_if<ConvolutionInsert>(&insert.processor);
                write_plugin(route, position++,
                             convolution != nullptr ? ardour_convolver(ardour_preset(*convolution))
                                                    : ardour_plugin(insert.processor));
            } catch (const NotInArdour& error) {
                refuse(strip, error.what());
            }
        }
    }

    void write_plugin(const std::string& route, int position, const ArdourPlugin& plugin) {
        out_ << "plugin(" << route << ", " << position << ", \"" << plugin.uri << "\", \"" << plugin.preset
             << "\", {";
        for (const auto& [port, value] : plugin.parameters) out_ << "[" << port << "] = " << value << ", ";
        out_ << "})\n";
    }

    const Session& session_;
    const std::vector<int>& channels_;  ///< [track]
    const fs::path& folder_;
    std::ostringstream out_;
    std::map<std::string, std::string> variables_;  ///< of the strips
};

}  // namespace

std::string ardour_script(const OpenedSession& opened, const fs::path& folder) {
    return ScriptWriter(opened, folder).write();
}

double ardour_balance(double pan) {
    // The near side stays, the far side falls as a straight line to 0 at the end.
    const ChannelGains gains = pan_gains(pan, 0.0, 2, 2);
    return pan < 0.0 ? 0.5 * gains[1][1] : 1.0 - 0.5 * gains[0][0];
}

}  // namespace tutti::bench
