#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "tests/memory_store.hpp"
#include "tests/vulkan_device.hpp"

using namespace tutti;
using tests::MemoryStore;

namespace {

/// Two chunks through transforms that fit a workgroup and transforms that do not, from a backend of its own.
std::vector<float> convolve_with(BlobStore* store) {
    const RowsShape shape{3, 4096, 16};
    const auto backend = test::validated_vulkan(std::uint64_t{1} << 40, store);
    const auto rows = backend->make_rows(shape);
    std::vector<float> found;
    for (const int transform_frames : {8192, 32768}) {
        ConvolverPlan plan;
        plan.kernels = {test::noise(3000, 1)};
        plan.paths = {{0, 0, 1}, {1, 0, 2}};
        plan.transform_frames = transform_frames;
        const auto convolver = backend->make_convolver(shape, plan);
        for (unsigned chunk = 0; chunk < 2; ++chunk) {
            rows->write(0, test::noise(2 * 4096, chunk));
            convolver->process(*rows);
            std::vector<float> outputs(2 * 4096);
            rows->read(1, outputs);
            found.insert(found.end(), outputs.begin(), outputs.end());
            rows->advance();
        }
    }
    return found;
}

using Blob = std::vector<std::byte>;

}  // namespace

TEST_CASE("Shaders kept from an earlier run are used, and make the same bytes") {
    MemoryStore store;
    const std::vector<float> first = convolve_with(&store);
    CHECK(convolve_with(nullptr) == first);
    const int after_first = store.put_count;
    CHECK(after_first >= 5);  // two directions of two transforms, and the pipelines
    CHECK(convolve_with(&store) == first);
    CHECK(store.put_count == after_first);
    CHECK(vulkan_validation_message_count() == 0);
}

TEST_CASE("Kept shaders that nobody can use are made anew, and change nothing") {
    MemoryStore store;
    const std::vector<float> good = convolve_with(&store);
    const MemoryStore whole = store;
    const auto spoil = [&](const std::function<void(Blob&)>& how) {
        store = whole;
        for (auto& [key, blob] : store.blobs) how(blob);
        CHECK(convolve_with(&store) == good);
        // Whole again, all but what a driver keeps: that may differ from run to run.
        for (const auto& [key, blob] : whole.blobs) {
            CAPTURE(key);
            if (key.starts_with("FFT")) CHECK(store.blobs[key] == blob);
        }
    };
    SECTION("empty") {
        spoil([](Blob& blob) { blob.clear(); });
    }
    SECTION("cut in the middle of a word") {
        spoil([](Blob& blob) { blob.resize(blob.size() / 2 + 1); });
    }
    SECTION("without the first word") {
        spoil([](Blob& blob) { blob.erase(blob.begin(), blob.begin() + 4); });
    }
    SECTION("with a shader too many") {
        spoil([](Blob& blob) {
            const Blob again = blob;
            blob.insert(blob.end(), again.begin(), again.end());
        });
    }
    SECTION("zeros") {
        spoil([](Blob& blob) { blob.assign(blob.size(), std::byte{0}); });
    }
    CHECK(vulkan_validation_message_count() == 0);
}
