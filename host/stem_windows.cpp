#include "host/stem_windows.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>
#include <random>

#include "engine/fft.hpp"
#include "engine/masking_model.hpp"
#include "host/lanes.hpp"
#include "host/pan.hpp"
#include "host/stem_reader.hpp"

namespace tutti {

namespace {

constexpr double window_s = 0.085;
constexpr int most_windows = 64;
constexpr double bin_step_cam = 0.125;
constexpr double lowest_hz = 30.0;
constexpr double highest_hz = 15000.0;

/// A stem plays in a window that is over -66 dBFS and at most 40 dB under its loudest.
constexpr double quietest_mean_square = 2.5e-7;
constexpr double quietest_share = 1e-4;

std::vector<float> hann(int frames) {
    std::vector<float> window(frames);
    for (int n = 0; n < frames; ++n)
        window[n] = static_cast<float>(0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * (n + 0.5) / frames));
    return window;
}

/// The mono sum of a window of a stem, which begins at `first` of its file; silence around the file.
void read_window(StemReader& reader, std::int64_t first, std::vector<float>& planes,
                 std::vector<double>& mono) {
    const auto frames = static_cast<std::int64_t>(mono.size());
    std::fill(mono.begin(), mono.end(), 0.0);
    const std::int64_t begin = std::max<std::int64_t>(first, 0);
    const std::int64_t end = std::min(first + frames, reader.frame_count());
    if (begin >= end) return;
    const auto count = static_cast<int>(end - begin);
    reader.skip_to(begin);
    reader.read(planes, count);
    for (int c = 0; c < reader.channels(); ++c) {
        const float* const plane = planes.data() + static_cast<std::ptrdiff_t>(c) * count;
        for (int i = 0; i < count; ++i) mono[static_cast<std::size_t>(begin - first + i)] += plane[i];
    }
}

}  // namespace

WindowGrid window_grid(std::int64_t session_frames, int sample_rate_hz) {
    WindowGrid grid;
    grid.window_frames = static_cast<int>(
        std::bit_floor(static_cast<unsigned>(std::ceil(window_s * 4.0 / 3.0 * sample_rate_hz))));
    const std::int64_t room = session_frames / grid.window_frames;
    const int count = static_cast<int>(std::min<std::int64_t>(most_windows, room));
    // Equal steps would be blind to beats that fit them.
    std::minstd_rand random(1);
    for (int i = 0; i < count; ++i) {
        const std::int64_t slot_begin = session_frames * i / count;
        const std::int64_t slack = session_frames * (i + 1) / count - slot_begin - grid.window_frames;
        grid.starts.push_back(slot_begin +
                              static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(slack + 1)));
    }
    const double spacing_hz = static_cast<double>(sample_rate_hz) / grid.window_frames;
    const double top_hz = std::min(highest_hz, 0.45 * sample_rate_hz);
    for (double cam = hz_to_cam(lowest_hz); cam <= hz_to_cam(top_hz); cam += bin_step_cam) {
        const int bin = static_cast<int>(std::lround(cam_to_hz(cam) / spacing_hz));
        if (grid.bins.empty() || grid.bins.back() < bin) grid.bins.push_back(bin);
    }
    for (std::size_t i = 0; i < grid.bins.size(); ++i) {
        const int before = grid.bins[i > 0 ? i - 1 : 0];
        const int after = grid.bins[std::min(i + 1, grid.bins.size() - 1)];
        grid.bin_width_hz.push_back(0.5 * (after - before) * spacing_hz);
    }
    return grid;
}

StemWindows listen_in_windows(const Track& track, int sample_rate_hz, const WindowGrid& grid,
                              bool repair_nonfinite) {
    const std::size_t windows = grid.starts.size();
    const std::size_t bins = grid.bins.size();
    StemWindows result;
    const std::size_t stride = (windows + lane_count - 1) / lane_count * lane_count;
    result.re.resize(bins * stride);
    result.im.resize(bins * stride);
    result.plays.resize(stride);
    result.energy.resize(bins);

    StemReader reader(track.file, {sample_rate_hz, repair_nonfinite});
    const std::int64_t start = std::llround(track.start_s * sample_rate_hz);
    const std::vector<float> window = hann(grid.window_frames);
    DesignFft fft(grid.window_frames);
    std::vector<float> planes(static_cast<std::size_t>(reader.channels()) * grid.window_frames);
    std::vector<double> mono(grid.window_frames);
    std::vector<std::complex<double>> spectrum(fft.bin_count());
    std::vector<double> squares(windows);
    for (std::size_t w = 0; w < windows; ++w) {
        read_window(reader, grid.starts[w] - start, planes, mono);
        squares[w] = std::inner_product(mono.begin(), mono.end(), mono.begin(), 0.0) / grid.window_frames;
        if (squares[w] <= quietest_mean_square) continue;
        for (std::size_t n = 0; n < mono.size(); ++n) mono[n] *= window[n];
        fft.forward(mono, spectrum);
        const double scale = 1.0 / std::sqrt(squares[w] * grid.window_frames);
        for (std::size_t b = 0; b < bins; ++b) {
            const std::complex<double> x = scale * spectrum[grid.bins[b]];
            result.re[b * stride + w] = static_cast<float>(x.real());
            result.im[b * stride + w] = static_cast<float>(x.imag());
        }
    }
    const double loudest = windows > 0 ? *std::max_element(squares.begin(), squares.end()) : 0.0;
    for (std::size_t w = 0; w < windows; ++w) {
        const bool plays = squares[w] > std::max(quietest_mean_square, quietest_share * loudest);
        result.plays[w] = plays ? 1.0F : 0.0F;
        result.level += squares[w];
        for (std::size_t b = 0; b < bins; ++b) {
            float& re = result.re[b * stride + w];
            float& im = result.im[b * stride + w];
            result.energy[b] += squares[w] * (double{re} * re + double{im} * im) * grid.bin_width_hz[b];
            if (!plays) re = im = 0.0F;
        }
    }
    const double gain = db_to_gain(track.trim_db + track.gain_db);
    result.level *= gain * gain;
    return result;
}

}  // namespace tutti
