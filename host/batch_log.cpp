#include "host/batch_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/errors.hpp"

namespace tutti {

namespace {

const char* word_for(BatchState state) {
    switch (state) {
        case BatchState::rendered:
            return "rendered";
        case BatchState::skipped:
            return "skipped";
        case BatchState::failed:
            return "failed";
    }
    return "";
}

std::string line_of(const BatchEntry& entry) {
    nlohmann::ordered_json json;
    json["tutti_batch"] = 1;
    json["session"] = entry.session;
    json["state"] = word_for(entry.state);
    json["exit_status"] = entry.exit_status;
    json["inputs"] = entry.inputs;
    json["errors"] = entry.errors;
    json["outputs"] = nlohmann::json::array();
    for (const BatchEntry::Output& output : entry.outputs) {
        json["outputs"].push_back(
            {{"file", output.file}, {"bytes", output.bytes}, {"changed", output.changed}});
    }
    json["report"] =
        entry.report.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json::parse(entry.report);
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

/// Throws nlohmann::json::exception where the line is none of a log.
BatchEntry parse_line(const std::string& line) {
    const nlohmann::json json = nlohmann::json::parse(line);
    if (json.at("tutti_batch") != 1) throw InputError("another version");
    BatchEntry entry;
    entry.session = json.at("session");
    entry.inputs = json.at("inputs");
    entry.exit_status = json.at("exit_status");
    const std::string state = json.at("state");
    if (state == word_for(BatchState::failed)) entry.state = BatchState::failed;
    if (state == word_for(BatchState::skipped)) entry.state = BatchState::skipped;
    for (const nlohmann::json& output : json.at("outputs")) {
        entry.outputs.push_back({output.at("file"), output.at("bytes"), output.at("changed")});
    }
    if (!json.at("report").is_null()) entry.report = json.at("report").dump();
    return entry;
}

bool is_unchanged(const BatchEntry::Output& output) {
    std::error_code failed;
    const std::uintmax_t bytes = std::filesystem::file_size(output.file, failed);
    if (failed || bytes != output.bytes) return false;
    const auto changed = std::filesystem::last_write_time(output.file, failed);
    return !failed && changed.time_since_epoch().count() == output.changed;
}

}  // namespace

std::vector<BatchEntry::Output> outputs_of_report(const std::string& report) {
    const nlohmann::json json = nlohmann::json::parse(report);
    std::vector<std::string> files{json.at("mix")};
    for (const nlohmann::json& stem : json.at("stems")) files.push_back(stem);
    std::vector<BatchEntry::Output> outputs;
    for (const std::string& file : files) {
        std::error_code failed;
        const std::filesystem::path path = std::filesystem::absolute(file);
        const std::uintmax_t bytes = std::filesystem::file_size(path, failed);
        if (failed) continue;
        const auto changed = std::filesystem::last_write_time(path, failed);
        if (!failed) outputs.push_back({path.string(), bytes, changed.time_since_epoch().count()});
    }
    return outputs;
}

BatchLog::BatchLog(std::filesystem::path file) : file_(std::move(file)) {
    std::ifstream stream(file_);
    std::string line;
    while (std::getline(stream, line)) {
        is_torn_ = stream.eof();
        read_line(line);
    }
    descriptor_ = open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (descriptor_ < 0) throw InputError(file_.string() + ": " + std::strerror(errno));
}

BatchLog::~BatchLog() {
    if (descriptor_ >= 0) close(descriptor_);
}

void BatchLog::read_line(const std::string& line) {
    try {
        BatchEntry entry = parse_line(line);
        if (entry.state == BatchState::rendered) last_[entry.session] = std::move(entry);
    } catch (const std::exception&) {
        // A line that a kill cut short is worth nothing; anything else is another file.
        const std::string begin = R"({"tutti_batch")";
        if (line.compare(0, begin.size(), begin, 0, line.size()) != 0) {
            throw InputError(file_.string() + ": is no log of tutti batch; give another name with --log");
        }
    }
}

const BatchEntry* BatchLog::find_complete(const std::string& session, const std::string& inputs) const {
    const auto found = last_.find(session);
    if (found == last_.end() || inputs.empty() || found->second.inputs != inputs) return nullptr;
    if (found->second.outputs.empty()) return nullptr;
    for (const BatchEntry::Output& output : found->second.outputs) {
        if (!is_unchanged(output)) return nullptr;
    }
    return &found->second;
}

void BatchLog::add(const BatchEntry& entry) {
    std::string text = line_of(entry);
    if (std::exchange(is_torn_, false)) text.insert(0, "\n");
    const ssize_t written = write(descriptor_, text.data(), text.size());
    if (written != static_cast<ssize_t>(text.size()) || fsync(descriptor_) != 0) {
        throw InputError(file_.string() + ": " + std::strerror(written < 0 ? errno : ENOSPC));
    }
}

}  // namespace tutti
