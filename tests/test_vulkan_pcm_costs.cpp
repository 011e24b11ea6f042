#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/memory_store.hpp"
#include "tests/vulkan_device.hpp"

using namespace tutti;
using tests::MemoryStore;

namespace {

std::vector<std::string> pcm_cost_keys(const MemoryStore& store) {
    std::vector<std::string> keys;
    for (const auto& [key, blob] : store.blobs) {
        if (key.starts_with("pcm costs") && !blob.empty()) keys.push_back(key);
    }
    return keys;
}

}  // namespace

TEST_CASE("What pcm costs a Vulkan device is measured once and kept, or guessed where nothing is kept") {
    MemoryStore store;
    const PcmCosts measured = test::validated_vulkan(std::uint64_t{1} << 40, &store)->pcm_costs();
    CHECK(measured.is_measured);
    CHECK(measured.upload_byte_s > 0.0);
    for (const double seconds : measured.convert_sample_s) CHECK(seconds > 0.0);
    REQUIRE(pcm_cost_keys(store).size() == 1);
    const std::string key = pcm_cost_keys(store)[0];
    const auto kept = store.blobs.at(key);
    const PcmCosts again = test::validated_vulkan(std::uint64_t{1} << 40, &store)->pcm_costs();
    CHECK(again.is_measured);
    CHECK(again.upload_byte_s == Approx(measured.upload_byte_s));
    CHECK(again.convert_sample_s[2] == Approx(measured.convert_sample_s[2]));
    CHECK(store.blobs.at(key) == kept);
    SECTION("costs that are damaged are measured again") {
        store.blobs.at(key).resize(9);
        CHECK(test::validated_vulkan(std::uint64_t{1} << 40, &store)->pcm_costs().is_measured);
        CHECK(store.blobs.at(key).size() == kept.size());
    }
    SECTION("nothing is measured without a store") {
        const PcmCosts usual = test::validated_vulkan()->pcm_costs();
        CHECK_FALSE(usual.is_measured);
        CHECK(usual.upload_byte_s > 0.0);
        for (const double seconds : usual.convert_sample_s) CHECK(seconds > 0.0);
    }
    CHECK(vulkan_validation_message_count() == 0);
}

TEST_CASE("Only a device that is not the host wants pcm") {
    CHECK(test::validated_vulkan()->wants_pcm());
    CHECK_FALSE(make_cpu_backend()->wants_pcm());
}
