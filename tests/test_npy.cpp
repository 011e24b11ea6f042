#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "engine/errors.hpp"
#include "host/half_float.hpp"
#include "host/npy.hpp"
#include "tests/audio_files.hpp"

using namespace tutti;
using namespace tutti::tests;
using Catch::Matchers::Contains;

namespace {

void write_header(const std::filesystem::path& file, const std::string& dictionary, const std::string& data) {
    std::string bytes = "\x93NUMPY";
    bytes += {'\1', '\0', static_cast<char>(dictionary.size()), '\0'};
    write_bytes(file, bytes + dictionary + data);
}

std::string refusal(const std::filesystem::path& file, const NpyShape& shape) {
    try {
        read_npy<std::uint8_t>(file, shape);
    } catch (const InputError& error) {
        return error.what();
    }
    return "it was read";
}

}  // namespace

TEST_CASE("Every half-precision number survives the way to float and back") {
    for (std::uint32_t bits = 0; bits < 65536; ++bits) {
        const auto half = static_cast<std::uint16_t>(bits);
        const float value = from_half(half);
        if (std::isnan(value)) {
            CHECK(std::isnan(from_half(to_half(value))));
        } else if (to_half(value) != half) {
            FAIL("half " << bits << " became " << to_half(value));
        }
    }
}

TEST_CASE("Half precision has IEEE's values and rounds to the nearest, ties to even") {
    CHECK(to_half(1.0F) == 0x3c00);
    CHECK(to_half(-2.0F) == 0xc000);
    CHECK(to_half(65504.0F) == 0x7bff);
    CHECK(to_half(65520.0F) == 0x7c00);
    CHECK(to_half(0x1p-24F) == 0x0001);
    CHECK(to_half(0x1p-25F) == 0x0000);
    CHECK(to_half(0x1.8p-24F) == 0x0002);
    CHECK(to_half(1.0F + 0x1p-11F) == 0x3c00);
    CHECK(to_half(1.0F + 0x1.8p-10F) == 0x3c02);
    CHECK(from_half(0x3555) == Approx(1.0 / 3.0).epsilon(0x1p-11));
    CHECK(std::isinf(from_half(0xfc00)));
}

TEST_CASE("A NumPy file has the bytes that NumPy expects") {
    const TempFolder folder;
    const std::array<float, 6> elements{1, 2, 3, 4, 5, 6};
    write_npy<float>(folder / "a.npy", {2, 3}, elements);
    const std::string bytes = read_bytes(folder / "a.npy");
    REQUIRE(bytes.size() == 128 + sizeof elements);
    CHECK(bytes.substr(0, 8) == std::string("\x93NUMPY\1\0", 8));
    CHECK(bytes[8] == 118);
    CHECK_THAT(bytes, Contains("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"));
    CHECK(bytes[127] == '\n');
    CHECK(std::memcmp(bytes.data() + 128, elements.data(), sizeof elements) == 0);
    CHECK(npy_shape_text({7}) == "(7,)");
}

TEST_CASE("NumPy itself reads what is written") {
    std::string python;  // the user's, or else the system's
    for (const char* one : {"/usr/bin/python3", "python3"}) {
        if (std::system((std::string(one) + " -c 'import numpy' 2>/dev/null").c_str()) == 0) python = one;
    }
    if (python.empty()) return;  // the bytes are checked above
    const TempFolder folder;
    const std::array<std::uint16_t, 4> halves{to_half(0.5F), to_half(-3.0F), to_half(65504.0F), to_half(NAN)};
    write_npy<std::uint16_t>(folder / "half.npy", {2, 1, 2}, halves);
    write_npy<std::uint8_t>(folder / "empty.npy", {0, 3}, {});
    const std::string program =
        python + " -c \"import numpy; h = numpy.load('" + (folder / "half.npy").string() +
        "'); e = numpy.load('" + (folder / "empty.npy").string() +
        "'); assert h.dtype == numpy.float16 and h.shape == (2, 1, 2) and h[0, 0, 1] == -3 "
        "and h[1, 0, 0] == 65504 and numpy.isnan(h[1, 0, 1]); "
        "assert e.dtype == numpy.uint8 and e.shape == (0, 3)\"";
    CHECK(std::system(program.c_str()) == 0);
}

TEST_CASE("A NumPy file in other words is read as well") {
    const TempFolder folder;
    write_header(folder / "a.npy", "{\"shape\": (3,), \"fortran_order\":False,\"descr\" : \"|u1\"}\n", "abc");
    CHECK(read_npy<std::uint8_t>(folder / "a.npy", {3}) == std::vector<std::uint8_t>{'a', 'b', 'c'});
}

TEST_CASE("A NumPy file that is not what is expected is refused with what it is") {
    const TempFolder folder;
    const std::filesystem::path file = folder / "a.npy";
    CHECK_THAT(refusal(file, {3}), Contains("a.npy") && Contains("missing"));
    write_bytes(file, "");
    CHECK_THAT(refusal(file, {3}), Contains("no NumPy file"));
    write_header(file, "{'descr': '|u1', 'fortran_order': True, 'shape': (3,), }", "abc");
    CHECK_THAT(refusal(file, {3}), Contains("Fortran"));
    write_header(file, "{'descr': '>f4', 'fortran_order': False, 'shape': (3,), }", "abc");
    CHECK_THAT(refusal(file, {3}), Contains(">f4") && Contains("uint8"));
    write_header(file, "{'descr': '|u1', 'fortran_order': False, 'shape': (3, 1), }", "abc");
    CHECK_THAT(refusal(file, {3}), Contains("(3, 1)") && Contains("(3,)"));
    write_header(file, "{'descr': '|u1', 'fortran_order': False, 'shape': (999999999999999999,), }", "abc");
    CHECK_THAT(refusal(file, {3}), Contains("(999999999999999999,)"));
    for (const char* damaged :
         {"", "{", "{}", "{'descr': '|u1'}", "{'descr': '|u1', 'fortran_order': False, 'shape': (3 4), }",
          "{'descr': '|u1', 'fortran_order': Maybe, 'shape': (3,), }",
          "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), 'more': 1}",
          "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), } and more"}) {
        INFO(damaged);
        write_header(file, damaged, "abc");
        CHECK_THAT(refusal(file, {3}), Contains("damaged header"));
    }
    write_bytes(file, std::string("\x93NUMPY\x07\0\1\0", 10));
    CHECK_THAT(refusal(file, {3}), Contains("version 7"));
    write_bytes(file, std::string("\x93NUMPY\x02\0\xff\xff\xff\xff", 12));
    CHECK_THAT(refusal(file, {3}), Contains("damaged header"));
    write_bytes(file, std::string("\x93NUMPY\1\0\x40\0{'de", 14));
    CHECK_THAT(refusal(file, {3}), Contains("ends within"));
}
