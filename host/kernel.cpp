#include "host/kernel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "engine/fft.hpp"
#include "host/eq.hpp"
#include "host/impulse_response.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

/// An impulse response that starts `delay` frames late; without values it is no path at all. Neither the
/// first nor the last value is zero: so delays stay exact, which an FFT would turn into noise.
struct Response {
    std::int64_t delay = 0;
    std::vector<double> values;
};

/// [output][input]
using Matrix = std::vector<std::vector<Response>>;

/// Takes the values over: those of a long kernel are not in memory twice.
Response trimmed(std::int64_t delay, std::vector<double> values) {
    const auto is_sound = [](double x) { return x != 0.0; };
    values.erase(std::find_if(values.rbegin(), values.rend(), is_sound).base(), values.end());
    const auto first = std::find_if(values.begin(), values.end(), is_sound);
    if (first == values.end()) return {};
    delay += first - values.begin();
    values.erase(values.begin(), first);
    return {delay, std::move(values)};
}

std::int64_t silent_end_of(std::span<const double> values) {
    return std::find_if(values.rbegin(), values.rend(), [](double x) { return x != 0.0; }) - values.rbegin();
}

Response scaled(Response response, double gain) {
    for (double& x : response.values) x *= gain;
    return trimmed(response.delay, std::move(response.values));
}

Response in_series(const Response& a, const Response& b) {
    if (a.values.empty() || b.values.empty()) return {};
    return trimmed(a.delay + b.delay, convolve(a.values, b.values));
}

Response in_parallel(Response a, Response b) {
    if (a.values.empty()) return b;
    if (b.values.empty()) return a;
    const std::int64_t delay = std::min(a.delay, b.delay);
    const auto end_of = [&](const Response& r) {
        return static_cast<std::size_t>(r.delay - delay) + r.values.size();
    };
    std::vector<double> sum(std::max(end_of(a), end_of(b)), 0.0);
    for (const Response* part : {&a, &b}) {
        double* target = sum.data() + (part->delay - delay);
        for (std::size_t n = 0; n < part->values.size(); ++n) target[n] += part->values[n];
    }
    return trimmed(delay, std::move(sum));
}

Matrix in_series(const Matrix& first, const Matrix& then) {
    Matrix product(then.size(), std::vector<Response>(first[0].size()));
    for (std::size_t out = 0; out < then.size(); ++out) {
        for (std::size_t in = 0; in < first[0].size(); ++in) {
            for (std::size_t k = 0; k < first.size(); ++k) {
                product[out][in] =
                    in_parallel(std::move(product[out][in]), in_series(first[k][in], then[out][k]));
            }
        }
    }
    return product;
}

Matrix identity(int channels) {
    const auto size = static_cast<std::size_t>(channels);
    Matrix matrix(size, std::vector<Response>(size));
    for (std::size_t c = 0; c < size; ++c) matrix[c][c].values = {1.0};
    return matrix;
}

std::uint64_t bytes_of(const std::vector<double>& values) { return values.size() * sizeof(double); }

std::uint64_t bytes_of(std::span<const Response> responses) {
    std::uint64_t sum = 0;
    for (const Response& response : responses) sum += bytes_of(response.values);
    return sum;
}

std::uint64_t bytes_of(const Matrix& matrix) {
    std::uint64_t sum = 0;
    for (const std::vector<Response>& row : matrix) sum += bytes_of(row);
    return sum;
}

std::size_t longest_of(std::span<const Response> responses) {
    std::size_t longest = 0;
    for (const Response& response : responses) longest = std::max(longest, response.values.size());
    return longest;
}

std::size_t longest_of(const Matrix& matrix) {
    std::size_t longest = 0;
    for (const std::vector<Response>& row : matrix) longest = std::max(longest, longest_of(row));
    return longest;
}

std::int64_t frames_of(double ms, int sample_rate_hz) { return std::llround(ms * 1e-3 * sample_rate_hz); }

/// Two or four channels of an impulse response as what they do to `input_channels`, by the rules of
/// fuse_inserts().
Matrix routed(std::vector<Response> channels, int input_channels) {
    const auto take = [&](int channel) { return std::move(channels[channel]); };
    Matrix matrix(2, std::vector<Response>(input_channels));
    if (channels.size() == 2) {
        matrix[0].front() = take(0);
        matrix[1].back() = take(1);
    } else if (input_channels == 2) {
        for (int channel = 0; channel < 4; ++channel) matrix[channel % 2][channel / 2] = take(channel);
    } else {
        for (int out = 0; out < 2; ++out) {
            matrix[out][0] = scaled(in_parallel(take(out), take(out + 2)), 0.5);
        }
    }
    return matrix;
}

