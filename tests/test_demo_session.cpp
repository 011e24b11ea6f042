#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>
#include <variant>

#include "host/session.hpp"
#include "host/stem_reader.hpp"

namespace {

const std::filesystem::path demo_folder =
    std::filesystem::path(TUTTI_SOURCE_DIR) / "benchmarks" / "sessions" / "demo";

std::vector<tutti::Strip> strips_of(const tutti::Session& session) {
    std::vector<tutti::Strip> strips(session.tracks.begin(), session.tracks.end());
    strips.insert(strips.end(), session.buses.begin(), session.buses.end());
    strips.push_back(session.master);
    return strips;
}

template <typename Processor>
int count_inserts(const tutti::Session& session) {
    int count = 0;
    for (const tutti::Strip& strip : strips_of(session)) {
        count += static_cast<int>(std::count_if(
            strip.inserts.begin(), strip.inserts.end(),
            [](const tutti::Insert& insert) { return std::holds_alternative<Processor>(insert.processor); }));
    }
    return count;
}

}  // namespace

TEST_CASE("the demo session parses and names every stem that lies beside it once") {
    const tutti::Session session = tutti::read_session(demo_folder / "session.toml");
    std::set<std::filesystem::path> named;
    for (const tutti::Track& track : session.tracks) {
        named.insert(std::filesystem::weakly_canonical(track.file));
    }
    std::set<std::filesystem::path> present;
    for (const auto& entry : std::filesystem::directory_iterator(demo_folder / "stems")) {
        present.insert(std::filesystem::weakly_canonical(entry.path()));
    }
    CHECK(named.size() == session.tracks.size());
    CHECK(named == present);
    CHECK(session.tracks.size() >= 24);
}

TEST_CASE("the demo session's stems are at its rate, equally long and at least 20 s") {
    const tutti::Session session = tutti::read_session(demo_folder / "session.toml");
    const tutti::AudioInfo first = tutti::read_audio_info(session.tracks.front().file);
    CHECK(first.frame_count >= 20 * session.sample_rate_hz);
    for (const tutti::Track& track : session.tracks) {
        const tutti::AudioInfo info = tutti::read_audio_info(track.file);
        INFO(track.name);
        CHECK(info.sample_rate_hz == session.sample_rate_hz);
        CHECK(info.frame_count == first.frame_count);
    }
}

TEST_CASE("the demo session's impulse responses are stereo at its rate") {
    const tutti::Session session = tutti::read_session(demo_folder / "session.toml");
    int response_count = 0;
    for (const tutti::Bus& bus : session.buses) {
        for (const tutti::Insert& insert : bus.inserts) {
            if (const auto* reverb = std::get_if<tutti::ConvolutionInsert>(&insert.processor)) {
                const tutti::AudioInfo info = tutti::read_audio_info(reverb->file);
                INFO(bus.name);
                CHECK(info.channels == 2);
                CHECK(info.sample_rate_hz == session.sample_rate_hz);
                ++response_count;
            }
        }
    }
    CHECK(response_count == 2);
}

TEST_CASE("the demo session shows every kind of dynamics insert and both phases of EQ") {
    const tutti::Session session = tutti::read_session(demo_folder / "session.toml");
    CHECK(count_inserts<tutti::CompressorInsert>(session) > 0);
    CHECK(count_inserts<tutti::LimiterInsert>(session) > 0);
    CHECK(count_inserts<tutti::GateInsert>(session) > 0);
    std::set<tutti::EqPhase> phases;
    bool has_sidechain = false;
    for (const tutti::Strip& strip : strips_of(session)) {
        for (const tutti::Insert& insert : strip.inserts) {
            if (const auto* eq = std::get_if<tutti::EqInsert>(&insert.processor)) phases.insert(eq->phase);
            if (const auto* compressor = std::get_if<tutti::CompressorInsert>(&insert.processor)) {
                has_sidechain = has_sidechain || !compressor->key.sidechain.empty();
            }
        }
    }
    CHECK(phases.size() == 2);
    CHECK(has_sidechain);
}
