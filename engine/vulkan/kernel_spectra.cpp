#include "engine/vulkan/kernel_spectra.hpp"

#include <algorithm>
#include <complex>
#include <memory>

#include "engine/fft.hpp"
#include "engine/threads.hpp"
#include "engine/vulkan/recording.hpp"

namespace tutti::vulkan {

namespace {

constexpr std::uint64_t upload_bytes = std::uint64_t{8} << 20;

/// What one thread needs to transform partitions.
struct Workbench {
    DesignFft fft;
    std::vector<double> taps;
    std::vector<std::complex<double>> bins;

    explicit Workbench(int size)
        : fft(size), taps(static_cast<std::size_t>(size)), bins(static_cast<std::size_t>(fft.bin_count())) {}

    void transform(const KernelUnit& unit, std::size_t partition_frames, std::complex<float>* spectrum) {
        const std::size_t end = std::min(unit.kernel->size(), unit.first_tap + partition_frames);
        std::fill(taps.begin(), taps.end(), 0.0);
        std::copy(unit.kernel->begin() + static_cast<std::ptrdiff_t>(unit.first_tap),
                  unit.kernel->begin() + static_cast<std::ptrdiff_t>(end), taps.begin());
        fft.forward(taps, bins);
        const double scale = 1.0 / fft.size();
        std::transform(bins.begin(), bins.end(), spectrum,
                       [scale](std::complex<double> bin) { return std::complex<float>(bin * scale); });
    }
};

}  // namespace

TiledBuffer make_kernel_spectra(Device& device, const ConvolverGroup& group) {
    const std::vector<KernelUnit>& units = group.units;
    TiledBuffer spectra(device, static_cast<std::uint32_t>(units.size()), group.block_bytes());
    if (units.empty()) return spectra;
    const std::uint64_t batch_limit = std::max<std::uint64_t>(1, upload_bytes / group.block_bytes());
    const auto batch_size = static_cast<std::size_t>(std::min<std::uint64_t>(batch_limit, units.size()));
    UploadHalves upload(device, batch_size * group.block_bytes());
    std::vector<std::unique_ptr<Workbench>> benches(static_cast<std::size_t>(thread_count()));

    Point last;
    std::size_t next = 0;
    while (next < units.size()) {
        const std::size_t tile = next / spectra.units_per_tile();
        const std::size_t end = std::min({next + batch_size, units.size(),
                                          std::size_t{spectra.first_unit(tile)} + spectra.units_in(tile)});
        const Buffer& half = upload.next();
        auto* const bins = static_cast<std::complex<float>*>(half.mapped());
        parallel_for(static_cast<int>(end - next), [&](int i) {
            std::unique_ptr<Workbench>& bench = benches[static_cast<std::size_t>(thread_number())];
            if (!bench) bench = std::make_unique<Workbench>(static_cast<int>(group.transform_frames));
            const auto offset = static_cast<std::size_t>(i);
            bench->transform(units[next + offset], group.partition_frames, bins + offset * group.bin_count());
        });
        Recording recording = device.record();
        recording.copy(
            half, spectra.tiles()[tile],
            {0, (next - spectra.first_unit(tile)) * group.block_bytes(), (end - next) * group.block_bytes()});
        last = recording.submit();
        upload.sent(last);
        next = end;
    }
    device.wait(last);
    return spectra;
}

}  // namespace tutti::vulkan
