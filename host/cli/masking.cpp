#include "host/masking.hpp"

#include <cstdio>
#include <memory>

#include "engine/threads.hpp"
#include "host/cli/commands.hpp"
#include "host/cli/masking_arguments.hpp"
#include "host/peak_memory.hpp"
#include "host/units.hpp"
#include "host/user_cache.hpp"

namespace tutti {

namespace {

struct Arguments {
    MaskingRun run;
    MaskingArguments masking;
    std::string folder;
    std::string from;
    std::string to;
    std::string memory;
    int threads = 0;
    bool quiet = false;
};

void run(Arguments arguments) {
    MaskingRun& run = arguments.run;
    run.show_progress = !arguments.quiet;
    if (!arguments.from.empty()) run.from_s = parse_time_s(arguments.from, "--from");
    if (!arguments.to.empty()) run.to_s = parse_time_s(arguments.to, "--to");
    if (!arguments.memory.empty()) run.memory_bytes = parse_bytes(arguments.memory, "--memory");
    arguments.masking.prepare(run.session, arguments.folder);
    run.masking = arguments.masking.options();
    const std::unique_ptr<BlobStore> cache = open_user_cache();
    run.cache = cache.get();
    set_thread_count(arguments.threads);
    const OpenedSession opened = open_session(run.session, print_warning);
    const MaskingResults results = analyse_masking(run, opened, print_warning);
    arguments.masking.write(results, opened, run, arguments.folder, arguments.quiet);
    if (!arguments.quiet) std::printf("memory    %s at its peak\n", bytes_text(peak_memory_bytes()).c_str());
}

}  // namespace

void add_masking_command(CLI::App& app) {
    CLI::App* const command =
        app.add_subcommand("masking", "Show which track hides which, where, when, and what would help");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("session", arguments->run.session, "Session file (TOML; see 'tutti reference')")
        ->required();
    command
        ->add_option("-o,--output", arguments->folder, "Folder for the report; one that is there is replaced")
        ->required();
    command
        ->add_option("--device", arguments->run.device, "auto, cpu, vulkan or vulkan:N (see 'tutti devices')")
        ->capture_default_str();
    command->add_option("--memory", arguments->memory,
                        "Most memory to take, such as 4GiB; half of what there is when absent");
    command->add_option("--threads", arguments->threads, "Threads to use; one per core when 0")
        ->capture_default_str()
        ->check(CLI::Range(0, 1024));
    command->add_option("--from", arguments->from, "Begin here: seconds, m:ss or h:mm:ss");
    command->add_option("--to", arguments->to, "End here");
    arguments->masking.add_to(*command);
    command->add_flag("--repair-nonfinite", arguments->run.repair_nonfinite,
                      "Take NaN and infinite samples of a stem for 0 instead of stopping");
    command->add_flag("--quiet", arguments->quiet, "Print nothing but warnings and errors");
    command->callback([arguments] { run(*arguments); });
}

}  // namespace tutti
