#include "host/impulse_response.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <cstdint>
#include <future>
#include <list>
#include <mutex>
#include <numbers>
#include <numeric>

#include "engine/errors.hpp"
#include "engine/fft.hpp"
#include "host/stem_reader.hpp"

namespace tutti {

namespace {

ImpulseResponse decode(const std::filesystem::path& file, int sample_rate_hz) {
    const AudioInfo info = read_audio_info(file);
    if (info.channels != 1 && info.channels != 2 && info.channels != 4) {
        throw InputError(file.string() + ": has " + std::to_string(info.channels) +
                         " channels; an impulse response has 1 (mono), 2 (stereo) or 4 (true stereo)");
    }
    ImpulseResponse response{read_whole(file, sample_rate_hz, 4), sample_rate_hz, info.sample_rate_hz};
    if (info.sample_rate_hz == sample_rate_hz) return response;
    const double scale = static_cast<double>(info.sample_rate_hz) / sample_rate_hz;
    for (std::vector<double>& channel : response.channels) {
        for (double& x : channel) x *= scale;
    }
    return response;
}

/// The responses read last, the latest in front.
class RecentResponses {
  public:
    std::shared_ptr<const ImpulseResponse> get(const std::filesystem::path& file, int sample_rate_hz) {
        std::error_code missing;  // decode() says what is wrong with the file
        const auto written = std::filesystem::last_write_time(file, missing);
        std::promise<std::shared_ptr<const ImpulseResponse>> promise;
        std::unique_lock lock(mutex_);
        const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
            return entry.file == file && entry.written == written && entry.sample_rate_hz == sample_rate_hz;
        });
        if (found != entries_.end()) {
            entries_.splice(entries_.begin(), entries_, found);
            const auto response = found->response;
            lock.unlock();
            return response.get();
        }
        const std::uint64_t id = ++last_id_;
        entries_.push_front({id, file, written, sample_rate_hz, promise.get_future().share(), 0});
        lock.unlock();
        try {
            auto response = std::make_shared<const ImpulseResponse>(decode(file, sample_rate_hz));
            promise.set_value(response);
            keep(id, response->channels.size() * response->channels[0].size() * sizeof(double));
            return response;
        } catch (...) {
            promise.set_exception(std::current_exception());
            forget(id);
            throw;
        }
    }

  private:
    struct Entry {
        std::uint64_t id;
        std::filesystem::path file;
        std::filesystem::file_time_type written;
        int sample_rate_hz;
        std::shared_future<std::shared_ptr<const ImpulseResponse>> response;
        std::size_t bytes;  ///< 0 while it is being decoded
    };

    /// Counts a response that has been decoded, and lets the oldest go that no longer have room.
    void keep(std::uint64_t id, std::size_t bytes) {
        // Halls and plates of a session; one of minutes is read again where it is wanted again.
        constexpr std::size_t most_bytes = std::size_t{32} << 20;
        const std::lock_guard lock(mutex_);
        std::size_t held_bytes = 0;
        for (auto entry = entries_.begin(); entry != entries_.end();) {
            if (entry->id == id) entry->bytes = bytes;
            held_bytes += entry->bytes;
            const bool has_room = held_bytes <= most_bytes || entry->bytes == 0;
            if (!has_room) held_bytes -= entry->bytes;
            entry = has_room ? std::next(entry) : entries_.erase(entry);
        }
    }

    void forget(std::uint64_t id) {
        const std::lock_guard lock(mutex_);
        entries_.remove_if([&](const Entry& entry) { return entry.id == id; });
    }

    std::mutex mutex_;
    std::list<Entry> entries_;
    std::uint64_t last_id_ = 0;
};

double energy(const std::vector<double>& taps) {
    return std::inner_product(taps.begin(), taps.end(), taps.begin(), 0.0);
}

void scale(std::vector<std::vector<double>>& channels, double gain) {
    for (std::vector<double>& channel : channels) {
        for (double& x : channel) x *= gain;
    }
}

/// Keeps `length` frames, the last 5 ms of them under half a raised cosine.
void shorten(std::vector<double>& channel, std::size_t length, int sample_rate_hz) {
    channel.resize(length);
    const std::size_t fade = std::min(length, static_cast<std::size_t>(std::lround(0.005 * sample_rate_hz)));
    for (std::size_t k = 0; k < fade; ++k) {
        const double angle = std::numbers::pi * static_cast<double>(k + 1) / static_cast<double>(fade + 1);
        channel[length - fade + k] *= 0.5 + 0.5 * std::cos(angle);
    }
}

