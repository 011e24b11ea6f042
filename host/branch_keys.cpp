#include "host/branch_keys.hpp"

#include <cmath>
#include <variant>

#include "engine/threads.hpp"
#include "host/plan_hash.hpp"
#include "host/session_writer.hpp"
#include "host/version.hpp"

namespace tutti {

namespace {

/// Contents of files are in the key by other ways, and where they lie has no meaning.
template <typename S>
S without_paths(S strip) {
    for (Insert& insert : strip.inserts) {
        if (auto* const convolution = std::get_if<ConvolutionInsert>(&insert.processor)) {
            convolution->file = "response";
        }
    }
    return strip;
}

/// The branch's strips with every setting, as a session file would say them.
std::string settings_of(const Session& session, const Branch& branch) {
    Session part;
    part.sample_rate_hz = session.sample_rate_hz;
    part.pan_law_db = session.pan_law_db;
    const int tracks = static_cast<int>(session.tracks.size());
    for (const int strip : branch.strips) {
        if (strip < tracks) {
            part.tracks.push_back(without_paths(session.tracks[strip]));
            part.tracks.back().file = "stem";
        } else if (strip - tracks < static_cast<int>(session.buses.size())) {
            part.buses.push_back(without_paths(session.buses[strip - tracks]));
        } else {
            part.master = without_paths(session.master);
        }
    }
    return write_session(part, ".");
}

/// Everything that is the same for all branches.
Digest digest_of_place(const DeviceInfo& info) {
    ContentHash hash;
    hash.add(digest_of_program());
    hash.add(version_text());
    hash.add(info.kind);
    hash.add(info.name);
    hash.add(info.driver);
    return hash.digest();
}

}  // namespace

std::vector<Digest> branch_keys(const OpenedSession& opened, const BranchInputs& inputs) {
    std::vector<Digest> places;
    for (const Backend* const device : inputs.devices) places.push_back(digest_of_place(device->info()));
    const auto count = static_cast<int>(inputs.branches.size());
    std::vector<RenderForecast> forecasts;
    for (int b = 0; b < count; ++b) {
        const RenderPlan& plan = inputs.branches[b].plan.render;
        forecasts.push_back(forecast(*inputs.devices[inputs.device_of[b]], plan, plan.shape.frame_count));
    }
    std::vector<Digest> own(count);
    parallel_for(count, [&](int b) {
        const Branch& branch = inputs.branches[b];
        ContentHash hash;
        hash.add(places[inputs.device_of[b]]);
        add_plan(hash, branch.plan.render);
        hash.add(branch.kernels);
        add_forecast(hash, forecasts[b]);
        hash.add(settings_of(opened.session, branch));
        hash.add(inputs.chunk_counts[b]);
        hash.add(inputs.repair_nonfinite);
        for (const MixPlan::Source& source : branch.plan.sources) {
            const Track& track = opened.session.tracks[source.track];
            hash.add(inputs.stems.digest(track.file));
            hash.add(std::llround(track.start_s * opened.session.sample_rate_hz));
        }
        own[b] = hash.digest();
    });
    std::vector<Digest> keys;
    for (int b = 0; b < count; ++b) {
        ContentHash hash;
        hash.add(own[b]);
        for (const Branch::Input& input : inputs.branches[b].inputs) {
            hash.add(keys[input.branch]);
            hash.add(input.output);
        }
        keys.push_back(hash.digest());
    }
    return keys;
}

}  // namespace tutti
