#include "benchmarks/ardour_responses.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <map>
#include <sstream>

#include "engine/errors.hpp"
#include "host/audio_writer.hpp"
#include "host/pan.hpp"
#include "host/stem_reader.hpp"

namespace tutti::bench {

namespace {

namespace fs = std::filesystem;

constexpr const char* prefixes = R"(@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
@prefix pset: <http://lv2plug.in/ns/ext/presets#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix state: <http://lv2plug.in/ns/ext/state#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
)";

std::map<std::string, ConvolutionInsert> convolutions_by_preset(const Session& session) {
    std::map<std::string, ConvolutionInsert> found;
    const auto add = [&](const Strip& strip) {
        for (const Insert& insert : strip.inserts) {
            const auto* const convolution = std::get_if<ConvolutionInsert>(&insert.processor);
            if (convolution != nullptr && !insert.bypass) found[ardour_preset(*convolution)] = *convolution;
        }
    };
    std::for_each(session.tracks.begin(), session.tracks.end(), add);
    std::for_each(session.buses.begin(), session.buses.end(), add);
    add(session.master);
    return found;
}

void write_response(const ConvolutionInsert& convolution, int sample_rate_hz, const fs::path& file) {
    if (convolution.trim_start_ms > 0.0 || convolution.length_s > 0.0 ||
        convolution.normalize != IrNormalize::none || read_audio_info(convolution.file).channels > 2) {
        throw InputError(convolution.file.string() +
                         " is cut, normalised or true stereo, which Ardour has no like of here");
    }
    const std::vector<std::vector<double>> response = read_whole(convolution.file, sample_rate_hz, 2);
    const auto delay =
        static_cast<std::size_t>(std::llround(0.001 * convolution.predelay_ms * sample_rate_hz));
    const std::size_t frame_count = delay + response[0].size();
    const double gain = convolution.mix * db_to_gain(convolution.gain_db);
    std::vector<float> planes(2 * frame_count, 0.0F);
    for (std::size_t channel = 0; channel < 2; ++channel) {
        const std::vector<double>& taps = response[std::min(channel, response.size() - 1)];
        float* const plane = &planes[channel * frame_count];
        for (std::size_t i = 0; i < taps.size(); ++i) plane[delay + i] = static_cast<float>(gain * taps[i]);
        plane[0] += static_cast<float>(1.0 - convolution.mix);
    }
    AudioWriter writer(file, {FileFormat::wav, SampleFormat::float32, 2, sample_rate_hz},
                       static_cast<std::int64_t>(frame_count));
    writer.write(planes, static_cast<int>(frame_count), static_cast<int>(frame_count));
    writer.commit();
}

}  // namespace

std::string ardour_preset(const ConvolutionInsert& convolution) {
    std::ostringstream text;
    text << std::setprecision(17) << convolution.file.string() << " " << convolution.predelay_ms << " "
         << convolution.mix << " " << convolution.gain_db;
    std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a
    for (const char c : text.str()) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    std::ostringstream label;
    label << "response-" << std::hex << std::setfill('0') << std::setw(16) << hash;
    return label.str();
}

void write_ardour_presets(const Session& session, const fs::path& folder) {
    fs::create_directories(folder);
    std::string manifest = prefixes;
    for (const auto& [preset, convolution] : convolutions_by_preset(session)) {
        write_response(convolution, session.sample_rate_hz, folder / (preset + ".wav"));
        manifest += "<urn:tutti-bench:" + preset + "> a pset:Preset ;\n  lv2:appliesTo " +
                    "<http://gareus.org/oss/lv2/zeroconvolv#Stereo> ; rdfs:label \"" + preset +
                    "\" ;\n  state:state [ <http://gareus.org/oss/lv2/zeroconvolv#ir> <" + preset +
                    ".wav> ;\n    <http://gareus.org/oss/lv2/zeroconvolv#predelay> \"0\"^^xsd:int ;\n" +
                    "    <http://gareus.org/oss/lv2/zeroconvolv#artificial_latency> \"0\"^^xsd:int ] .\n";
    }
    write_text_file(folder / "manifest.ttl", manifest);
}

}  // namespace tutti::bench
