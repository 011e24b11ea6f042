#include "benchmarks/ffmpeg_graph.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>
#include <thread>

#include "benchmarks/ffmpeg_filters.hpp"
#include "engine/errors.hpp"
#include "host/pan.hpp"
#include "host/stem_reader.hpp"

namespace tutti::bench {

namespace {

/// Builds the graph strip by strip: every strip's signal ends under a label, and buses gather labels.
class GraphWriter {
  public:
    GraphWriter(const OpenedSession& opened, std::int64_t frame_count)
        : session_(opened.session), channels_(opened.channels), frame_count_(frame_count) {}

    FfmpegJob write() {
        for (std::size_t i = 0; i < session_.tracks.size(); ++i) {
            if (!session_.tracks[i].mute) {
                write_track(session_.tracks[i], channels_[i]);
            }
        }
        // A bus is ready when nothing that is still to be written feeds it.
        std::vector<const Bus*> waiting;
        for (const Bus& bus : session_.buses) {
            waiting.push_back(&bus);
        }
        while (!waiting.empty()) {
            const auto ready = std::find_if(waiting.begin(), waiting.end(), [&](const Bus* bus) {
                return std::none_of(waiting.begin(), waiting.end(),
                                    [&](const Bus* other) { return feeds(*other, bus->name); });
            });
            TUTTI_CHECK(ready != waiting.end());
            write_bus(**ready);
            waiting.erase(ready);
        }
        write_master();
        split_impulse_responses();
        return {inputs_, graph_.str()};
    }

  private:
    struct Signal {
        std::string label;
        int channels = 0;
    };

    [[noreturn]] void refuse(const Strip& strip, const std::string& what) const {
        throw InputError(session_.path.string() + ":" + std::to_string(strip.place.line) + ": \"" +
                         strip.name + "\" uses " + what +
                         ", which ffmpeg has no like of; leave it out of --against");
    }

    std::string new_label() { return std::string("x").append(std::to_string(label_count_++)); }

    /// Writes "[in]filters[out]" and names what comes out.
    std::string filter(const std::string& in, const std::string& filters) {
        const std::string out = new_label();
        graph_ << "[" << in << "]" << filters << "[" << out << "];\n";
        return out;
    }

    std::pair<std::string, std::string> split(const std::string& in) {
        const std::string first = new_label();
        const std::string second = new_label();
        graph_ << "[" << in << "]asplit[" << first << "][" << second << "];\n";
        return {first, second};
    }

    static bool feeds(const Strip& strip, const std::string& name) {
        return strip.output == name || std::any_of(strip.sends.begin(), strip.sends.end(),
                                                   [&](const Send& send) { return send.to == name; });
    }

    std::int64_t frames(double seconds) const { return std::llround(seconds * session_.sample_rate_hz); }

    void write_track(const Track& track, int channels) {
        if (track.solo) {
            refuse(track, "solo");
        }
        const AudioInfo info = read_audio_info(track.file);
        FilterChain chain("aformat=sample_fmts=fltp");
        if (info.sample_rate_hz != session_.sample_rate_hz) {
            chain.add("aresample=", session_.sample_rate_hz, ":resampler=soxr:precision=28");
        }
        // Small frames make ffmpeg three times slower. amix drops the last partial frame of some inputs and
        // afir rings no tail: silence up to a frame past the end of the mix keeps both away from it.
        chain.add("asetnsamples=n=8192:p=0");
        if (track.start_s > 0.0) {
            chain.add("adelay=delays=", frames(track.start_s), "S:all=1");
        }
        chain.add("apad=whole_len=", frame_count_ + 16384, ":packet_size=8192");
        const double trim = db_to_gain(track.trim_db) * (track.invert_polarity ? -1.0 : 1.0);
        if (trim != 1.0) {
            chain.add("volume=", trim);
        }
        inputs_.push_back(track.file);
        write_strip(track, {filter(std::to_string(inputs_.size() - 1) + ":a", chain.text()), channels});
    }

    void write_bus(const Bus& bus) {
        if (bus.channels != 2) {
            refuse(bus, "a mono bus");
        }
        if (gathered_[bus.name].empty() || bus.mute) {
            gathered_.erase(bus.name);
            return;
        }
        write_strip(bus, {sum_of(bus.name), 2});
    }

    void write_master() {
        const Bus& master = session_.master;
        Signal signal = write_inserts(master, {sum_of(master.name), 2});
        graph_ << "[" << signal.label << "]volume=" << db_to_gain(master.gain_db)
               << ",atrim=end_sample=" << frame_count_ << "[mix];\n";
    }

    std::string sum_of(const std::string& bus) {
        const std::vector<std::string>& labels = gathered_[bus];
        if (labels.empty()) {
            throw InputError(session_.path.string() + ": nothing reaches " + bus);
        }
        const std::string out = new_label();
        for (const std::string& label : labels) {
            graph_ << "[" << label << "]";
        }
        graph_ << "amix=inputs=" << labels.size() << ":normalize=0[" << out << "];\n";
        return out;
    }

    /// Inserts, sends, fader, pan, output.
    void write_strip(const Strip& strip, Signal signal) {
        signal = write_inserts(strip, signal);
        for (const Send& send : strip.sends) {
            if (send.pre_fader || send.pan != 0.0) {
                refuse(strip, "a pre-fader or panned send");
            }
        }
        signal = pan(strip, signal);
        for (const Send& send : strip.sends) {
            auto [through, tapped] = split(signal.label);
            gathered_[send.to].push_back(
                filter(tapped, FilterChain("volume=", db_to_gain(send.gain_db)).text()));
            signal.label = through;
        }
        gathered_[strip.output].push_back(signal.label);
    }

