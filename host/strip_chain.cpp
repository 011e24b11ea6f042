#include "host/strip_chain.hpp"

#include <span>

namespace tutti {

namespace {

bool is_dynamics(const Insert& insert) {
    return std::holds_alternative<CompressorInsert>(insert.processor) ||
           std::holds_alternative<GateInsert>(insert.processor) ||
           std::holds_alternative<LimiterInsert>(insert.processor);
}

}  // namespace

std::vector<Stage> make_stages(const Strip& strip, int channels, const Session& session, const Warn& warn) {
    std::vector<Stage> stages;
    const std::span<const Insert> inserts(strip.inserts);
    std::size_t first = 0;
    const auto fuse_up_to = [&](std::size_t end) {
        if (end == first) return;
        FusedKernel kernel = fuse_inserts(inserts.subspan(first, end - first), channels, session, warn);
        channels = kernel.output_channels;
        if (kernel.is_identity()) return;
        KernelSketch sketch = sketch_of(kernel);
        stages.push_back({std::move(kernel), std::move(sketch), nullptr, 0});
    };
    for (std::size_t i = 0; i < inserts.size(); ++i) {
        if (!is_dynamics(inserts[i])) continue;
        if (inserts[i].bypass) continue;
        fuse_up_to(i);
        stages.push_back({{}, {}, &inserts[i], static_cast<int>(i)});
        first = i + 1;
    }
    fuse_up_to(inserts.size());
    return stages;
}

}  // namespace tutti
