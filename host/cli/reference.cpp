#include <cstdio>

#include "host/cli/commands.hpp"
#include "host/session.hpp"

namespace tutti {

void add_reference_command(CLI::App& app) {
    app.add_subcommand("reference",
                       "Print every key of the session file with unit, range and default (Markdown)")
        ->callback([] { std::fputs(session_reference().c_str(), stdout); });
}

}  // namespace tutti
