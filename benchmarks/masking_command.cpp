#include "benchmarks/masking_command.hpp"

namespace tutti::bench {

MaskingCommand::MaskingCommand(CLI::App& app)
    : command_(app.add_subcommand("masking", "Analyse who masks whom among more and more tracks")) {
    command_->add_option("--objects", options_.track_counts, "How many tracks; several are allowed")
        ->delimiter(',')
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    command_->add_option("--device", options_.device, "As in tutti render")->capture_default_str();
    command_->add_option("--threads", options_.thread_count, "One per core when 0")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
    command_->add_option("--seconds", options_.seconds, "Audio per run")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
    command_->add_option("--repeat", options_.repeat_count, "Timed runs of each")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command_
        ->add_option("--stems", options_.stems,
                     "A folder of stems, repeated to fill the tracks, instead of synthetic ones")
        ->check(CLI::ExistingDirectory);
    command_->add_option("--json", options_.json, "Write every measurement to this file");
    command_->add_option("--markdown", options_.markdown, "Write the tables to this file");
}

}  // namespace tutti::bench
