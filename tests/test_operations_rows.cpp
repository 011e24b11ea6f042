#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/backends.hpp"
#include "tests/runs.hpp"
#include "tests/signals.hpp"

using namespace tutti;
using namespace tutti::tests;

TEST_CASE("Rows are zero when made") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const auto rows = backend.make_rows(shape_of(5, 48));
        Signal samples(5 * 48, 1.0F);
        rows->read(0, samples);
        CHECK(samples == Signal(5 * 48, 0.0F));
    });
}

TEST_CASE("Rows give back what was written, some rows or all") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const auto rows = backend.make_rows(shape_of(6, 48));
        const Signal written = noise(6 * 48, 11);
        rows->write(0, written);
        const Signal two_rows = noise(2 * 48, 12);
        rows->write(3, two_rows);
        Signal expected = written;
        std::copy(two_rows.begin(), two_rows.end(), expected.begin() + 3 * 48);
        Signal found(6 * 48);
        rows->read(0, found);
        CHECK(found == expected);
        Signal last(48);
        rows->read(5, last);
        CHECK(last == Signal(expected.end() - 48, expected.end()));
    });
}

TEST_CASE("Writing after a process() waits for it: what it reads is what was there") {
    on_every_backend_and_the_oracle([](Backend& backend) {
        const RowsShape shape = shape_of(2, 4096);
        const auto rows = backend.make_rows(shape);
        const auto mixer = backend.make_mixer(shape, {.routes = {{0, 1, 1.0F, 0, -1}}, .curve_count = 0});
        for (std::uint32_t seed = 0; seed < 8; ++seed) {
            const Signal written = noise(4096, seed);
            rows->write(0, written);
            mixer->process(*rows, {});
            rows->write(0, Signal(4096, 9.0F));
            Signal found(4096);
            rows->read(1, found);
            CAPTURE(seed);
            CHECK(found == written);
            rows->advance();
        }
    });
}

TEST_CASE("Making and dropping a Vulkan backend leaves nothing for the validation layer to say") {
    on_every_backend([](Backend& backend) {
        const std::string id = backend.info().id;
        if (!id.starts_with("vulkan:")) return;
        {
            const auto own = make_vulkan_backend(std::stoi(id.substr(7)), true);
            const auto rows = own->make_rows(shape_of(2, 64));
            const auto convolver =
                own->make_convolver(shape_of(2, 64), {.kernels = {{1.0F}}, .paths = {{0, 0, 1}}});
            rows->write(0, Signal(128, 1.0F));
            convolver->process(*rows);
        }
        CHECK(vulkan_validation_message_count() == 0);
    });
}
