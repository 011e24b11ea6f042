#include "engine/devices.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "engine/errors.hpp"

namespace tutti {

namespace {

constexpr std::string_view vulkan_prefix = "vulkan:";

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

OpenedDevice asked_for(std::unique_ptr<Backend> backend) {
    const std::string name = describe(*backend);
    return {std::move(backend), name + ": asked for"};
}

/// N of "vulkan:N"; none for anything else.
std::optional<std::size_t> vulkan_index(std::string_view name) {
    if (!name.starts_with(vulkan_prefix)) return std::nullopt;
    name.remove_prefix(vulkan_prefix.size());
    std::size_t index = 0;
    const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), index);
    if (error != std::errc() || stop != name.data() + name.size()) return std::nullopt;
    return index;
}

std::unique_ptr<Backend> open_vulkan(std::size_t index, const std::vector<DeviceInfo>& devices,
                                     BlobStore* store) {
    if (index < devices.size()) return make_vulkan_backend(static_cast<int>(index), false, store);
    std::string text = "no device vulkan:" + std::to_string(index) + "; there is cpu";
    for (const DeviceInfo& device : devices) text += ", " + device.id + " (" + device.name + ")";
    throw DeviceError(text + (devices.empty() ? ", and no Vulkan device" : ""));
}

/// A list of devices by their full names.
std::vector<std::string> split_list(const std::string& choice) {
    std::vector<std::string> names;
    std::size_t begin = 0;
    while (begin <= choice.size()) {
        const std::size_t end = std::min(choice.find(',', begin), choice.size());
        std::string name = choice.substr(begin, end - begin);
        const bool after_vulkan = !names.empty() && names.back().starts_with(vulkan_prefix);
        if (after_vulkan && !name.empty() && name.find_first_not_of("0123456789") == std::string::npos) {
            name = std::string(vulkan_prefix) + name;
        }
        if (name != "cpu" && !vulkan_index(name)) {
            throw InputError("unknown device '" + name + "' in --device " + choice +
                             "; in a list are allowed: cpu, vulkan:N");
        }
        names.push_back(std::move(name));
        begin = end + 1;
    }
    return names;
}

}  // namespace

std::vector<DeviceInfo> list_devices() {
    std::vector<DeviceInfo> devices{make_cpu_backend()->info()};
    for (DeviceInfo& device : list_vulkan_devices()) devices.push_back(std::move(device));
    return devices;
}

OpenedDevice open_device(const std::string& choice, BlobStore* store) {
    if (names_several_devices(choice)) {
        throw InputError("--device " + choice +
                         " names several devices, and this uses one: name one of them (tutti render and "
                         "tutti batch use several)");
    }
    if (choice == "cpu") return asked_for(make_cpu_backend(store));
    const std::vector<DeviceInfo> devices = list_vulkan_devices();
    if (choice == "auto") return open_auto(devices, store);
    if (choice == "vulkan") {
        if (devices.empty())
            throw DeviceError("no Vulkan device found; use --device cpu, or install a Vulkan driver");
        return asked_for(make_vulkan_backend(std::max(0, best_gpu(devices)), false, store));
    }
    if (const std::optional<std::size_t> index = vulkan_index(choice)) {
        return asked_for(open_vulkan(*index, devices, store));
    }
    throw InputError("unknown device '" + choice + "'; allowed: auto, cpu, vulkan, vulkan:N");
}

bool names_several_devices(const std::string& choice) { return choice.find(',') != std::string::npos; }

std::vector<std::unique_ptr<Backend>> open_several_devices(const std::string& choice, BlobStore* store) {
    std::vector<std::unique_ptr<Backend>> opened;
    const std::vector<std::string> names = split_list(choice);
    const auto is_cpu = [](const std::string& name) { return name == "cpu"; };
    std::vector<DeviceInfo> devices;
    if (!std::all_of(names.begin(), names.end(), is_cpu)) devices = list_vulkan_devices();
    for (const std::string& name : names) {
        opened.push_back(is_cpu(name) ? make_cpu_backend(store)
                                      : open_vulkan(*vulkan_index(name), devices, store));
    }
    return opened;
}

}  // namespace tutti
