#include "host/known_chains.hpp"

#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <variant>

#include "host/session_writer.hpp"
#include "host/user_cache.hpp"

namespace tutti {

namespace {

using Json = nlohmann::json;

/// Impulse responses of inserts that are not bypassed.
std::vector<std::filesystem::path> responses_of(const Strip& strip) {
    std::vector<std::filesystem::path> files;
    for (const Insert& insert : strip.inserts) {
        const auto* const convolution = std::get_if<ConvolutionInsert>(&insert.processor);
        if (convolution != nullptr && !insert.bypass) files.push_back(convolution->file);
    }
    return files;
}

FileContents read_responses(const Session& session, const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    const auto add = [&](const Strip& strip) {
        for (const std::filesystem::path& file : responses_of(strip)) files.push_back(file);
    };
    for (const Track& track : session.tracks) add(track);
    for (const Bus& bus : session.buses) add(bus);
    add(session.master);
    try {
        return read_contents(files, folder);
    } catch (const InputError&) {
        return {};  // Who designs the kernels says what is wrong, and where.
    }
}

constexpr const char* chains_key = "chains 1";

/// Of a few sessions; of more, those are forgotten that were not asked for now.
constexpr std::size_t most_chains = 2000;

/// All inserts as a session file would say them, but for where responses lie.
std::string settings_of_chain(const Strip& strip, int sample_rate_hz) {
    Session part;
    part.sample_rate_hz = sample_rate_hz;
    part.master.inserts = strip.inserts;
    for (Insert& insert : part.master.inserts) {
        if (auto* const convolution = std::get_if<ConvolutionInsert>(&insert.processor)) {
            convolution->file = "response";
        }
    }
    return write_session(part, ".");
}

Json json_of(const Stage& stage) {
    if (stage.sketch.paths.empty()) return stage.insert;
    const KernelSketch& kernel = stage.sketch;
    Json paths = Json::array();
    for (const auto& row : kernel.paths) {
        for (const KernelSketch::Path& path : row) {
            paths.push_back({path.tap_count, path.gain, path.taps.high, path.taps.low});
        }
    }
    return {kernel.input_channels, kernel.output_channels, kernel.latency_frames,
            kernel.delay_frames,   kernel.dropped_frames,  paths};
}

/// A stage of dynamics has its insert's index and nothing else. Throws Json::exception.
Stage parse_stage(const Json& json) {
    Stage stage;
    if (json.is_number()) {
        stage.insert = json;
        return stage;
    }
    KernelSketch& kernel = stage.sketch;
    kernel.input_channels = json.at(0);
    kernel.output_channels = json.at(1);
    kernel.latency_frames = json.at(2);
    kernel.delay_frames = json.at(3);
    kernel.dropped_frames = json.at(4);
    for (int out = 0; out < kernel.output_channels; ++out) {
        std::vector<KernelSketch::Path>& row = kernel.paths.emplace_back();
        for (int in = 0; in < kernel.input_channels; ++in) {
            const Json& path = json.at(5).at(out * kernel.input_channels + in);
            row.push_back({path.at(0), path.at(1), {path.at(2), path.at(3)}});
        }
    }
    return stage;
}

}  // namespace

KnownChains::KnownChains(const Session& session, const std::filesystem::path& folder)
    : session_(session), folder_(folder), responses_(read_responses(session, folder)) {
    const std::unique_ptr<BlobStore> store = open_cache(folder_);
    if (store == nullptr) return;
    const std::vector<std::byte> bytes = store->get(chains_key);
    try {
        const auto* const text = reinterpret_cast<const char*>(bytes.data());
        const Json chains = Json::parse(text, text + bytes.size());
        for (const Json& chain : chains) {
            std::vector<Stage>& stages = known_[{chain.at(0), chain.at(1)}];
            for (const Json& stage : chain.at(2)) stages.push_back(parse_stage(stage));
        }
    } catch (const Json::exception&) {
        known_.clear();
    }
}

std::optional<Digest> KnownChains::key_of(const Strip& strip, int channels) const {
    ContentHash hash;
    hash.add(digest_of_program());
    hash.add(channels);
    hash.add(settings_of_chain(strip, session_.sample_rate_hz));
    for (const std::filesystem::path& file : responses_of(strip)) {
        const auto found = responses_.files.find(file);
        if (found == responses_.files.end()) return std::nullopt;
        hash.add(found->second.content);
    }
    return hash.digest();
}

std::optional<std::vector<Stage>> KnownChains::find(const Strip& strip, int channels) {
    const std::optional<Digest> key = key_of(strip, channels);
    if (!key) return std::nullopt;
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(*key);
    if (found == known_.end()) return std::nullopt;
    std::vector<Stage> stages = found->second;
    for (Stage& stage : stages) {
        if (!stage.sketch.paths.empty()) continue;
        if (stage.insert >= static_cast<int>(strip.inserts.size())) return std::nullopt;
        stage.dynamics = &strip.inserts[stage.insert];
    }
    in_use_[*key] = stages;
    return stages;
}

void KnownChains::add(const Strip& strip, int channels, const std::vector<Stage>& stages) {
    const std::optional<Digest> key = key_of(strip, channels);
    if (!key || !are_unchanged(strip)) return;
    std::vector<Stage> sketches;
    for (const Stage& stage : stages) sketches.push_back({{}, stage.sketch, stage.dynamics, stage.insert});
    const std::lock_guard lock(mutex_);
    in_use_[*key] = std::move(sketches);
    has_more_ = true;
}

void KnownChains::keep() const {
    const std::lock_guard lock(mutex_);
    const std::unique_ptr<BlobStore> store = has_more_ ? open_cache(folder_) : nullptr;
    if (store == nullptr) return;
    std::map<Digest, std::vector<Stage>> kept = in_use_;
    if (known_.size() <= most_chains) kept.insert(known_.begin(), known_.end());
    Json chains = Json::array();
    for (const auto& [key, stages] : kept) {
        Json all = Json::array();
        for (const Stage& stage : stages) all.push_back(json_of(stage));
        chains.push_back({key.high, key.low, all});
    }
    const std::string text = chains.dump();
    store->put(chains_key, std::as_bytes(std::span(text)));
}

void KnownChains::forget() {
    const std::lock_guard lock(mutex_);
    known_.clear();
    in_use_.clear();
    has_more_ = true;
}

bool KnownChains::are_unchanged(const Strip& strip) const {
    for (const std::filesystem::path& file : responses_of(strip)) {
        if (responses_.files.count(file) == 0 || !responses_.is_unchanged(file)) return false;
    }
    return true;
}

}  // namespace tutti
