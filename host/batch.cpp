#include "host/batch.hpp"

#include <glob.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <thread>

#include "engine/errors.hpp"
#include "engine/threads.hpp"
#include "host/child_process.hpp"
#include "host/memory_budget.hpp"
#include "host/pending_file.hpp"
#include "host/session_files.hpp"

namespace tutti {

namespace {

/// What a pattern matches, in alphabetical order; the word itself when it names a file.
std::vector<std::string> expand(const std::string& word) {
    if (std::filesystem::is_directory(word)) {
        throw InputError(word + " is a folder; name session files, such as " + word + "/*.toml");
    }
    if (std::filesystem::exists(word)) return {word};
    glob_t found{};
    const int failed = glob(word.c_str(), 0, nullptr, &found);
    const std::vector<std::string> files(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    globfree(&found);
    if (failed != 0) throw InputError(word + ": no such session file, and no pattern that matches one");
    return files;
}

/// What a program said, line by line, without its name in front.
std::vector<std::string> lines_of(const std::string& text) {
    const std::string name = "tutti: ";
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string line = text.substr(at, end - at);
        if (line.rfind(name, 0) == 0) line.erase(0, name.size());
        if (!line.empty()) lines.push_back(std::move(line));
        at = end + 1;
    }
    return lines;
}

/// A folder for the reports of the renders under way, gone afterwards.
class WorkFolder {
  public:
    WorkFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "tutti-batch-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw InputError(name + ": cannot make this folder");
        path_ = name;
    }
    ~WorkFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;
    std::filesystem::path file(std::size_t number) const {
        return path_ / (std::to_string(number) + ".json");
    }

  private:
    std::filesystem::path path_;
};

/// Each job's share of threads and memory, and what every render is asked for.
std::vector<std::string> common_arguments(const BatchOptions& options) {
    const int threads = std::max(1, (options.threads > 0 ? options.threads : thread_count()) / options.jobs);
    const std::uint64_t memory = options.memory_bytes > 0 ? options.memory_bytes : default_memory_budget();
    std::vector<std::string> arguments = options.render_arguments;
    arguments.insert(arguments.end(), {"--threads", std::to_string(threads), "--memory",
                                       std::to_string(memory / options.jobs), "--quiet"});
    return arguments;
}

std::filesystem::path stems_folder(const BatchItem& item) {
    return item.output.parent_path() / (item.output.stem().string() + " stems");
}

/// Where a mix goes and how it is made: what it depends on besides its inputs. The number of threads is no
/// part of it.
std::string settings_of(const BatchOptions& options, const BatchItem& item) {
    std::string text = item.output.string();
    for (const std::string& argument : options.render_arguments) text += "\n" + argument;
    return text + (options.with_stems ? "\n--stems" : "");
}

std::string fingerprint_or_nothing(const BatchOptions& options, const BatchItem& item) {
    try {
        return fingerprint_of_inputs(item.session, settings_of(options, item));
    } catch (const InputError&) {
        return {};  // The render says what is wrong.
    }
}

BatchEntry render_one(const BatchOptions& options, const BatchItem& item, BatchEntry entry,
                      const std::filesystem::path& report) {
    std::vector<std::string> arguments{"render", item.session.string(), "-o", item.output.string(),
                                       "--json", report.string()};
    if (options.with_stems) arguments.insert(arguments.end(), {"--stems", stems_folder(item).string()});
    for (std::string& argument : common_arguments(options)) arguments.push_back(std::move(argument));
    const ChildProcess::Result result = ChildProcess(own_program(), arguments).wait();
    entry.exit_status = result.status;
    if (result.status != 0) {
        entry.state = BatchState::failed;
        entry.errors = lines_of(result.errors);
        if (result.status > 128) {
            entry.errors.push_back("ended by signal " + std::to_string(result.status - 128));
        }
        return entry;
    }
    std::ifstream stream(report);
    entry.report.assign(std::istreambuf_iterator<char>(stream), {});
    entry.outputs = outputs_of_report(entry.report);
    return entry;
}

}  // namespace

std::vector<BatchItem> find_sessions(const BatchOptions& options) {
    std::vector<BatchItem> items;
    std::map<std::filesystem::path, std::filesystem::path> owners;  ///< of outputs
    for (const std::string& word : options.sessions) {
        for (const std::string& file : expand(word)) {
            const std::filesystem::path session = std::filesystem::weakly_canonical(file);
            std::filesystem::path output = session;
            output.replace_extension(options.extension);
            if (!options.folder.empty()) {
                output = std::filesystem::weakly_canonical(options.folder) / output.filename();
            }
            const auto [owner, is_new] = owners.emplace(output, session);
            if (is_new) {
                items.push_back({session, output});
            } else if (owner->second != session) {
                throw InputError("the mixes of " + owner->second.string() + " and " + session.string() +
                                 " would both be " + output.string() + "; render them without -o");
            }
        }
    }
    return items;
}

std::vector<BatchEntry> render_batch(const BatchOptions& options, const std::vector<BatchItem>& items,
                                     const std::function<void(const BatchItem&)>& begin,
                                     const std::function<void(const BatchItem&, const BatchEntry&)>& end) {
    if (!options.folder.empty()) std::filesystem::create_directories(options.folder);
    BatchLog log(options.log.empty() ? options.folder / "batch.jsonl" : options.log);
    const WorkFolder reports;
    std::vector<BatchEntry> entries(items.size());
    std::mutex mutex;
    std::exception_ptr stopped;
    std::atomic<std::size_t> next = 0;

    const auto run_item = [&](std::size_t i) {
        BatchEntry entry;
        entry.session = items[i].session.string();
        entry.inputs = fingerprint_or_nothing(options, items[i]);
        {
            const std::lock_guard lock(mutex);
            const BatchEntry* const complete =
                options.resume ? log.find_complete(entry.session, entry.inputs) : nullptr;
            if (complete != nullptr) {
                entries[i] = *complete;
                entries[i].state = BatchState::skipped;
                end(items[i], entries[i]);
                return;
            }
            begin(items[i]);
        }
        entry = render_one(options, items[i], std::move(entry), reports.file(i));
        const std::lock_guard lock(mutex);
        log.add(entry);
        entries[i] = std::move(entry);
        end(items[i], entries[i]);
    };
    const auto work = [&] {
        try {
            for (std::size_t i = next++; i < items.size(); i = next++) run_item(i);
        } catch (...) {
            const std::lock_guard lock(mutex);
            if (!stopped) stopped = std::current_exception();
            next = items.size();
        }
    };
    {
        std::vector<std::jthread> workers;
        for (int job = 1; job < options.jobs; ++job) workers.emplace_back(work);
        work();
    }
    if (stopped) std::rethrow_exception(stopped);
    return entries;
}

}  // namespace tutti
