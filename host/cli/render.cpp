#include "host/render.hpp"

#include <cstdio>
#include <map>
#include <memory>

#include "engine/threads.hpp"
#include "engine/trace.hpp"
#include "host/cli/commands.hpp"
#include "host/cli/masking_arguments.hpp"
#include "host/trace_json.hpp"
#include "host/units.hpp"
#include "host/user_cache.hpp"

namespace tutti {

namespace {

struct Arguments {
    RenderOptions options;
    MaskingArguments masking;
    std::string masking_folder;
    std::string stems;
    std::string cache;
    std::string from;
    std::string to;
    std::string device_pcm = "auto";
    std::string memory;
    std::string format;
    std::string bits = "24";
    std::string json;
    std::string trace;
    bool timings = false;
    int threads = 0;
    bool quiet = false;
    bool verbose = false;
};

/// The format by --format, else by the output's extension, else WAV.
FileFormat file_format(const Arguments& arguments) {
    const std::string extension = arguments.options.output.extension().string();
    const bool is_flac_name = extension == ".flac" || extension == ".FLAC";
    if (!arguments.format.empty()) return arguments.format == "flac" ? FileFormat::flac : FileFormat::wav;
    return is_flac_name ? FileFormat::flac : FileFormat::wav;
}

/// The analysis alone, as it was made beside the render: by the first device.
MaskingRun masking_run(const RenderOptions& options) {
    MaskingRun run;
    run.session = options.session;
    run.device = options.device.substr(0, options.device.find(','));
    run.memory_bytes = options.memory_bytes;
    run.from_s = options.from_s;
    run.to_s = options.to_s;
    run.repair_nonfinite = options.repair_nonfinite;
    run.cache = options.cache;
    run.show_progress = options.show_progress;
    run.masking = *options.masking;
    return run;
}

void run(Arguments arguments) {
    static const std::map<std::string, SampleFormat> bits{
        {"16", SampleFormat::int16}, {"24", SampleFormat::int24}, {"32f", SampleFormat::float32}};
    static const std::map<std::string, DevicePcm> device_pcm{
        {"auto", DevicePcm::automatic}, {"on", DevicePcm::on}, {"off", DevicePcm::off}};
    RenderOptions& options = arguments.options;
    options.file = file_format(arguments);
    options.sample = bits.at(arguments.bits);
    options.device_pcm = device_pcm.at(arguments.device_pcm);
    options.show_progress = !arguments.quiet;
    if (!arguments.stems.empty()) options.stems = arguments.stems;
    if (!arguments.cache.empty()) options.strip_cache = arguments.cache;
    if (!arguments.from.empty()) options.from_s = parse_time_s(arguments.from, "--from");
    if (!arguments.to.empty()) options.to_s = parse_time_s(arguments.to, "--to");
    if (!arguments.memory.empty()) options.memory_bytes = parse_bytes(arguments.memory, "--memory");
    const std::unique_ptr<BlobStore> cache = open_user_cache();
    options.cache = cache.get();
    options.times_device = arguments.timings;
    set_thread_count(arguments.threads);
    if (!arguments.masking_folder.empty()) {
        arguments.masking.prepare(options.session, arguments.masking_folder);
        options.masking = arguments.masking.options();
    }
    if (!arguments.trace.empty()) start_trace();
    const RenderReport report = render(options, print_warning);
    if (!arguments.trace.empty()) {
        write_text_file(arguments.trace, trace_json(stop_trace(), trace_lane_names()));
    }
    if (!arguments.json.empty()) write_text_file(arguments.json, report_json(report));
    if (report.masking) {
        const OpenedSession opened =
            open_session(options.session, [](const std::string& /*the render said it*/) {});
        arguments.masking.write(*report.masking, opened, masking_run(options), arguments.masking_folder,
                                arguments.quiet);
    }
    if (!arguments.quiet) std::fputs(report_text(report, arguments.verbose).c_str(), stdout);
    if (arguments.timings) std::fputs(timings_text(report).c_str(), stdout);
}

}  // namespace

void add_render_command(CLI::App& app) {
    CLI::App* const command = app.add_subcommand("render", "Render a session to a finished mix");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("session", arguments->options.session, "Session file (TOML; see 'tutti reference')")
        ->required();
    command->add_option("-o,--output", arguments->options.output, "The mix; beside the session when absent");
    command->add_option("--stems", arguments->stems,
                        "Folder for one file per strip: what it adds to the mix, behind its fader");
    command->add_option("--cache", arguments->cache,
                        "Folder that keeps what tracks, buses and the master make: a later render of the "
                        "session makes only what has changed, to the same bytes; see 'tutti cache'");
    command
        ->add_option(
            "--device", arguments->options.device,
            "auto, cpu, vulkan or vulkan:N (see 'tutti devices'); several share the tracks: vulkan:0,1 "
            "or cpu,vulkan:0")
        ->capture_default_str();
    command
        ->add_option(
            "--device-pcm", arguments->device_pcm,
            "Whether a GPU gets stems of PCM (WAV, RF64, W64, AIFF, CAF of 16, 24, 32 or 32f bits) as "
            "they are and converts them itself: auto (where that is faster), on or off; the mix is the "
            "same, to the byte")
        ->capture_default_str()
        ->check(CLI::IsMember({"auto", "on", "off"}));
    command->add_option(
        "--memory", arguments->memory,
        "Most memory to take on all devices, such as 4GiB; half of what there is when absent");
    command
        ->add_option("--threads", arguments->threads,
                     "Threads to use; one per core when 0. Of several devices each also has one of its own, "
                     "which mostly waits")
        ->capture_default_str()
        ->check(CLI::Range(0, 1024));
    command->add_option("--from", arguments->from, "Begin here: seconds, m:ss or h:mm:ss");
    command->add_option("--to", arguments->to, "End here");
    command->add_option("--format", arguments->format, "wav or flac; by the output's name when absent")
        ->check(CLI::IsMember({"wav", "flac"}));
    command->add_option("--bits", arguments->bits, "16, 24 (dithered) or 32f")
        ->capture_default_str()
        ->check(CLI::IsMember({"16", "24", "32f"}));
    command->add_option("--json", arguments->json, "Write the report to this file as well");
    command->add_flag("--timings", arguments->timings, "Also print where the time went, stage by stage");
    command->add_option("--trace", arguments->trace,
                        "Write what every thread and every queue of the device did when, as a Chrome trace "
                        "(chrome://tracing, Perfetto)");
    CLI::Option* const masking = command->add_option(
        "--masking", arguments->masking_folder,
        "Also analyse which track hides which, in the same pass, and write the report into this folder");
    arguments->masking.add_to(*command, masking);
    command->add_flag("--repair-nonfinite", arguments->options.repair_nonfinite,
                      "Take NaN and infinite samples of a stem for 0 instead of stopping");
    CLI::Option* const quiet =
        command->add_flag("--quiet", arguments->quiet, "Print nothing but warnings and errors");
    command
        ->add_flag("--verbose", arguments->verbose,
                   "Also print how convolutions were planned and which faint ends of kernels were left out")
        ->excludes(quiet);
    command->callback([arguments] { run(*arguments); });
}

}  // namespace tutti