    Signal pan(const Strip& strip, const Signal& signal) {
        const ChannelGains gains = pan_gains(strip.pan, strip.pan_law_db, signal.channels, 2);
        const double fader = db_to_gain(strip.gain_db);
        const int right_input = signal.channels - 1;
        const FilterChain chain("pan=stereo|c0=", fader * gains[0][0],
                                "*c0|c1=", fader * gains[1][right_input], "*c", right_input);
        return {filter(signal.label, chain.text()), 2};
    }

    Signal write_inserts(const Strip& strip, Signal signal) {
        for (const Insert& insert : strip.inserts) {
            if (insert.bypass) {
                continue;
            }
            if (const auto* convolution = std::get_if<ConvolutionInsert>(&insert.processor)) {
                signal = convolve(strip, *convolution, signal);
                continue;
            }
            try {
                signal.label = filter(signal.label, filters_of(insert.processor, session_.sample_rate_hz));
            } catch (const NotInFfmpeg& error) {
                refuse(strip, error.what());
            }
        }
        return signal;
    }

    Signal convolve(const Strip& strip, const ConvolutionInsert& convolution, Signal signal) {
        const int response_channels = read_audio_info(convolution.file).channels;
        if (convolution.trim_start_ms > 0.0 || convolution.length_s > 0.0 || response_channels > 2 ||
            convolution.normalize != IrNormalize::none) {
            refuse(strip, "an impulse response that is cut, normalised or true stereo");
        }
        if (signal.channels < response_channels) {
            signal = {filter(signal.label, "pan=stereo|c0=c0|c1=c0"), 2};
        }
        const std::string response = use_impulse_response(convolution.file, signal.channels);
        std::string dry;
        std::string wet = signal.label;
        if (convolution.mix < 1.0) {
            std::tie(dry, wet) = split(signal.label);
        }
        if (convolution.predelay_ms > 0.0) {
            wet = filter(
                wet,
                FilterChain("adelay=delays=", frames(0.001 * convolution.predelay_ms), "S:all=1").text());
        }
        // Without automatic gain what comes out is twice the convolution. `dry` is the gain of the input,
        // so 1.
        const std::string out = new_label();
        graph_ << "[" << wet << "][" << response << "]afir=gtype=none:dry=1:wet=0.5:maxir=60[" << out
               << "];\n";
        signal.label =
            filter(out, FilterChain("volume=", convolution.mix * db_to_gain(convolution.gain_db)).text());
        if (!dry.empty()) {
            const std::string both = new_label();
            graph_ << "[" << dry << "][" << signal.label << "]amix=inputs=2:normalize=0:weights='"
                   << 1.0 - convolution.mix << " 1'[" << both << "];\n";
            signal.label = both;
        }
        return signal;
    }

    /// One input per file, however many strips use it: each gets a copy of its own, with as many channels as
    /// its signal.
    std::string use_impulse_response(const std::filesystem::path& file, int channels) {
        std::vector<std::string>& users = response_users_[{file, channels}];
        users.push_back(new_label());
        return users.back();
    }

    void split_impulse_responses() {
        for (const auto& [response, users] : response_users_) {
            const auto& [file, channels] = response;
            const AudioInfo info = read_audio_info(file);
            FilterChain chain("aformat=sample_fmts=fltp");
            if (info.sample_rate_hz != session_.sample_rate_hz) {
                chain.add("aresample=", session_.sample_rate_hz, ":resampler=soxr:precision=28");
            }
            if (info.channels < channels) {
                chain.add("pan=stereo|c0=c0|c1=c0");
            }
            chain.add("asplit=", users.size());
            graph_ << "[" << inputs_.size() << ":a]" << chain.text();
            for (const std::string& user : users) {
                graph_ << "[" << user << "]";
            }
            graph_ << ";\n";
            inputs_.push_back(file);
        }
    }

    const Session& session_;
    const std::vector<int>& channels_;  ///< [track]
    const std::int64_t frame_count_;
    std::vector<std::filesystem::path> inputs_;
    std::ostringstream graph_;
    int label_count_ = 0;
    std::map<std::string, std::vector<std::string>> gathered_;  ///< what feeds each bus
    std::map<std::pair<std::filesystem::path, int>, std::vector<std::string>> response_users_;
};

}  // namespace

FfmpegJob ffmpeg_job(const OpenedSession& opened, std::int64_t frame_count) {
    FfmpegJob job = GraphWriter(opened, frame_count).write();
    job.graph.erase(job.graph.rfind(';'));  // the last filter chain ends the text
    return job;
}

std::vector<std::string> FfmpegJob::command(const std::filesystem::path& graph_file,
                                            const std::filesystem::path& mix, int thread_count) const {
    const std::string threads = std::to_string(
        thread_count > 0 ? thread_count
                         : static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
    std::vector<std::string> words = {"ffmpeg", "-nostdin", "-v", "error", "-y", "-filter_complex_threads",
                                      threads};
    for (const std::filesystem::path& input : inputs) {
        words.insert(words.end(), {"-i", "file:" + input.string()});
    }
    words.insert(words.end(), {"-filter_complex_script", graph_file.string(), "-map", "[mix]", "-c:a",
                               "pcm_f32le", "-rf64", "auto", "-f", "wav", "file:" + mix.string()});
    return words;
}

}  // namespace tutti::bench
