#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/memory_store.hpp"
#include "tests/vulkan_device.hpp"

using namespace tutti;
using tests::MemoryStore;

namespace {

constexpr RowsShape shape{2, 4096, 16};

ConvolverPlan small_plan() {
    ConvolverPlan plan;
    plan.kernels = {test::noise(3000, 1)};
    plan.paths = {{0, 0, 1}};
    return plan;
}

std::vector<std::string> cost_keys(const MemoryStore& store) {
    std::vector<std::string> keys;
    for (const auto& [key, blob] : store.blobs) {
        if (key.starts_with("convolver costs") && !blob.empty()) keys.push_back(key);
    }
    return keys;
}

}  // namespace

TEST_CASE("A Vulkan device is measured when there is a choice to make, once, and kept") {
    MemoryStore store;
    {
        const auto backend = make_vulkan_backend(0, true, &store);
        ConvolverPlan plan = small_plan();
        plan.transform_frames = 8192;
        backend->make_convolver(shape, plan);
        backend->make_convolver(shape, ConvolverPlan{});
        CHECK(cost_keys(store).empty());  // nothing to choose
        backend->forecast_convolver(shape, small_plan());
        REQUIRE(cost_keys(store).size() == 1);
    }
    const auto before = store.blobs;
    const std::vector<ConvolverCandidate> measured =
        make_vulkan_backend(0, true, &store)->forecast_convolver(shape, small_plan()).candidates;
    CHECK(store.blobs.at(cost_keys(store)[0]) == before.at(cost_keys(store)[0]));
    for (const ConvolverCandidate& candidate : measured) CHECK(candidate.seconds > 0.0);
    SECTION("costs that are damaged are measured again") {
        const std::string key = cost_keys(store)[0];
        store.blobs.at(key).resize(20);
        make_vulkan_backend(0, true, &store)->forecast_convolver(shape, small_plan());
        CHECK(store.blobs.at(key).size() == before.at(key).size());
    }
    CHECK(vulkan_validation_message_count() == 0);
}

TEST_CASE("A Vulkan backend without a store, and one whose buffers are small, choose what they can do") {
    const auto sizes_of = [](Backend& backend) {
        std::vector<int> sizes;
        for (const ConvolverCandidate& candidate :
             backend.forecast_convolver(shape, small_plan()).candidates) {
            sizes.push_back(candidate.layout.transform_frames);
        }
        std::sort(sizes.begin(), sizes.end());
        return sizes;
    };
    CHECK(sizes_of(*test::validated_vulkan()).front() == 512);
    CHECK(sizes_of(*test::validated_vulkan()).back() == 1 << 22);
    CHECK(sizes_of(*test::validated_vulkan(16386 * 4)) ==
          std::vector<int>{512, 1024, 2048, 4096, 8192, 16384});
    CHECK_THROWS_WITH(test::validated_vulkan(1000)->make_convolver(shape, small_plan()),
                      Catch::Contains("--device cpu"));
}
