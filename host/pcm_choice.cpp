#include "host/pcm_choice.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>

#include "engine/errors.hpp"
#include "engine/threads.hpp"
#include "host/stem_reader.hpp"

namespace tutti {

namespace {

constexpr int weighed_frames = 65536;
constexpr int trial_count = 3;

/// Must be won at least, so that it does not change with every run.
constexpr double worth_it = 0.9;

struct HostSeconds {
    double decode = 0.0;  ///< per sample and thread
    double read = 0.0;    ///< its bytes alone, looked at
};

/// From a file that the system has in memory by then.
HostSeconds time_reading(const std::filesystem::path& file, int sample_rate_hz, int frame_bytes) {
    // What is odd in the file is for the pass to say.
    const StemOptions options{.sample_rate_hz = sample_rate_hz, .repair_nonfinite = true};
    std::vector<float> planes(std::size_t{weighed_frames} * 2);
    const auto time = [&](bool decodes) {
        StemReader reader(file, options);
        const auto begin = std::chrono::steady_clock::now();
        if (decodes) {
            reader.read(planes, weighed_frames);
        } else {
            const auto bytes = std::as_writable_bytes(std::span(planes));
            reader.read_pcm(bytes.first(static_cast<std::size_t>(weighed_frames) * frame_bytes));
        }
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
        const auto frames = std::min<std::int64_t>(weighed_frames, reader.frame_count());
        return seconds.count() / (static_cast<double>(frames) * reader.channels());
    };
    time(false);
    HostSeconds best{std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
    for (int i = 0; i < trial_count; ++i) {
        best.decode = std::min(best.decode, time(true));
        best.read = std::min(best.read, time(false));
    }
    return best;
}

}  // namespace

/// Both ways from the file to rows, per sample, as if their parts came one after the other: they overlap, but
/// share memory, and with a software device cores.
PcmChoice PcmChooser::weigh(const MixPlan& plan, const MixPlan::Source& like, Backend& backend) const {
    const PcmFormat format = *formats_[like.track];
    PcmChoice choice{
        .device = backend.info().id, .format = format, .channels = like.channels, .asked = asked_};
    choice.by_device = asked_ == DevicePcm::on;
    if (asked_ != DevicePcm::automatic) return choice;
    const PcmCosts costs = backend.pcm_costs();
    choice.is_measured = costs.is_measured;
    try {
        const HostSeconds host = time_reading(session_.tracks[like.track].file, session_.sample_rate_hz,
                                              format.bytes() * like.channels);
        const double threads = std::min<double>(thread_count(), static_cast<double>(plan.sources.size()));
        choice.host_s = host.decode / threads + costs.upload_byte_s * sizeof(float);
        choice.device_s = host.read / threads + costs.upload_byte_s * format.bytes() +
                          costs.convert_sample_s[static_cast<int>(format.sample)];
    } catch (const InputError&) {
        return choice;  // for the pass to say
    }
    choice.by_device = choice.device_s < worth_it * choice.host_s;
    return choice;
}

void PcmChooser::choose(MixPlan& plan, Backend& backend) {
    plan.render.pcm_sources.clear();
    if (!backend.wants_pcm()) return;
    has_device_ = true;
    std::vector<MixPlan::Source> sources = plan.sources;
    // The longest tells most of its kind.
    const auto bytes_of = [&](const MixPlan::Source& source) {
        std::error_code none;
        const std::uintmax_t bytes = std::filesystem::file_size(session_.tracks[source.track].file, none);
        return none ? 0 : bytes;
    };
    std::map<Kind, std::pair<std::uintmax_t, MixPlan::Source>> longest;
    const auto kind_of = [&](const MixPlan::Source& source) {
        const PcmFormat& format = *formats_[source.track];
        return Kind{&backend, static_cast<int>(format.sample), format.is_big_endian, source.channels};
    };
    std::erase_if(sources, [&](const MixPlan::Source& source) { return !formats_[source.track]; });
    for (const MixPlan::Source& source : sources) {
        auto& known = longest[kind_of(source)];
        const std::uintmax_t bytes = bytes_of(source);
        if (bytes >= known.first) known = {bytes, source};
    }
    for (const auto& [kind, each] : longest) {
        if (choices_.count(kind) == 0) choices_[kind] = weigh(plan, each.second, backend);
    }
    for (const MixPlan::Source& source : sources) {
        PcmChoice& choice = choices_[kind_of(source)];
        ++choice.stem_count;
        if (choice.by_device) {
            plan.render.pcm_sources.push_back({source.first_row, source.channels, choice.format});
        }
    }
    std::sort(plan.render.pcm_sources.begin(), plan.render.pcm_sources.end(),
              [](const PcmSource& a, const PcmSource& b) { return a.first_row < b.first_row; });
}

std::vector<PcmChoice> PcmChooser::choices() const {
    std::vector<PcmChoice> all;
    for (const auto& [kind, choice] : choices_) all.push_back(choice);
    return all;
}

std::string PcmChooser::unheeded() const {
    if (asked_ != DevicePcm::on) return {};
    if (!has_device_)
        return "--device-pcm on has no effect: no GPU takes part, and the CPU converts where it reads";
    const bool has_pcm =
        std::any_of(formats_.begin(), formats_.end(),
                    [](const std::optional<PcmFormat>& format) { return format.has_value(); });
    if (has_pcm) return {};
    return "--device-pcm on has no effect: no stem is WAV, RF64, W64, AIFF or CAF of 16, 24, 32 or 32f bits "
           "at "
           "the session's rate";
}

std::string describe(const PcmChoice& choice) {
    char text[256];
    const std::string bits = std::to_string(8 * choice.format.bytes()) +
                             (choice.format.sample == PcmSample::float32 ? " bit float" : " bit");
    std::snprintf(text, sizeof text, "%d %s stem%s of %s%s to %s %s", choice.stem_count,
                  choice.channels == 1 ? "mono" : "stereo", choice.stem_count == 1 ? "" : "s", bits.c_str(),
                  choice.format.is_big_endian ? ", big endian," : "", choice.device.c_str(),
                  choice.by_device ? "as they are" : "as floats");
    if (choice.asked != DevicePcm::automatic) return std::string(text) + ": asked for";
    std::string line = text;
    std::snprintf(text, sizeof text, ": to convert there takes %.2f ns a sample, here %.2f ns%s",
                  1e9 * choice.device_s, 1e9 * choice.host_s,
                  choice.is_measured ? "" : ", the device not measured");
    return line + text;
}

}  // namespace tutti
