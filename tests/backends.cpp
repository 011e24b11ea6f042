#include "tests/backends.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/errors.hpp"
#include "tests/oracle/backend.hpp"

namespace tutti::tests {

namespace {

struct Present {
    std::vector<std::unique_ptr<Backend>> backends;
    std::string missing;  ///< what of the Vulkan half cannot run here; empty when all of it can
};

Present open_all(bool validate) {
    Present present;
    present.backends.push_back(make_cpu_backend());
    const std::vector<DeviceInfo> devices = list_vulkan_devices();
    if (devices.empty()) present.missing = "no Vulkan device: the Vulkan backend is not tested. ";
    for (int index = 0; index < static_cast<int>(devices.size()); ++index) {
        try {
            present.backends.push_back(make_vulkan_backend(index, validate));
        } catch (const DeviceError& error) {
            present.missing += devices[index].name + " is not tested: " + error.what() + ". ";
        }
    }
    return present;
}

/// Everything is opened with the validation layer; what it cannot watch is missing.
const Present& present() {
    static const Present all = open_all(true);
    return all;
}

void report_missing() {
    const char* required = std::getenv("TUTTI_REQUIRE_VULKAN");
    if (present().missing.empty()) return;
    if (required != nullptr && std::string_view(required) == "1") FAIL(present().missing);
    static bool warned = false;
    if (!warned) WARN(present().missing);
    warned = true;
}

void run_on(Backend& backend, const std::function<void(Backend&)>& body) {
    DYNAMIC_SECTION("on " << backend.info().id) {
        INFO("device " << backend.info().id << ": " << backend.info().name << ", " << backend.info().driver);
        body(backend);
        REQUIRE(vulkan_validation_message_count() == 0);
    }
}

}  // namespace

void on_every_backend(const std::function<void(Backend&)>& body) {
    report_missing();
    for (const std::unique_ptr<Backend>& backend : present().backends) run_on(*backend, body);
}

void on_every_backend_without_validation(const std::function<void(Backend&)>& body) {
    static const Present all = open_all(false);
    report_missing();
    for (const std::unique_ptr<Backend>& backend : all.backends) run_on(*backend, body);
}

void on_every_backend_and_the_oracle(const std::function<void(Backend&)>& body) {
    static const std::unique_ptr<Backend> textbook = oracle::make_backend();
    run_on(*textbook, body);
    on_every_backend(body);
}

}  // namespace tutti::tests