/// Fuses from the first insert to the last. What acts on all channels alike is kept apart until the end: it
/// commutes with everything, and is convolved once instead of once per path.
class Fusion {
  public:
    Fusion(int input_channels, const Session& session, const Warn& warn)
        : session_(session), warn_(warn), matrix_(identity(input_channels)) {}

    void add(const Insert& insert) {
        if (insert.bypass) return;
        place_ = insert.place;
        std::visit([&](const auto& processor) { add(processor); }, insert.processor);
    }

    /// Takes what has been fused, which is no more afterwards.
    FusedKernel take_kernel() {
        const std::size_t path_count = matrix_.size() * matrix_[0].size();
        note_bytes(path_count * bytes_of(common_.values) +
                   convolve_bytes(longest_of(matrix_), common_.values.size()));
        Matrix matrix = std::move(matrix_);
        for (std::vector<Response>& row : matrix) {
            for (Response& path : row) path = in_series(path, common_);
        }
        common_ = {};
        FusedKernel kernel;
        kernel.design_bytes = design_bytes_;
        kernel.dropped_frames = silent_end_frames_ + drop_faint_ends(matrix);
        kernel.input_channels = static_cast<int>(matrix[0].size());
        kernel.output_channels = static_cast<int>(matrix.size());
        kernel.latency_frames = latency_frames_;
        const std::int64_t delay = common_delay(matrix);
        TUTTI_CHECK(delay <= std::numeric_limits<int>::max());
        kernel.delay_frames = static_cast<int>(delay);
        kernel.paths.resize(matrix.size());
        for (std::size_t out = 0; out < matrix.size(); ++out) {
            for (Response& path : matrix[out]) {
                std::vector<double>& taps = kernel.paths[out].emplace_back();
                if (path.values.empty()) continue;
                taps = std::move(path.values);
                taps.insert(taps.begin(), static_cast<std::size_t>(path.delay - delay), 0.0);
            }
        }
        return kernel;
    }

  private:
    void add(const EqInsert& eq) {
        const EqKernel kernel = design_eq(eq.phase, eq.bands, session_.sample_rate_hz);
        note_bytes(bytes_of(kernel.taps) + convolve_bytes(common_.values.size(), kernel.taps.size()));
        common_ = in_series(common_, trimmed(0, kernel.taps));
        latency_frames_ += kernel.latency_frames;
    }

    void add(const DelayInsert& delay) {
        common_.delay += frames_of(delay.delay_ms, session_.sample_rate_hz);
    }

    void add(const GainInsert& gain) {
        const double sign = gain.invert_polarity ? -1.0 : 1.0;
        common_ = scaled(std::move(common_), sign * std::pow(10.0, gain.gain_db / 20.0));
    }

    void add(const ConvolutionInsert& insert) {
        std::vector<Response> channels = wet_channels(insert);
        const double dry = 1.0 - insert.mix;
        const std::size_t taps = longest_of(channels);
        if (channels.size() == 1) {
            note_bytes(bytes_of(channels) + convolve_bytes(common_.values.size(), taps));
            common_ = in_series(common_, in_parallel(std::move(channels[0]), trimmed(0, {dry})));
            return;
        }
        Matrix matrix = routed(std::move(channels), static_cast<int>(matrix_.size()));
        const bool widens = matrix.size() > matrix_.size();
        for (std::size_t out = 0; out < matrix.size(); ++out) {
            Response& straight = matrix[out][widens ? 0 : out];
            straight = in_parallel(std::move(straight), trimmed(0, {dry}));
        }
        // The product, and a sum of two of its terms.
        note_bytes(3 * bytes_of(matrix) + convolve_bytes(longest_of(matrix_), taps));
        matrix_ = in_series(matrix_, matrix);
    }

    template <typename NotLinear>
    void add(const NotLinear&) {
        TUTTI_CHECK(!"an insert that is not linear and time-invariant was to be fused");
    }

