#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "engine/errors.hpp"
#include "host/npy.hpp"

namespace {

/// A file that goes away with the program.
struct Scratch {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("tutti-fuzz-" + std::to_string(getpid()) + ".npy");
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
    }
};

}  // namespace

/// Any bytes either are an array of the shape and type that a report expects, or are an InputError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Scratch file;
    std::ofstream(file.path, std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    try {
        const std::vector<float> read = tutti::read_npy<float>(file.path, {2, 3});
        TUTTI_CHECK(read.size() == 6);
    } catch (const tutti::InputError&) {
        return 0;
    }
    return 0;
}
