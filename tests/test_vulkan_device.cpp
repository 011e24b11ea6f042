#include <catch2/catch.hpp>
#include <string>

#include "engine/errors.hpp"
#include "tests/vulkan_device.hpp"

using namespace tutti;

TEST_CASE("Vulkan devices are listed with what a user needs to choose one") {
    const std::vector<DeviceInfo> devices = list_vulkan_devices();
    REQUIRE_FALSE(devices.empty());
    for (std::size_t i = 0; i < devices.size(); ++i) {
        CHECK(devices[i].id == "vulkan:" + std::to_string(i));
        CHECK_FALSE(devices[i].name.empty());
        CHECK_FALSE(devices[i].driver.empty());
        CHECK(devices[i].memory_bytes > 0);
        CHECK(devices[i].kind != DeviceKind::cpu);
    }
    CHECK(make_vulkan_backend(0)->info().name == devices[0].name);
}

TEST_CASE("A Vulkan device that is not there is refused with the last one that is") {
    const int count = static_cast<int>(list_vulkan_devices().size());
    CHECK_THROWS_AS(make_vulkan_backend(-1), DeviceError);
    CHECK_THROWS_WITH(make_vulkan_backend(count), Catch::Contains("vulkan:" + std::to_string(count - 1)));
}

TEST_CASE("Rows too large for the device are refused, and say what to do") {
    const auto tiny = test::validated_vulkan(1024);
    CHECK_THROWS_WITH(tiny->make_rows({1, 1024, 16}),
                      Catch::Contains("--memory"));  // one row larger than a buffer
    CHECK_THROWS_WITH(tiny->make_rows({100, 64, 16}), Catch::Contains("--memory"));  // too many buffers
    const auto backend = make_vulkan_backend(0);
    const auto frame_count = static_cast<int>(1 << 28);
    CHECK_THROWS_AS(backend->make_rows({100000, frame_count, 16}), DeviceError);  // more than there is
}
