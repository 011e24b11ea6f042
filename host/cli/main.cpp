#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

#include "engine/errors.hpp"
#include "host/version.hpp"

int main(int argc, char** argv) {
    CLI::App app{"Tutti renders and analyses huge mixes.", "tutti"};
    app.set_version_flag("--version", tutti::version_text());
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    return 0;
}