    /// Mix and pre-delay are in it.
    std::vector<Response> wet_channels(const ConvolutionInsert& insert) {
        try {
            std::shared_ptr<const ImpulseResponse> response =
                read_impulse_response(insert.file, session_.sample_rate_hz);
            if (response->file_rate_hz != session_.sample_rate_hz) {
                warn_about(insert, "resampled from " + std::to_string(response->file_rate_hz) + " to " +
                                       std::to_string(session_.sample_rate_hz) + " Hz");
            }
            const std::int64_t delay = frames_of(insert.predelay_ms, session_.sample_rate_hz);
            note_bytes(shaping_bytes(*response, insert));
            std::vector<std::vector<double>> shaped = shaped_channels(*response, insert);
            response.reset();
            std::vector<Response> channels;
            bool is_silent = true;
            std::int64_t silent_end = 0;
            for (std::vector<double>& channel : shaped) {
                const std::int64_t end = silent_end_of(channel);
                Response wet = trimmed(delay, std::move(channel));
                is_silent = is_silent && wet.values.empty();
                if (!wet.values.empty()) silent_end = std::max(silent_end, end);
                channels.push_back(scaled(std::move(wet), insert.mix));
            }
            silent_end_frames_ += silent_end;
            if (is_silent) warn_about(insert, "the impulse response is silent");
            return channels;
        } catch (const InputError& error) {
            throw InputError(here() + error.what());
        }
    }

    /// What is fused so far, and so many bytes beside it, are in memory.
    void note_bytes(std::uint64_t bytes) {
        design_bytes_ = std::max(design_bytes_, bytes_of(common_.values) + bytes_of(matrix_) + bytes);
    }

    std::string here() const {
        return printable(session_.path.string()) + ':' + std::to_string(place_.line) + ':' +
               std::to_string(place_.column) + ": ";
    }

    void warn_about(const ConvolutionInsert& insert, const std::string& what) const {
        if (warn_) warn_(here() + printable(insert.file.string()) + ": " + what);
    }

    static std::int64_t common_delay(const Matrix& matrix) {
        std::int64_t delay = std::numeric_limits<std::int64_t>::max();
        for (const std::vector<Response>& row : matrix) {
            for (const Response& path : row) {
                if (!path.values.empty()) delay = std::min(delay, path.delay);
            }
        }
        return delay == std::numeric_limits<std::int64_t>::max() ? 0 : delay;
    }

    /// Returns the most that a path became shorter by.
    static std::int64_t drop_faint_ends(Matrix& matrix) {
        double whole = 0.0;
        int path_count = 0;
        for (const std::vector<Response>& row : matrix) {
            for (const Response& path : row) {
                whole += std::inner_product(path.values.begin(), path.values.end(), path.values.begin(), 0.0);
                path_count += path.values.empty() ? 0 : 1;
            }
        }
        const double droppable = 1e-14 * whole / std::max(1, path_count);
        std::size_t most = 0;
        for (std::vector<Response>& row : matrix) {
            for (Response& path : row) {
                double dropped = 0.0;
                const std::size_t length = path.values.size();
                while (path.values.size() > 1) {
                    dropped += path.values.back() * path.values.back();
                    if (dropped >= droppable) break;
                    path.values.pop_back();
                }
                most = std::max(most, length - path.values.size());
            }
        }
        return static_cast<std::int64_t>(most);
    }

    const Session& session_;
    const Warn& warn_;
    Place place_;
    Response common_{0, {1.0}};
    Matrix matrix_;
    int latency_frames_ = 0;
    std::int64_t silent_end_frames_ = 0;
    std::uint64_t design_bytes_ = 0;
};

}  // namespace

bool FusedKernel::is_gain_only() const {
    return std::all_of(paths.begin(), paths.end(), [](const auto& row) {
        return std::all_of(row.begin(), row.end(), [](const auto& taps) { return taps.size() <= 1; });
    });
}

bool FusedKernel::is_identity() const {
    if (!is_gain_only() || input_channels != output_channels || delay_frames != 0) return false;
    for (std::size_t out = 0; out < paths.size(); ++out) {
        for (std::size_t in = 0; in < paths[out].size(); ++in) {
            const bool as_wanted =
                out == in ? paths[out][in] == std::vector<double>{1.0} : paths[out][in].empty();
            if (!as_wanted) return false;
        }
    }
    return true;
}

FusedKernel fuse_inserts(std::span<const Insert> inserts, int input_channels, const Session& session,
                         const Warn& warn) {
    TUTTI_CHECK(input_channels == 1 || input_channels == 2);
    Fusion fusion(input_channels, session, warn);
    for (const Insert& insert : inserts) fusion.add(insert);
    return fusion.take_kernel();
}

}  // namespace tutti
