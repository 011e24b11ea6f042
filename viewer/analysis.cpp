#include "viewer/analysis.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "engine/backend.hpp"
#include "engine/errors.hpp"
#include "host/masking.hpp"
#include "host/masking_report.hpp"
#include "host/masking_suggestions.hpp"
#include "host/text.hpp"
#include "host/user_cache.hpp"

namespace tutti::viewer {

namespace {

namespace fs = std::filesystem;

/// As many as the command line's analysis makes.
constexpr int suggestion_count = 5;

bool are_same(const fs::path& a, const fs::path& b) {
    std::error_code error;
    return !a.empty() && fs::weakly_canonical(a, error) == fs::weakly_canonical(b, error);
}

/// Everything that is read beside the session's file.
std::vector<fs::path> files_of(const Session& session) {
    std::vector<fs::path> files;
    const auto add_responses = [&](const Strip& strip) {
        for (const Insert& insert : strip.inserts) {
            if (const auto* convolution = std::get_if<ConvolutionInsert>(&insert.processor))
                files.push_back(convolution->file);
        }
    };
    for (const Track& track : session.tracks) {
        files.push_back(track.file);
        add_responses(track);
    }
    for (const Bus& bus : session.buses) add_responses(bus);
    return files;
}

/// Throws InputError for a folder with something else than a report of this session.
void check_folder(const fs::path& folder, const fs::path& session) {
    check_masking_report_folder(folder);
    const fs::path other = session_of_masking_report(folder);
    if (other.empty() || are_same(other, session)) return;
    throw InputError(printable(folder.string()) + ": holds the report of another session, " +
                     printable(other.string()) +
                     "; it is not replaced: name another folder with tutti-viewer SESSION -o FOLDER");
}

}  // namespace

fs::path report_folder_for(const fs::path& session) {
    return session.parent_path() / (session.stem().string() + "-masking");
}

bool is_report_current(const fs::path& folder, const fs::path& session) {
    try {
        if (!are_same(session_of_masking_report(folder), session)) return false;
        const auto time = fs::last_write_time(folder / "report.json");
        const auto is_older = [&](const fs::path& file) { return fs::last_write_time(file) < time; };
        const std::vector<fs::path> files = files_of(read_session(session));
        return is_older(session) && std::all_of(files.begin(), files.end(), is_older);
    } catch (const std::exception&) {
        return false;
    }
}

Analysis::~Analysis() {
    cancel();
    if (thread_.joinable()) thread_.join();
}

void Analysis::start(const fs::path& session, const fs::path& folder) {
    TUTTI_CHECK(!is_running());
    outcome_ = {};
    progress_ = {};
    is_ready_ = false;
    is_cancelled_ = false;
    thread_ = std::thread([this, session, folder] {
        try {
            run(session, folder);
        } catch (const Cancelled&) {
            outcome_.was_cancelled = true;
        } catch (const std::bad_alloc&) {
            outcome_.problem = "There is not enough memory for this analysis.";
        } catch (const std::exception& error) {
            outcome_.problem = error.what();
        }
        is_ready_ = true;
        is_ready_.notify_all();
    });
}

void Analysis::tell(const std::string& what, double done_s, double total_s) {
    if (is_cancelled_) throw Cancelled();
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (what != progress_.what) part_start_ = now;
    progress_ = {what, done_s, total_s, std::chrono::duration<double>(now - part_start_).count()};
}

void Analysis::run(const fs::path& session, const fs::path& folder) {
    tell("reading the session", 0.0, 0.0);
    const Warn warn = [this](const std::string& line) { outcome_.warnings.push_back(line); };
    MaskingRun run;
    run.session = session;
    run.on_progress = [this](const std::string& what, double done_s, double total_s) {
        tell(what, done_s, total_s);
    };
    const std::unique_ptr<BlobStore> cache = open_user_cache();
    run.cache = cache.get();
    const OpenedSession opened = open_session(session, warn);
    check_folder(folder, session);
    const MaskingResults results = analyse_masking(run, opened, warn);
    tell("looking for what would help", 0.0, 0.0);
    const std::unique_ptr<Backend> backend = make_cpu_backend();
    MaskingAdvice advice{clash_events(results), {}};
    advice.suggestions =
        masking_suggestions(results, opened.session, opened.channels, *backend, suggestion_count);
    tell("writing the report", 0.0, 0.0);
    // The window shows what pictures would.
    write_masking_report(results, advice, folder, {.pictures = false});
}

Analysis::Progress Analysis::progress() const {
    const std::lock_guard lock(mutex_);
    return progress_;
}

Analysis::Outcome Analysis::take() {
    TUTTI_CHECK(is_ready_);
    thread_.join();
    is_ready_ = false;
    return std::exchange(outcome_, {});
}

}  // namespace tutti::viewer