/// What the loudest channel measures in the way the normalisation goes by; 1 without normalisation.
double loudest(const std::vector<std::vector<double>>& channels, IrNormalize normalize) {
    if (normalize == IrNormalize::none) return 1.0;
    double most = 0.0;
    for (const std::vector<double>& channel : channels) {
        const double size =
            normalize == IrNormalize::energy ? std::sqrt(energy(channel)) : peak_magnitude(channel);
        most = std::max(most, size);
    }
    return most;
}

/// |H|^2 at an angular frequency, by definition.
double power_at(const std::vector<double>& taps, double radians_per_frame) {
    const std::complex<double> turn = std::polar(1.0, -radians_per_frame);
    std::complex<double> sum = 0.0;
    // Horner's rule from the last tap on.
    for (auto tap = taps.rbegin(); tap != taps.rend(); ++tap) sum = sum * turn + *tap;
    return std::norm(sum);
}

/// The maximum of |H|^2 in begin ... begin + width, where there is one, by golden section.
double greatest_power(const std::vector<double>& taps, double begin, double width) {
    constexpr double golden = 0.6180339887498949;
    double lower = power_at(taps, begin + (1.0 - golden) * width);
    double upper = power_at(taps, begin + golden * width);
    for (int i = 0; i < 16; ++i) {
        width *= golden;
        if (lower < upper) {
            begin += width * (1.0 / golden - 1.0);
            lower = upper;
            upper = power_at(taps, begin + golden * width);
        } else {
            upper = lower;
            lower = power_at(taps, begin + (1.0 - golden) * width);
        }
    }
    return std::max(lower, upper);
}

}  // namespace

std::shared_ptr<const ImpulseResponse> read_impulse_response(const std::filesystem::path& file,
                                                             int sample_rate_hz) {
    static RecentResponses recent;
    return recent.get(file, sample_rate_hz);
}

std::vector<std::vector<double>> shaped_channels(const ImpulseResponse& response,
                                                 const ConvolutionInsert& insert) {
    std::vector<std::vector<double>> channels = response.channels;
    const auto length = static_cast<double>(channels[0].size());
    const double trim = std::round(insert.trim_start_ms * 1e-3 * response.sample_rate_hz);
    if (trim >= length) {
        throw InputError(insert.file.string() + ": trim_start_ms leaves nothing of a response of " +
                         std::to_string(length * 1e3 / response.sample_rate_hz) + " ms");
    }
    const double wanted = std::round(insert.length_s * response.sample_rate_hz);
    for (std::vector<double>& channel : channels) {
        channel.erase(channel.begin(), channel.begin() + static_cast<std::ptrdiff_t>(trim));
        if (insert.length_s > 0.0 && wanted < length - trim) {
            shorten(channel, static_cast<std::size_t>(std::max(wanted, 1.0)), response.sample_rate_hz);
        }
    }
    const double size = loudest(channels, insert.normalize);
    const double gain = std::pow(10.0, insert.gain_db / 20.0);
    scale(channels, size > 0.0 ? gain / size : gain);
    return channels;
}

std::uint64_t shaping_bytes(const ImpulseResponse& response, const ConvolutionInsert& insert) {
    const std::size_t length = response.channels[0].size();
    // The response and its copy; for peak_magnitude(), frames and bins, here and in the FFT's own memory.
    const std::size_t numbers = 2 * response.channels.size() * length +
                                (insert.normalize == IrNormalize::peak ? 4 * std::bit_ceil(8 * length) : 0);
    return numbers * sizeof(double);
}

double peak_magnitude(const std::vector<double>& taps) {
    // Eight bins and more per lobe of the sharpest resonance that fits into the response: between the
    // neighbours of a bin that stands out, the power has one maximum.
    DesignFft fft(static_cast<int>(std::bit_ceil(8 * taps.size())));
    std::vector<double> padded(static_cast<std::size_t>(fft.size()), 0.0);
    std::copy(taps.begin(), taps.end(), padded.begin());
    std::vector<std::complex<double>> spectrum(static_cast<std::size_t>(fft.bin_count()));
    fft.forward(padded, spectrum);
    double most = 0.0;
    for (const std::complex<double>& bin : spectrum) most = std::max(most, std::norm(bin));
    // A lobe's top lies at most 2 % in power above its greatest bin.
    const double worth_a_search = 0.98 * most;
    const double step = 2.0 * std::numbers::pi / fft.size();
    for (std::size_t k = 0; k < spectrum.size(); ++k) {
        const double here = std::norm(spectrum[k]);
        const bool stands_out = here >= worth_a_search && (k == 0 || here >= std::norm(spectrum[k - 1])) &&
                                (k + 1 == spectrum.size() || here >= std::norm(spectrum[k + 1]));
        if (stands_out)
            most = std::max(most, greatest_power(taps, step * (static_cast<double>(k) - 1.0), 2.0 * step));
    }
    return std::sqrt(most);
}

}  // namespace tutti
