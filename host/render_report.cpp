#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "host/progress.hpp"
#include "host/render.hpp"
#include "host/units.hpp"

namespace tutti {

namespace {

template <typename... Values>
std::string format(const char* pattern, Values... values) {
    char text[512];
    std::snprintf(text, sizeof text, pattern, values...);
    return text;
}

/// One level with a sign that stands apart from hyphens; silence in words.
std::string level_text(double level, const char* unit) {
    return std::isfinite(level) ? format("%.1f %s", level, unit) : std::string("silence");
}

std::string rate_text(int rate_hz) {
    return rate_hz % 1000 == 0 ? format("%d kHz", rate_hz / 1000) : format("%.1f kHz", rate_hz / 1000.0);
}

nlohmann::json finite_or_null(double value) {
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

/// Of several devices, which has how much to do.
std::string devices_text(const RenderReport& report) {
    std::string text;
    for (const RenderReport::Device& device : report.devices) {
        text += format("  %-9s %4d track%s busy for %.2f s\n", device.id.c_str(), device.track_count,
                       device.track_count == 1 ? ", " : "s,", device.busy_s);
    }
    return text;
}

nlohmann::ordered_json devices_json(const RenderReport& report) {
    nlohmann::ordered_json json = nlohmann::ordered_json::array();
    for (const RenderReport::Device& device : report.devices) {
        json.push_back({{"id", device.id},
                        {"name", device.name},
                        {"tracks", device.track_count},
                        {"busy_seconds", device.busy_s},
                        {"waiting_seconds", device.waited_s}});
    }
    return json;
}

/// How stems come to the device, how the convolvers were planned, and what was left out of kernels.
std::string convolution_text(const RenderReport& report) {
    std::string text;
    for (const PcmChoice& choice : report.pcm_choices) text += "  pcm: " + describe(choice) + "\n";
    for (const ConvolverForecast& convolver : report.convolvers) {
        for (const auto& [layout, row_count] : convolver.choices) {
            text += format(
                "  convolver: %d rows in transforms of %d frames, %d of them new, kernels in %d part%s\n",
                row_count, layout.transform_frames, layout.hop_frames, layout.partition_count,
                layout.partition_count == 1 ? "" : "s");
        }
    }
    for (const MixPlan::DroppedEnd& end : report.dropped_ends) {
        text +=
            format("  kernel: the last %.3f s of ", static_cast<double>(end.frames) / report.sample_rate_hz) +
            end.strip + "'s are 140 dB below the whole, and left out\n";
    }
    return text;
}

nlohmann::json convolution_json(const RenderReport& report) {
    nlohmann::json json = nlohmann::json::array();
    for (const ConvolverForecast& convolver : report.convolvers) {
        nlohmann::json layouts = nlohmann::json::array();
        for (const auto& [layout, row_count] : convolver.choices) {
            layouts.push_back({{"rows", row_count},
                               {"transform_frames", layout.transform_frames},
                               {"hop_frames", layout.hop_frames},
                               {"partitions", layout.partition_count}});
        }
        json.push_back({{"bytes", convolver.bytes}, {"layouts", layouts}});
    }
    return json;
}

nlohmann::ordered_json pcm_json(const RenderReport& report) {
    nlohmann::ordered_json json = nlohmann::ordered_json::array();
    for (const PcmChoice& choice : report.pcm_choices) {
        nlohmann::ordered_json entry{{"device", choice.device},
                                     {"bits", 8 * choice.format.bytes()},
                                     {"float", choice.format.sample == PcmSample::float32},
                                     {"big_endian", choice.format.is_big_endian},
                                     {"channels", choice.channels},
                                     {"stems", choice.stem_count},
                                     {"converted_by", choice.by_device ? "device" : "host"},
                                     {"asked_for", choice.asked != DevicePcm::automatic}};
        if (choice.asked == DevicePcm::automatic) {
            entry["device_measured"] = choice.is_measured;
            entry["device_seconds_per_sample"] = choice.device_s;
            entry["host_seconds_per_sample"] = choice.host_s;
        }
        json.push_back(entry);
    }
    return json;
}

/// What came from the cache and what did not; with `verbose` by name.
std::string reuse_text(const RenderReport::Reuse& reuse, bool verbose) {
    const int count = reuse.read_count + reuse.unread_count + static_cast<int>(reuse.made.size());
    std::string text =
        format("cache     %zu of %d parts rendered, %d read (%s), %d not needed; %s added to ",
               reuse.made.size(), count, reuse.read_count, bytes_text(reuse.read_bytes).c_str(),
               reuse.unread_count, bytes_text(reuse.kept_bytes).c_str()) +
        reuse.folder.string() + "\n";
    if (reuse.anew_count > 0) text += format("  damaged entries rendered anew: %d\n", reuse.anew_count);
    if (!verbose) return text;
    text += format("  stems read to know what is in them: %d\n", reuse.hashed_stem_count);
    text += format("  chains of inserts whose kernels were designed: %d\n", reuse.designed_chain_count);
    for (const std::string& name : reuse.made) text += "  rendered: " + name + "\n";
    return text;
}

nlohmann::ordered_json reuse_json(const RenderReport::Reuse& reuse) {
    return {{"folder", reuse.folder.string()},
            {"rendered", reuse.made},
            {"read", reuse.read_count},
            {"not_needed", reuse.unread_count},
            {"damaged", reuse.anew_count},
            {"stems_hashed", reuse.hashed_stem_count},
            {"read_bytes", reuse.read_bytes},
            {"added_bytes", reuse.kept_bytes},
            {"chains_designed", reuse.designed_chain_count}};
}

}  // namespace

std::string report_text(const RenderReport& report, bool verbose) {
    std::string text =
        (report.session_name.empty() ? "session" : report.session_name) + ": " +
        format("%d tracks, %d buses, %s at %s\n", report.track_count, report.bus_count,
               clock_text(report.duration_s()).c_str(), rate_text(report.sample_rate_hz).c_str());
    text += "device    " + report.device + "\n";
    if (report.devices.size() > 1) text += devices_text(report);
    text += format("memory    %s at its peak, %s planned, chunks of %d frames\n",
                   bytes_text(report.peak_memory_bytes).c_str(), bytes_text(report.memory_bytes).c_str(),
                   report.chunk_frames);
    text += format("latency   %d frames, compensated\n", report.latency_frames);
    text += format(
        "time      %.2f s, %.1f x real time: %.2f s to prepare, then side by side %.2f s decoding, %.2f s "
        "processing, "
        "%.2f s encoding\n",
        report.seconds.wall, report.times_real_time(), report.seconds.prepare, report.seconds.decode,
        report.seconds.process, report.seconds.encode);
    if (report.reuse) text += reuse_text(*report.reuse, verbose);
    if (verbose) text += convolution_text(report);
    if (!report.dynamics.empty()) text += "gain reduction, greatest and mean, and how much of the time\n";
    for (const RenderReport::Dynamics& d : report.dynamics) {
        text += format("  %5.1f dB %5.1f dB %4.0f %%  ", d.gain.max_reduction_db, d.gain.mean_reduction_db,
                       100.0 * d.gain.active_share) +
                d.curve.processor + " on " + d.curve.strip + "\n";
    }
    text += "loudness  " + level_text(report.loudness.integrated_lufs, "LUFS") + " integrated, range " +
            format("%.1f LU", report.loudness.range_lu) + ", true peak " +
            level_text(report.loudness.true_peak_dbtp, "dBTP");
    text += report.over_count > 0 ? format(", %lld overs\n", static_cast<long long>(report.over_count))
                                  : std::string("\n");
    text += "mix       " + report.mix.string() + "\n";
    if (!report.stems.empty()) {
        text += format("stems     %zu files in ", report.stems.size()) +
                report.stems.front().parent_path().string() + "\n";
    }
    return text;
}

std::string timings_text(const RenderReport& report) {
    std::string text;
    const auto line = [&](double seconds, const std::string& what) {
        text += format("  %8.3f s %5.1f %%  ", seconds, 100.0 * seconds / report.seconds.wall) + what + "\n";
    };
    text += format("where %.3f s went, and the share of it\n", report.seconds.wall);
    line(report.seconds.prepare, "prepare: session, kernels, device");
    line(report.seconds.process, "process, step by step:");
    for (const RenderReport::StepTime& step : report.steps) line(step.seconds, "    " + step.what);
    for (const RenderReport::Device& device : report.devices) {
        if (report.devices.size() < 2) break;
        line(device.busy_s, "    " + device.id + ", all of its steps, beside the other devices'");
    }
    if (report.seconds.device_waiting > 0.0) {
        line(report.seconds.device_waiting, report.devices.size() > 1
                                                ? "    of these steps, the host's wait for the slowest device"
                                                : "    of these steps, the host's wait for the device");
    }
    line(report.seconds.waiting, "wait, with nothing to process: for stems, or for writers to be done");
    line(report.seconds.waiting + report.seconds.device_waiting, "all waits on the critical path");
    line(report.seconds.decode, "decode, beside it");
    line(report.seconds.encode, "encode, beside it");
    line(report.seconds.wall - report.seconds.prepare - report.seconds.pass,
         "finish: flush and name the files");
    if (!report.device_stages.empty()) text += "on the device meanwhile, by its own clock\n";
    for (const StageReport& stage : report.device_stages) line(stage.seconds, stage.name);
    text +=
        format("  cores busy in the pass: %.0f %% of %d\n",
               100.0 * report.seconds.cpu / (report.seconds.pass * report.thread_count), report.thread_count);
    return text;
}

std::string report_json(const RenderReport& report) {
    nlohmann::ordered_json json;
    json["tutti_report"] = 1;
    json["session"] = report.session_name;
    json["device"] = report.device;
    json["devices"] = devices_json(report);
    json["sample_rate_hz"] = report.sample_rate_hz;
    json["tracks"] = report.track_count;
    json["buses"] = report.bus_count;
    json["frames"] = report.frame_count;
    json["chunk_frames"] = report.chunk_frames;
    json["latency_frames"] = report.latency_frames;
    json["memory_bytes"] = report.memory_bytes;
    json["peak_memory_bytes"] = report.peak_memory_bytes;
    json["times_real_time"] = report.times_real_time();
    json["seconds"] = {{"wall", report.seconds.wall},
                       {"prepare", report.seconds.prepare},
                       {"decode", report.seconds.decode},
                       {"process", report.seconds.process},
                       {"encode", report.seconds.encode},
                       {"pass", report.seconds.pass},
                       {"cpu", report.seconds.cpu},
                       {"waiting", report.seconds.waiting},
                       {"device_waiting", report.seconds.device_waiting}};
    json["threads"] = report.thread_count;
    json["steps"] = nlohmann::json::array();
    for (const RenderReport::StepTime& step : report.steps) {
        json["steps"].push_back({{"what", step.what}, {"seconds", step.seconds}});
    }
    json["device_stages"] = nlohmann::json::array();
    for (const StageReport& stage : report.device_stages) {
        json["device_stages"].push_back({{"what", stage.name},
                                         {"seconds", stage.seconds},
                                         {"bytes", stage.bytes},
                                         {"runs", stage.run_count}});
    }
    json["pcm"] = pcm_json(report);
    json["convolvers"] = convolution_json(report);
    if (report.reuse) json["cache"] = reuse_json(*report.reuse);
    json["dropped_ends"] = nlohmann::json::array();
    for (const MixPlan::DroppedEnd& end : report.dropped_ends) {
        json["dropped_ends"].push_back({{"strip", end.strip}, {"frames", end.frames}});
    }
    json["loudness"] = {{"integrated_lufs", finite_or_null(report.loudness.integrated_lufs)},
                        {"range_lu", report.loudness.range_lu},
                        {"max_short_term_lufs", finite_or_null(report.loudness.max_short_term_lufs)},
                        {"true_peak_dbtp", finite_or_null(report.loudness.true_peak_dbtp)}};
    json["overs"] = report.over_count;
    json["dynamics"] = nlohmann::json::array();
    for (const RenderReport::Dynamics& d : report.dynamics) {
        json["dynamics"].push_back({{"strip", d.curve.strip},
                                    {"insert", d.curve.insert},
                                    {"processor", d.curve.processor},
                                    {"max_reduction_db", d.gain.max_reduction_db},
                                    {"mean_reduction_db", d.gain.mean_reduction_db},
                                    {"active_share", d.gain.active_share}});
    }
    json["mix"] = report.mix.string();
    json["stems"] = nlohmann::json::array();
    for (const std::filesystem::path& stem : report.stems) json["stems"].push_back(stem.string());
    json["warnings"] = report.warnings;
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace tutti
