#include "engine/devices.hpp"

#include <algorithm>
#include <charconv>

#include "engine/errors.hpp"

namespace tutti {

namespace {

bool is_gpu(const DeviceInfo& device) {
    return device.kind == DeviceKind::discrete_gpu || device.kind == DeviceKind::integrated_gpu ||
           device.kind == DeviceKind::virtual_gpu;
}

/// Index of the first real GPU, discrete before the others; -1 when there is none.
int best_gpu(const std::vector<DeviceInfo>& devices) {
    const auto discrete = std::find_if(devices.begin(), devices.end(), [](const DeviceInfo& device) {
        return device.kind == DeviceKind::discrete_gpu;
    });
    const auto found =
        discrete != devices.end() ? discrete : std::find_if(devices.begin(), devices.end(), is_gpu);
    return found == devices.end() ? -1 : static_cast<int>(found - devices.begin());
}

std::string describe(const Backend& backend) { return backend.info().id + " (" + backend.info().name + ")"; }

OpenedDevice open_auto(const std::vector<DeviceInfo>& devices, BlobStore* store) {
    const int gpu = best_gpu(devices);
    std::string reason = devices.empty() ? "no Vulkan device found" : "no GPU found, only software Vulkan";
    if (gpu >= 0) {
        try {
            std::unique_ptr<Backend> backend = make_vulkan_backend(gpu, false, store);
            const std::string name = describe(*backend);
            return {std::move(backend), name + ": the first GPU found"};
        } catch (const DeviceError& error) {
            reason = "the GPU " + devices[gpu].name + " does not open: " + error.what();
        }
    }
    std::unique_ptr<Backend> backend = make_cpu_backend(store);
    const std::string name = describe(*backend);
    return {std::move(backend), name + ": " + reason};
}

}  // namespace

std::vector<DeviceInfo> list_devices() {
    std::vector<DeviceInfo> devices{make_cpu_backend()->info()};
    for (DeviceInfo& device : list_vulkan_devices()) devices.push_back(std::move(device));
    return devices;
}

OpenedDevice open_device(const std::string& choice, BlobStore* store) {
    const auto asked_for = [](std::unique_ptr<Backend> backend) {
        const std::string name = describe(*backend);
        return OpenedDevice{std::move(backend), name + ": asked for"};
    };
    if (choice == "cpu") return asked_for(make_cpu_backend(store));
    const std::vector<DeviceInfo> devices = list_vulkan_devices();
    if (choice == "auto") return open_auto(devices, store);
    if (choice == "vulkan") {
        if (devices.empty())
            throw DeviceError("no Vulkan device found; use --device cpu, or install a Vulkan driver");
        return asked_for(make_vulkan_backend(std::max(0, best_gpu(devices)), false, store));
    }
    constexpr std::string_view prefix = "vulkan:";
    if (choice.starts_with(prefix)) {
        const char* const begin = choice.data() + prefix.size();
        const char* const end = choice.data() + choice.size();
        std::size_t index = 0;
        const auto [stop, error] = std::from_chars(begin, end, index);
        if (error == std::errc() && stop == end) {
            if (index >= devices.size()) {
                throw DeviceError("no device " + choice + ": " + std::to_string(devices.size()) +
                                  " Vulkan device(s) found; see 'tutti devices'");
            }
            return asked_for(make_vulkan_backend(static_cast<int>(index), false, store));
        }
    }
    throw InputError("unknown device '" + choice + "'; allowed: auto, cpu, vulkan, vulkan:N");
}

}  // namespace tutti
