#include "benchmarks/brutefir_job.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <vector>

#include "benchmarks/convolution_case.hpp"
#include "host/audio_writer.hpp"
#include "host/stem_reader.hpp"

namespace tutti::bench {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t partition_frames = 32768;

void write_floats(std::ostream& out, std::span<const float> samples) {
    out.write(reinterpret_cast<const char*>(samples.data()),
              static_cast<std::streamsize>(samples.size_bytes()));
}

void check_written(std::ostream& out, const fs::path& file) {
    if (!out.flush()) throw InputError(file.string() + " cannot be written");
}

/// All stems side by side, with zeros behind them until the last kernel has rung out.
void write_input(const FilesJob& job, const fs::path& file) {
    std::vector<StemReader> readers;
    for (const fs::path& stem : job.stems) readers.emplace_back(stem, StemOptions{case_rate_hz, false});
    const std::size_t count = readers.size();
    std::vector<float> interleaved(count * partition_frames);
    std::vector<float> plane(partition_frames);
    std::ofstream out(file, std::ios::binary);
    for (std::int64_t start = 0; start < job.result_frames(); start += partition_frames) {
        for (std::size_t stem = 0; stem < count; ++stem) {
            readers[stem].read(plane, static_cast<int>(partition_frames));
            for (std::size_t i = 0; i < plane.size(); ++i) interleaved[i * count + stem] = plane[i];
        }
        write_floats(out, interleaved);
    }
    check_written(out, file);
}

std::string settings(const FilesJob& job, const WorkFolder& work) {
    std::ostringstream text;
    text
        << "sampling_rate: " << case_rate_hz << ";\nfilter_length: " << partition_frames << ","
        << (job.tap_count + partition_frames - 1) / partition_frames
        << ";\nfloat_bits: 32;\noverflow_warnings: false;\nshow_progress: false;\nmax_dither_table_size: 0;\n"
           "allow_poll_mode: false;\nmodules_path: \"/usr/lib/brutefir\";\nmonitor_rate: false;\n"
           "powersave: false;\nlock_memory: false;\nsdf_length: -1;\nsafety_limit: 60;\nconvolver_config: "
        << work / "brutefir-wisdom"
        << ";\n";
    return text.str();
}

std::string file_device(const fs::path& file, std::size_t channels) {
    std::ostringstream text;
    text << "device: \"file\" { path: " << file << "; }; sample: \"FLOAT_LE\"; channels: " << channels
         << "; delay: 0; maxdelay: -1; mute: false; ";
    return text.str();
}

}  // namespace

BrutefirJob prepare_brutefir(const FilesJob& job, const WorkFolder& work) {
    const BrutefirJob brutefir{work / "brutefir.conf", work / "brutefir.raw"};
    const fs::path input = work / "brutefir-input.raw";
    write_input(job, input);

    std::ostringstream text;
    text << settings(job, work);
    const std::vector<std::vector<double>> kernels = read_whole(job.kernel, case_rate_hz, 2);
    for (std::size_t side = 0; side < 2; ++side) {
        const fs::path file = work / ("brutefir-kernel" + std::to_string(side) + ".raw");
        const std::vector<float> taps(kernels[side].begin(), kernels[side].end());
        std::ofstream out(file, std::ios::binary);
        write_floats(out, taps);
        check_written(out, file);
        text << "coeff \"kernel" << side << "\" { filename: " << file
             << "; format: \"FLOAT_LE\"; attenuation: 0.0; blocks: -1; skip: 0; shared_mem: false; };\n";
    }
    text << "input ";
    for (std::size_t stem = 0; stem < job.stems.size(); ++stem) text << (stem == 0 ? "" : ",") << stem;
    text << " { " << file_device(input, job.stems.size()) << "};\noutput \"left\",\"right\" { "
         << file_device(brutefir.result, 2) << "dither: false; };\n";
    // Attenuation where a filter takes its input, in decibels with all digits, is the gain of 0.05.
    text.precision(17);
    const double attenuation_db = -20.0 * std::log10(files_job_gain);
    const int process_count = std::min(job.thread_count, 2);
    for (std::size_t i = 0; i < 2 * job.stems.size(); ++i) {
        text << "filter \"f" << i << "\" { from_inputs: " << i / 2 << "/" << attenuation_db
             << "; to_outputs: \"" << (i % 2 == 0 ? "left" : "right") << "\"; coeff: \"kernel" << i % 2
             << "\"; process: " << i % static_cast<std::size_t>(process_count)
             << "; delay: 0; crossfade: false; };\n";
    }
    write_text_file(brutefir.config, text.str());
    return brutefir;
}

}  // namespace tutti::bench
