#include "host/branch_run.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/threads.hpp"
#include "engine/trace.hpp"
#include "host/text.hpp"
#include "host/units.hpp"

namespace tutti {

namespace {

std::string name_of(const Session& session) {
    return session.name.empty() ? session.path.stem().string() : session.name;
}

}  // namespace

BranchRun::BranchRun(const BranchedMix& mix, const StripCache& cache, const std::set<Digest>& distrusted,
                     const std::function<void(std::span<const int> branches)>& prepare, Warn warn)
    : mix_(mix), cache_(cache), warn_(std::move(warn)), states_(mix.branches.size()) {
    choose_roles(distrusted);
    std::vector<int> made;
    for (int b = 0; b < static_cast<int>(states_.size()); ++b) {
        if (states_[b].role == Role::made) made.push_back(b);
    }
    prepare(made);
    place_rows();
    start_making();
    open_writers();
    for (const Backend* const device : mix_.devices) waited_before_s_.push_back(device->waited_s());
    if (mix_.devices.size() > 1) {
        team_ = std::make_unique<DeviceTeam>(mix_.devices, [this](int device) { (*work_)(device); });
    }
}

void BranchRun::choose_roles(const std::set<Digest>& distrusted) {
    std::vector<bool> wanted(states_.size(), false);
    wanted.back() = true;
    for (int b = static_cast<int>(states_.size()) - 1; b >= 0; --b) {
        BranchState& state = states_[b];
        if (!wanted[b]) {
            ++reuse_.unread_count;
            continue;
        }
        if (distrusted.count(mix_.keys[b]) == 0) state.entry = cache_.find(mix_.keys[b], mix_.shape_of(b));
        // What an entry says of its branch belongs to it.
        const std::optional<EntryText> text =
            state.entry ? parse_entry_text(state.entry->text()) : std::nullopt;
        if (text) {
            state.role = Role::kept;
            facts_.insert(text->facts.begin(), text->facts.end());
            ++reuse_.read_count;
            reuse_.read_bytes += state.entry->file_bytes();
            continue;
        }
        state.entry.reset();
        state.role = Role::made;
        reuse_.made.insert(reuse_.made.begin(), mix_.branches[b].name);
        for (const Branch::Input& input : mix_.branches[b].inputs) wanted[input.branch] = true;
    }
}

/// The mix comes first, where who takes it looks for it.
void BranchRun::place_rows() {
    for (int b = static_cast<int>(states_.size()) - 1; b >= 0; --b) {
        BranchState& state = states_[b];
        if (state.role == Role::unused) continue;
        const RenderPlan& plan = mix_.branches[b].plan.render;
        state.first_output = output_row_count_;
        output_row_count_ += plan.output_rows.size();
        if (state.role != Role::made) continue;
        state.making.emplace();
        state.making->first_source = source_row_count_;
        source_row_count_ += plan.source_row_count;
    }
}

void BranchRun::start_making() {
    const TraceScope scope("prepare device");
    for (std::size_t b = 0; b < states_.size(); ++b) {
        if (states_[b].role != Role::made) continue;
        states_[b].making->renderer =
            std::make_unique<Renderer>(*mix_.devices[mix_.device_of[b]], mix_.branches[b].plan.render, 1);
    }
    parallel_for(static_cast<int>(states_.size()), [&](int b) {
        const MixPlan& plan = mix_.branches[b].plan;
        if (states_[b].role != Role::made || plan.sources.empty()) return;
        states_[b].making->feed.emplace(plan, mix_.opened.session, mix_.repair_nonfinite, 0);
    });
}

void BranchRun::open_writers() {
    if (!cache_.trouble().empty()) {
        stop_keeping(cache_.trouble());
        return;
    }
    std::uint64_t bytes = 0;
    for (std::size_t b = 0; b < states_.size(); ++b) {
        if (states_[b].role == Role::made) bytes += mix_.shape_of(static_cast<int>(b)).bytes();
    }
    std::error_code failed;
    const std::filesystem::space_info space = std::filesystem::space(cache_.folder(), failed);
    // The mix itself may go to the same disk.
    const std::uint64_t mix_bytes = mix_.shape_of(static_cast<int>(states_.size()) - 1).bytes();
    if (!failed && bytes + mix_bytes > space.available) {
        stop_keeping("it would take " + bytes_text(bytes) + ", and " + bytes_text(space.available) +
                     " are free");
        return;
    }
    try {
        for (std::size_t b = 0; b < states_.size(); ++b) {
            if (states_[b].role != Role::made) continue;
            const int branch = static_cast<int>(b);
            states_[b].making->writer.emplace(cache_.file_of(mix_.keys[b]), mix_.keys[b],
                                              mix_.shape_of(branch));
        }
    } catch (const InputError& error) {
        stop_keeping(error.what());
    }
}

/// The render goes on without it; what was begun gives its room back.
void BranchRun::stop_keeping(const std::string& why) {
    for (BranchState& state : states_) {
        if (state.making) state.making->writer.reset();
    }
    warn_("nothing more is kept in the cache " + printable(cache_.folder().string()) + ": " + why);
}

PassSeconds BranchRun::run(const Stretch& stretch, bool show_progress, const TakeFrames& take) {
    const MixPlan& mix = mix_.mix();
    const PassWork work{.chunk_frames = mix_.chunk_frames(),
                        .sample_rate_hz = mix.render.sample_rate_hz,
                        .latency_frames = mix.render.latency_frames,
                        .source_row_count = source_row_count_,
                        .output_row_count = output_row_count_,
                        .read = [&](auto sources, auto outputs) { read_chunk(sources, outputs); },
                        .process = [&](auto sources, auto outputs) { process_chunk(sources, outputs); },
                        .keep = [&](auto /*sources*/, auto outputs) { keep_chunk(outputs); }};
    return run_pass("rendering", show_progress, stretch, pass_frames(mix, stretch), work, take);
}

std::span<float> BranchRun::outputs_of(int branch, std::span<float> outputs) const {
    const std::size_t chunk = mix_.chunk_frames();
    return outputs.subspan(states_[branch].first_output * chunk,
                           mix_.branches[branch].plan.render.output_rows.size() * chunk);
}

void BranchRun::read_chunk(std::span<float> sources, std::span<float> outputs) {
    const int chunk = read_chunks_++;
    const std::size_t frames = mix_.chunk_frames();
    parallel_for(static_cast<int>(states_.size()), [&](int b) {
        BranchState& state = states_[b];
        if (chunk >= mix_.chunk_counts[b]) return;
        if (state.entry && !state.entry->read(chunk, outputs_of(b, outputs))) {
            throw DamagedEntry(mix_.keys[b]);
        }
        if (!state.making || !state.making->feed) return;
        state.making->feed->read(sources.subspan(state.making->first_source * frames,
                                                 mix_.branches[b].track_row_count() * frames));
    });
}

void BranchRun::process_chunk(std::span<float> sources, std::span<float> outputs) {
    const int chunk = processed_chunks_++;
    if (mix_.devices.size() == 1) {
        for (int b = 0; b < static_cast<int>(states_.size()); ++b) {
            if (is_made_in(b, chunk)) make_chunk(b, chunk, sources, outputs);
        }
        return;
    }
    done_.begin(states_.size());
    const std::function<void(int)> work = [&](int device) { process_on(device, chunk, sources, outputs); };
    work_ = &work;
    team_->run();
}

/// A device makes its branches in order, and waits for what others make of them.
void BranchRun::process_on(int device, int chunk, std::span<float> sources, std::span<float> outputs) {
    try {
        for (int b = 0; b < static_cast<int>(states_.size()); ++b) {
            if (mix_.device_of[b] != device || !is_made_in(b, chunk)) continue;
            for (const Branch::Input& input : mix_.branches[b].inputs) {
                if (is_made_in(input.branch, chunk) && !done_.wait_for(input.branch)) return;
            }
            make_chunk(b, chunk, sources, outputs);
            done_.set_done(b);
        }
    } catch (...) {
        done_.give_up();
        throw;
    }
}

void BranchRun::make_chunk(int branch, int chunk, std::span<float> sources, std::span<float> outputs) {
    const auto start = std::chrono::steady_clock::now();
    const Branch& made = mix_.branches[branch];
    BranchMaking& making = *states_[branch].making;
    const std::size_t frames = mix_.chunk_frames();
    const std::span<float> own =
        sources.subspan(making.first_source * frames, made.plan.render.source_row_count * frames);
    std::span<float> rest = own.subspan(made.track_row_count() * frames);
    for (const Branch::Input& input : made.inputs) {
        if (chunk < mix_.chunk_counts[input.branch]) {
            const auto from = outputs_of(input.branch, outputs).subspan(input.output * frames, frames);
            std::copy(from.begin(), from.end(), rest.begin());
        } else {
            std::fill_n(rest.begin(), frames, 0.0F);
        }
        rest = rest.subspan(frames);
    }
    making.renderer->process(own, outputs_of(branch, outputs));
    making.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void BranchRun::keep_chunk(std::span<float> outputs) {
    const int chunk = kept_chunks_++;
    std::vector<int> full(states_.size(), 0);
    parallel_for(static_cast<int>(states_.size()), [&](int b) {
        BranchState& state = states_[b];
        if (!state.making || !state.making->writer || chunk >= mix_.chunk_counts[b]) return;
        full[b] = state.making->writer->write(outputs_of(b, outputs)) ? 0 : 1;
    });
    if (std::find(full.begin(), full.end(), 1) != full.end()) {
        stop_keeping("its disk takes no more");
        return;
    }
    for (int b = 0; b < static_cast<int>(states_.size()); ++b) {
        if (states_[b].making && chunk + 1 == mix_.chunk_counts[b]) finish_entry(b);
    }
}

/// Facts of the branch go into its entry with those of all above it, which were finished before.
void BranchRun::finish_entry(int branch) {
    facts_[mix_.keys[branch]] = facts_of(branch);
    std::optional<CacheEntryWriter>& writer = states_[branch].making->writer;
    if (!writer) return;
    if (!mix_.is_unchanged(branch)) {
        writer.reset();  // Its key would not tell what was read.
        return;
    }
    std::set<int> above{branch};
    for (int b = branch; b >= 0; --b) {
        if (above.count(b) == 0) continue;
        for (const Branch::Input& input : mix_.branches[b].inputs) above.insert(input.branch);
    }
    EntryText text{mix_.branches[branch].name, name_of(mix_.opened.session), {}};
    for (const int b : above) {
        const auto known = facts_.find(mix_.keys[b]);
        if (known != facts_.end()) text.facts.insert(*known);
    }
    try {
        const std::uint64_t bytes = writer->bytes();
        writer->commit(entry_text(text));
        reuse_.kept_bytes += bytes;
    } catch (const InputError& error) {
        stop_keeping(error.what());
    }
    writer.reset();
}

BranchFacts BranchRun::facts_of(int branch) const {
    const BranchMaking& making = *states_[branch].making;
    BranchFacts facts;
    if (making.feed) facts.findings = making.feed->findings();
    const std::vector<GainReport> gains = making.renderer->gain_reports();
    for (std::size_t i = 0; i < gains.size(); ++i) {
        facts.dynamics.push_back({mix_.branches[branch].plan.curves[i], gains[i]});
    }
    return facts;
}

std::vector<BranchFacts> BranchRun::facts() const {
    std::vector<BranchFacts> all;
    for (const Digest& key : mix_.keys) {
        const auto known = facts_.find(key);
        all.push_back(known != facts_.end() ? known->second : BranchFacts{});
    }
    return all;
}

std::vector<RenderReport::StepTime> BranchRun::times() const {
    std::vector<RenderReport::StepTime> times;
    for (std::size_t b = 0; b < states_.size(); ++b) {
        if (!states_[b].making) continue;
        const std::string device =
            mix_.devices.size() > 1 ? mix_.devices[mix_.device_of[b]]->info().id + ": " : std::string();
        times.push_back({device + mix_.branches[b].name, states_[b].making->seconds});
    }
    return times;
}

std::vector<RenderReport::Device> BranchRun::devices() const {
    std::vector<RenderReport::Device> devices;
    for (const Backend* const device : mix_.devices) {
        devices.push_back({device->info().id, device->info().name, 0, 0.0, 0.0});
    }
    for (std::size_t b = 0; b < states_.size(); ++b) {
        if (!states_[b].making) continue;
        RenderReport::Device& device = devices[mix_.device_of[b]];
        device.track_count += static_cast<int>(mix_.branches[b].plan.sources.size());
        device.busy_s += states_[b].making->seconds;
    }
    for (std::size_t d = 0; d < devices.size(); ++d) {
        devices[d].waited_s = mix_.devices[d]->waited_s() - waited_before_s_[d];
    }
    return devices;
}

}  // namespace tutti
