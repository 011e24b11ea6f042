#include "tests/session_folder.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

namespace tutti::tests {

void SessionFolder::add_stem(const std::string& name, const Channels& channels, int format) const {
    write_audio(path(name), channels, test_rate_hz, format != 0 ? format : SF_FORMAT_WAV | SF_FORMAT_FLOAT);
}

void SessionFolder::write_session(const std::string& text) const {
    write_bytes(session(), "[session]\nsample_rate = 48000\n" + text);
}

ProgramResult SessionFolder::try_render(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"render", session(), "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto add_unless_given = [&](const std::string& option, const std::string& value) {
        if (std::find(more.begin(), more.end(), option) == more.end()) {
            arguments.insert(arguments.end(), {option, value});
        }
    };
    add_unless_given("-o", path("mix.wav"));
    add_unless_given("--bits", "32f");
    return run_tutti(arguments);
}

Channels SessionFolder::render(const std::vector<std::string>& more) const {
    const ProgramResult result = try_render(more);
    INFO(result.errors);
    REQUIRE(result.status == 0);
    return read_audio(path("mix.wav"));
}

std::vector<std::string> device_words() {
    std::vector<std::string> words{"cpu"};
    if (!list_vulkan_devices().empty()) words.emplace_back("vulkan:0");
    return words;
}

Signals to_signals(const Channels& channels) {
    Signals signals;
    for (const std::vector<double>& channel : channels) signals.emplace_back(channel.begin(), channel.end());
    return signals;
}

}  // namespace tutti::tests
