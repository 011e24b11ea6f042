#include "benchmarks/peers/zita_engine.hpp"

#include <algorithm>

#include "engine/errors.hpp"

namespace tutti::bench {

std::unique_ptr<Convproc> make_zita_engine(const std::vector<std::span<const float>>& kernels,
                                           bool measured) {
    auto engine = std::make_unique<Convproc>();
    engine->set_options(Convproc::OPT_VECTOR_MODE);
    if (measured) engine->set_options(Convproc::OPT_VECTOR_MODE | Convproc::OPT_FFTW_MEASURE);
    const auto outputs = static_cast<unsigned>(kernels.size());
    const auto taps = static_cast<unsigned>(kernels.front().size());
    int error = engine->configure(1, outputs, taps, zita_partition, zita_partition, zita_partition, 0.0F);
    for (unsigned output = 0; output < outputs && error == 0; ++output) {
        // It takes taps as float*, and does not write to them.
        error = engine->impdata_create(0, output, 1, const_cast<float*>(kernels[output].data()), 0,
                                       static_cast<int>(taps));
    }
    if (error != 0) {
        throw InputError("libzita-convolver does not take a kernel of " + std::to_string(taps) + " taps");
    }
    return engine;
}

void start(Convproc& engine) {
    engine.reset();
    engine.start_process(0, 0);
}

void stop(Convproc& engine) {
    engine.stop_process();
    while (!engine.check_stop()) {
    }
}

void convolve(Convproc& engine, std::span<const float> row, const std::vector<std::span<float>>& results,
              float gain) {
    const std::size_t result_frames = results.front().size();
    for (std::size_t start = 0; start < result_frames; start += zita_partition) {
        const std::size_t begin = std::min(start, row.size());
        const std::size_t count = std::min<std::size_t>(zita_partition, row.size() - begin);
        std::copy_n(row.data() + begin, count, engine.inpdata(0));
        std::fill(engine.inpdata(0) + count, engine.inpdata(0) + zita_partition, 0.0F);
        engine.process(true);
        const std::size_t result_count = std::min<std::size_t>(zita_partition, result_frames - start);
        for (std::size_t output = 0; output < results.size(); ++output) {
            const float* from = engine.outdata(static_cast<unsigned>(output));
            float* to = results[output].data() + start;
            if (gain == 0.0F) {
                std::copy_n(from, result_count, to);
            } else {
                for (std::size_t i = 0; i < result_count; ++i) to[i] += gain * from[i];
            }
        }
    }
}

std::string zita_version_text() {
    return "libzita-convolver " + std::to_string(ZITA_CONVOLVER_MAJOR_VERSION) + "." +
           std::to_string(ZITA_CONVOLVER_MINOR_VERSION);
}

}  // namespace tutti::bench
