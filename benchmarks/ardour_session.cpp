#include "benchmarks/ardour_session.hpp"

#include <fstream>
#include <sstream>
#include <utility>

#include "benchmarks/ardour_plugins.hpp"
#include "benchmarks/ardour_project.hpp"
#include "benchmarks/ardour_responses.hpp"
#include "benchmarks/process.hpp"
#include "engine/errors.hpp"
#include "host/audio_writer.hpp"

namespace tutti::bench {

namespace {

namespace fs = std::filesystem;

/// Ardour keeps its settings in the home folder and finds our presets beside the system's plug-ins.
std::vector<std::string> in_own_home(const fs::path& folder, const std::vector<std::string>& command) {
    std::vector<std::string> words = {
        "env", "HOME=" + (folder / "home").string(),
        "LV2_PATH=" + (folder / "lv2").string() + ":/usr/lib/lv2:/usr/local/lib/lv2"};
    words.insert(words.end(), command.begin(), command.end());
    return words;
}

std::string read_text(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

}  // namespace

ArdourSession::ArdourSession(const OpenedSession& opened, fs::path folder)
    : folder_(std::move(folder)), sample_rate_hz_(opened.session.sample_rate_hz) {
    fs::remove_all(folder_ / "session");
    fs::create_directories(folder_ / "home");
    write_ardour_presets(opened.session, folder_ / "lv2" / "responses.lv2");
    write_text_file(folder_ / "build.lua", ardour_script(opened, folder_));
    const fs::path log = folder_ / "build.log";
    run_program(in_own_home(folder_, {"ardour7-lua", (folder_ / "build.lua").string()}), log);
    const fs::path file = folder_ / "session" / "session.ardour";
    if (!fs::exists(file)) throw InputError("ardour7-lua built no session: " + end_of_log(log));
    project_ = read_text(file);

    const fs::path audio = folder_ / "session" / "interchange" / "session" / "audiofiles";
    for (std::size_t i = 0; i < opened.session.tracks.size(); ++i) {
        const std::string name = "track " + std::to_string(i + 1);
        const fs::path stem = fs::absolute(opened.session.tracks[i].file);
        regions_.push_back(
            {name, "stem" + std::to_string(i + 1) + stem.extension().string(), opened.frame_counts[i]});
        fs::create_symlink(stem, audio / regions_.back().file_name);
    }
}

std::vector<std::string> ArdourSession::prepare_export(const std::string& version, std::int64_t end_frame,
                                                       bool with_dynamics, const fs::path& mix) const {
    std::string text = with_regions(project_, regions_, end_frame, sample_rate_hz_);
    if (!with_dynamics) {
        text = without_plugins(text,
                               {ardour_plugin(CompressorInsert{}).uri, ardour_plugin(LimiterInsert{}).uri});
    }
    write_text_file(folder_ / "session" / (version + ".ardour"), text);
    return in_own_home(folder_, {"ardour7-export", "-b", "float", "-o", mix.string(),
                                 (folder_ / "session").string(), version});
}

}  // namespace tutti::bench
