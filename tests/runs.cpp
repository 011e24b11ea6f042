#include "tests/runs.hpp"

#include <algorithm>
#include <memory>
#include <set>

namespace tutti::tests {

namespace {

template <typename Links>
std::vector<int> output_rows(const Links& links) {
    std::set<int> rows;
    for (const auto& link : links) rows.insert(link.output_row);
    return {rows.begin(), rows.end()};
}

/// Elements first ... first + count - 1 of x, zeros past its end.
Signal stretch(const Signal& x, std::size_t first, std::size_t count) {
    Signal y(count, 0.0F);
    if (first < x.size()) std::copy_n(x.begin() + first, std::min(count, x.size() - first), y.begin());
    return y;
}

}  // namespace

RowsShape shape_of(int row_count, int frame_count, int history_count) {
    return {.row_count = row_count, .frame_count = frame_count, .history_count = history_count};
}

Signals run_chunks(Rows& rows, const Signals& inputs, const std::vector<int>& wanted,
                   const std::function<void(int chunk)>& process) {
    const std::size_t chunk_frames = rows.shape().frame_count;
    const std::size_t frames = inputs.at(0).size();
    Signals outputs(wanted.size());
    for (std::size_t first = 0; first < frames; first += chunk_frames) {
        Signal chunk;
        for (const Signal& input : inputs) {
            const Signal part = stretch(input, first, chunk_frames);
            chunk.insert(chunk.end(), part.begin(), part.end());
        }
        rows.write(0, chunk);
        process(static_cast<int>(first / chunk_frames));
        Signal result(chunk_frames);
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            rows.read(wanted[i], result);
            outputs[i].insert(outputs[i].end(), result.begin(), result.end());
        }
        rows.advance();
    }
    for (Signal& output : outputs) output.resize(frames);
    return outputs;
}

Signals run_convolver(Backend& backend, const RowsShape& shape, const ConvolverPlan& plan,
                      const Signals& inputs) {
    const std::unique_ptr<Rows> rows = backend.make_rows(shape);
    const std::unique_ptr<Convolver> convolver = backend.make_convolver(shape, plan);
    return run_chunks(*rows, inputs, output_rows(plan.paths), [&](int) { convolver->process(*rows); });
}

Signals run_mixer(Backend& backend, const RowsShape& shape, const MixerPlan& plan, const Signals& inputs,
                  const Signals& curves) {
    const std::unique_ptr<Rows> rows = backend.make_rows(shape);
    const std::unique_ptr<Mixer> mixer = backend.make_mixer(shape, plan);
    return run_chunks(*rows, inputs, output_rows(plan.routes), [&](int chunk) {
        Signal gains;
        for (const Signal& curve : curves) {
            const Signal part = stretch(curve, chunk * shape.hop_count(), shape.hop_count() + 1);
            gains.insert(gains.end(), part.begin(), part.end());
        }
        mixer->process(*rows, gains);
    });
}

Signals run_level_meter(Backend& backend, const RowsShape& shape, const std::vector<LevelTap>& taps,
                        const Signals& inputs) {
    const std::unique_ptr<Rows> rows = backend.make_rows(shape);
    const std::unique_ptr<LevelMeter> meter = backend.make_level_meter(shape, taps);
    Signals levels(taps.size());
    run_chunks(*rows, inputs, {}, [&](int) {
        Signal chunk(taps.size() * shape.hop_count());
        meter->process(*rows, chunk);
        for (std::size_t tap = 0; tap < taps.size(); ++tap) {
            const auto first = chunk.begin() + tap * shape.hop_count();
            levels[tap].insert(levels[tap].end(), first, first + shape.hop_count());
        }
    });
    for (Signal& level : levels) level.resize(inputs.at(0).size() / control_hop);
    return levels;
}

}  // namespace tutti::tests
