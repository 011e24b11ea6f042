#pragma once

namespace CLI {
class App;
}

namespace tutti {

/// tutti new FOLDER -o session.toml: a session from a folder of stems.
void add_new_command(CLI::App& app);

}  // namespace tutti
