#include "engine/devices.hpp"

#include <cstdio>

#include "host/cli/commands.hpp"
#include "host/units.hpp"

namespace tutti {

namespace {

const char* kind_text(DeviceKind kind) {
    switch (kind) {
        case DeviceKind::cpu:
            return "CPU";
        case DeviceKind::discrete_gpu:
            return "GPU";
        case DeviceKind::integrated_gpu:
            return "integrated GPU";
        case DeviceKind::virtual_gpu:
            return "virtual GPU";
        case DeviceKind::software_gpu:
            break;
    }
    return "software, for tests: never taken by 'auto'";
}

}  // namespace

void add_devices_command(CLI::App& app) {
    app.add_subcommand("devices", "List the devices that can render, and what 'auto' takes")->callback([] {
        for (const DeviceInfo& device : list_devices()) {
            std::printf("%-9s %s (%s), %s, %s\n", device.id.c_str(), device.name.c_str(),
                        kind_text(device.kind), bytes_text(device.memory_bytes).c_str(),
                        device.driver.c_str());
        }
        std::printf("auto takes %s\n", open_device("auto").reason.c_str());
    });
}

}  // namespace tutti
