#include "benchmarks/gate.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <limits>

#include "engine/errors.hpp"
#include "engine/fft.hpp"

namespace tutti::bench {

std::vector<double> convolve_exactly(std::span<const double> row, std::span<const double> kernel) {
    const std::size_t size = std::bit_ceil(std::min(4 * kernel.size(), row.size() + kernel.size()));
    const std::size_t hop = size - kernel.size() + 1;
    DesignFft fft(static_cast<int>(size));
    const auto bin_count = static_cast<std::size_t>(fft.bin_count());
    std::vector<double> block(size, 0.0);
    std::vector<std::complex<double>> spectrum(bin_count);
    std::vector<std::complex<double>> bins(bin_count);
    std::copy(kernel.begin(), kernel.end(), block.begin());
    fft.forward(block, spectrum);

    std::vector<double> result(row.size() + kernel.size() - 1, 0.0);
    for (std::size_t start = 0; start < row.size(); start += hop) {
        const std::span<const double> frames = row.subspan(start, std::min(hop, row.size() - start));
        std::fill(std::copy(frames.begin(), frames.end(), block.begin()), block.end(), 0.0);
        fft.forward(block, bins);
        for (std::size_t k = 0; k < bin_count; ++k) bins[k] *= spectrum[k];
        fft.inverse(bins, block);
        const std::size_t count = std::min(size, result.size() - start);
        for (std::size_t i = 0; i < count; ++i) result[start + i] += block[i];
    }
    return result;
}

std::vector<double> convolve_exactly(std::span<const float> row, std::span<const float> kernel) {
    return convolve_exactly(std::vector<double>(row.begin(), row.end()),
                            std::vector<double>(kernel.begin(), kernel.end()));
}

double signal_to_error_db(std::span<const double> reference, std::span<const float> found) {
    TUTTI_CHECK(reference.size() == found.size());
    double signal = 0.0;
    double error = 0.0;
    for (std::size_t i = 0; i < reference.size(); ++i) {
        const double difference = static_cast<double>(found[i]) - reference[i];
        signal += reference[i] * reference[i];
        error += difference * difference;
    }
    if (std::isnan(error)) return -std::numeric_limits<double>::infinity();
    if (error == 0.0) return std::numeric_limits<double>::infinity();
    return 10.0 * std::log10(signal / error);
}

std::vector<std::int64_t> critical_frames(std::int64_t frame_count) {
    std::vector<std::int64_t> frames = {0};
    for (std::int64_t edge = 1 << 12; edge < frame_count; edge *= 2) {
        frames.push_back(edge - 1);
        frames.push_back(edge);
    }
    frames.push_back(frame_count - 1);
    frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
    return frames;
}

}  // namespace tutti::bench
